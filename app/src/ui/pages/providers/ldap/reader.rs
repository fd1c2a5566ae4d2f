//! Reads a directory, so that search bases, attributes and classes can be suggested.

use leptos::prelude::*;

use super::LdapFields;
use crate::{
    api::{
        ApiError,
        directories::{DirectoryForm, inspect_directory},
    },
    domain::words::counted,
    domain::{
        ldap::{DirectoryReport, SchemaAttribute},
        provider::{LdapFieldKind, LdapVendor},
    },
    ui::{
        components::{Button, Callout, Detail, DetailList, Skeleton, SkeletonShape, Tone, focus},
        pages::providers::forms::{suggestions::Offer, words},
        state::{Submit, use_lookup},
    },
};

/// The id of the result.
const REPORT: &str = "directory-report";

/// The request to read a directory with the current settings, unless an entry is not of its kind.
pub type DirectoryRequest = Callback<(), Result<DirectoryForm, ApiError>>;

/// The last report of a directory, and reading it again.
#[derive(Clone, Copy)]
pub struct DirectoryReader {
    /// The last report.
    pub report: RwSignal<Option<DirectoryReport>>,
    /// The current settings.
    pub form: DirectoryRequest,
    ask: Submit<Result<DirectoryForm, ApiError>>,
}

impl DirectoryReader {
    /// Reads the directory with the current settings. An empty base DN is set to the directory's default.
    pub fn new(fields: LdapFields, form: DirectoryRequest) -> Self {
        let report = RwSignal::new(None::<DirectoryReport>);
        let ask = use_lookup(
            |form: Result<DirectoryForm, ApiError>| async move { inspect_directory(form?).await },
            move |answer: DirectoryReport| {
                let is_empty = untrack(|| fields.config()).base_dn.is_empty();
                if let (true, Some(base)) = (is_empty, answer.bases.first()) {
                    fields.set_text("base_dn", base);
                }
                report.set(Some(answer));
            },
        );
        Self { report, form, ask }
    }

    /// What the mapping editor suggests: the attributes of the schema. Tracked.
    pub fn offer(self) -> Offer {
        Offer::of_directory(suggestions(self, LdapFieldKind::Attribute))
    }

    /// The problems of the last attempt at their fields, if it failed that way. Tracked.
    pub fn problems(self) -> Option<ApiError> {
        self.ask.error.get().filter(|error| !error.problems().is_empty())
    }
}

/// The suggestions of the directory for an input. Tracked.
pub(super) fn suggestions(reader: DirectoryReader, kind: LdapFieldKind) -> Vec<String> {
    reader.report.with(|report| {
        let Some(report) = report else { return Vec::new() };
        let attributes = |is_fitting: fn(&SchemaAttribute) -> bool| {
            let fitting = report.attributes.iter().filter(|attribute| is_fitting(attribute));
            fitting.map(|attribute| attribute.name.clone()).collect()
        };
        match kind {
            LdapFieldKind::BaseDn => report.bases.clone(),
            LdapFieldKind::Attribute => attributes(|_| true),
            LdapFieldKind::SingleValuedAttribute => attributes(|attribute| attribute.single),
            LdapFieldKind::ObjectClasses => report.classes.clone(),
            _ => Vec::new(),
        }
    })
}

/// The button and the result.
#[component]
pub fn ReaderPanel(
    /// The reader.
    reader: DirectoryReader,
    /// The inputs.
    fields: LdapFields,
) -> impl IntoView {
    let DirectoryReader { report, form, ask } = reader;
    let vendor = Memo::new(move |_| fields.config().vendor);
    let found = move || {
        if ask.busy.get() {
            return Some(view! { <Skeleton shape=SkeletonShape::Text count=3 /> }.into_any());
        }
        if let Some(error) = ask.error.get() {
            return Some(view! { <Callout tone=Tone::Danger title=error.explain() /> }.into_any());
        }
        let DirectoryReport { url, vendor: reported, product, pages, start_tls, bases, attributes, classes } =
            report.get()?;
        let name = product
            .or_else(|| reported.map(|reported| reported.label().to_owned()))
            .unwrap_or_else(|| "Unknown".to_owned());
        let other = reported.filter(|reported| *reported != vendor.get());
        let schema =
            format!("{} and {}", counted(attributes.len(), "attribute"), counted(classes.len(), "object class"));
        Some(
            view! {
                <Callout tone=Tone::Success title=format!("{url} answered.")>
                    <p>"Its search bases, attributes and object classes are now suggested in the fields."</p>
                </Callout>
                {other.map(|reported| suggestion(fields, reported))}
                <DetailList>
                    <Detail label="Product">{name}</Detail>
                    <Detail label="Search bases"><code>{words::list(&bases)}</code></Detail>
                    <Detail label="Schema">{schema}</Detail>
                    <Detail label="Paged results">{words::offered(pages)}</Detail>
                    <Detail label="StartTLS">{words::offered(start_tls)}</Detail>
                </DetailList>
            }
            .into_any(),
        )
    };
    view! {
        <section class="provider-fieldset" aria-label="Directory contents">
            <p class="field-help">"Connects, binds, and reads search bases, attributes and object classes as suggestions."</p>
            <p class="card-actions">
                <Button busy=ask.busy on_click=move |()| ask.run(untrack(|| form.run(())))>"Read the directory"</Button>
            </p>
            <div class="provider-fetch-result" id=REPORT tabindex="-1" aria-live="polite" aria-busy=move || ask.busy.get().then_some("true")>
                {found}
            </div>
        </section>
    }
}

fn suggestion(fields: LdapFields, reported: LdapVendor) -> AnyView {
    let is_shown = Memo::new(move |_| fields.config().vendor != reported);
    // The button disappears, and with it the focus.
    let choose = move |()| {
        fields.set_text("vendor", reported.as_str());
        focus(REPORT);
    };
    view! {
        <Show when=move || is_shown.get()>
            <Callout tone=Tone::Info title=format!("The directory reports that it is {}.", reported.label())>
                <p><Button on_click=choose>{format!("Use the defaults of {}", reported.label())}</Button></p>
            </Callout>
        </Show>
    }
    .into_any()
}
