//! Reading metadata: from an address, from a file, or pasted.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

use super::SamlFields;
use crate::{
    api::saml::{fetch_saml_metadata, read_saml_metadata},
    domain::{
        connection::CertificateSummary,
        saml_metadata::{MetadataProvider, MetadataReport, SamlAttribute},
        words::counted,
    },
    ui::{
        components::{Button, Callout, Choice, Field, FieldKind, SelectField, Tone},
        pages::{
            before_and_after,
            providers::{
                certificates::CertificateList,
                forms::saml::{adopt, changes},
                tls_switch::TlsSwitch,
            },
        },
        state::{Submit, use_lookup},
    },
};

/// Where metadata comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetadataSource {
    /// An address to fetch, and whether its TLS certificate is checked.
    Address(String, bool),
    /// The document itself.
    Document(String),
}

/// The metadata that was read, and the chosen provider.
#[derive(Clone, Copy)]
pub struct MetadataReader {
    read: Submit<MetadataSource>,
    /// Whether the TLS certificate is checked when metadata is fetched. Not stored.
    verify_tls: RwSignal<bool>,
    report: RwSignal<Option<MetadataReport>>,
    chosen: RwSignal<String>,
    adopted: RwSignal<Option<Adopted>>,
    fields: SamlFields,
    named: Callback<String>,
}

/// The provider whose metadata is in the inputs, and what changed there.
#[derive(Debug, Clone, PartialEq)]
struct Adopted {
    provider: MetadataProvider,
    changes: Vec<Change>,
    was_empty: bool,
}

/// What changed, before and after.
type Change = (&'static str, String, String);

impl MetadataReader {
    /// Fills these inputs with metadata; `named` is called with the provider's name.
    pub fn new(fields: SamlFields, named: Callback<String>) -> Self {
        let report = RwSignal::new(None::<MetadataReport>);
        let chosen = RwSignal::new(String::new());
        let read = use_lookup(
            |source: MetadataSource| async move {
                match source {
                    MetadataSource::Address(url, verify_tls) => fetch_saml_metadata(url, verify_tls).await,
                    MetadataSource::Document(text) => read_saml_metadata(text).await,
                }
            },
            move |answer: MetadataReport| {
                // A single provider is chosen; among several the user chooses.
                let only = if answer.providers.len() == 1 { "0".to_owned() } else { String::new() };
                report.set(Some(answer));
                chosen.set(only);
            },
        );
        let verify_tls = RwSignal::new(true);
        let reader = Self { read, verify_tls, report, chosen, adopted: RwSignal::new(None), fields, named };
        Effect::new(move || {
            let place = chosen.get().parse().ok();
            report.track();
            untrack(|| reader.adopt(place));
        });
        reader
    }

    /// Fills the inputs with the metadata of the provider at a position.
    fn adopt(self, place: Option<usize>) {
        let found = self.report.with(|report| {
            let report = report.as_ref()?;
            let provider = report.providers.get(place?)?;
            Some((provider.clone(), report.url.clone()))
        });
        let Some((provider, url)) = found else { return self.adopted.set(None) };
        let before = self.fields.get();
        let after = adopt(&before, &provider, url.as_deref());
        let adopted = Adopted { changes: changes(&before, &after), was_empty: before.entity_id.is_empty(), provider };
        self.fields.set(after);
        if let Some(name) = adopted.provider.display_name.clone() {
            self.named.run(name);
        }
        self.adopted.set(Some(adopted));
    }

    /// The attributes that the chosen provider's metadata lists.
    pub fn attributes(self) -> Vec<SamlAttribute> {
        self.adopted.with_untracked(|adopted| {
            adopted.as_ref().map(|adopted| adopted.provider.attributes.clone()).unwrap_or_default()
        })
    }

    fn fetch(self) {
        let url = self.fields.metadata_url.get_untracked().trim().to_owned();
        if !url.is_empty() {
            self.read.run(MetadataSource::Address(url, self.verify_tls.get_untracked()));
        }
    }

    /// The inputs and the result.
    pub fn view(self) -> AnyView {
        let pasted = RwSignal::new(String::new());
        let upload = move |event: web_sys::Event| {
            let input: web_sys::HtmlInputElement = event_target(&event);
            let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
            spawn_local(async move {
                if let Some(text) = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string()) {
                    self.read.run(MetadataSource::Document(text));
                }
            });
        };
        view! {
            <fieldset class="provider-fieldset">
                <legend>"Metadata"</legend>
                <div class="provider-fetch">
                    <Field
                        label="Metadata URL"
                        name="metadata_url"
                        value=self.fields.metadata_url
                        kind=FieldKind::Url
                        monospace=true
                        optional=true
                        help="Most providers publish a document with all values below."
                    />
                    <Button busy=self.read.busy on_click=move |()| self.fetch()>"Fetch"</Button>
                </div>
                <Show when=move || self.fields.metadata_url.with(|url| url.trim_start().starts_with("https:"))>
                    <TlsSwitch
                        value=self.verify_tls
                        name="metadata_verify_tls"
                        risk="Anyone who can impersonate this server can supply their own signing certificate. Compare the values with those from the provider's administrator."
                    />
                </Show>
                <details class="changes">
                    <summary>"Upload or paste the document instead"</summary>
                    <div class="metadata-document">
                        <div class="field">
                            <label class="field-label" for="metadata-file">"Metadata file"</label>
                            <input class="input" type="file" id="metadata-file" accept=".xml,application/xml,text/xml" on:change=upload />
                        </div>
                        <Field label="Metadata document" name="metadata_document" value=pasted kind=FieldKind::Lines monospace=true optional=true />
                        <Button busy=self.read.busy on_click=move |()| self.read.run(MetadataSource::Document(pasted.get_untracked()))>
                            "Read document"
                        </Button>
                    </div>
                </details>
                <div class="provider-fetch-result" aria-live="polite">
                    {move || self.read.error.get().map(|error| view! { <Callout tone=Tone::Danger title=error.explain() /> })}
                    {move || self.report.get().map(|report| self.found(report))}
                    {move || self.adopted.get().map(said)}
                </div>
            </fieldset>
        }
        .into_any()
    }

    /// The result as a whole: warnings, and the choice among several providers.
    fn found(self, report: MetadataReport) -> AnyView {
        let MetadataReport { url: _, providers, warnings } = report;
        let choice = (providers.len() > 1).then(|| {
            let choices = std::iter::once(Choice::new("", "Choose a provider"))
                .chain(providers.iter().enumerate().map(|(place, provider)| {
                    let id = &provider.entity_id;
                    let mut label =
                        provider.display_name.as_ref().map_or_else(|| id.clone(), |name| format!("{name} ({id})"));
                    // An entity can occur more than once.
                    let is_alone = providers.iter().filter(|other| other.entity_id == *id).count() == 1;
                    if let (false, Some(endpoint)) = (is_alone, provider.endpoints.first()) {
                        label = format!("{label}, {}", endpoint.location);
                    }
                    Choice::new(place.to_string(), label)
                }))
                .collect::<Vec<_>>();
            let help = format!("The document describes {}.", counted(providers.len(), "provider"));
            view! { <SelectField label="Provider" name="metadata_provider" value=self.chosen choices help /> }
        });
        view! {
            {warned(warnings)}
            {choice}
        }
        .into_any()
    }
}

/// The result for the chosen provider.
fn said(adopted: Adopted) -> AnyView {
    let Adopted { provider, changes, was_empty } = adopted;
    let MetadataProvider { entity_id, certificates, warnings, .. } = provider;
    let certificates =
        certificates.into_iter().map(|certificate| certificate.summary).collect::<Vec<CertificateSummary>>();
    let changes = changes
        .into_iter()
        .map(|(name, before, after)| {
            view! {
                <div class="detail">
                    <dt>{name}</dt>
                    <dd>{before_and_after(Some(before), Some(after))}</dd>
                </div>
            }
        })
        .collect::<Vec<_>>();
    let summary = if changes.is_empty() {
        "The values below already match the metadata."
    } else {
        "The values below were filled in and are not saved yet."
    };
    let shows_changes = !changes.is_empty() && !was_empty;
    view! {
        <Callout tone=Tone::Success title=format!("Metadata of {entity_id} was read.")><p>{summary}</p></Callout>
        {shows_changes.then(|| view! { <details class="changes"><summary>"What changed"</summary><dl class="details">{changes}</dl></details> })}
        {warned(warnings)}
        <CertificateList certificates />
    }
    .into_any()
}

fn warned(warnings: Vec<String>) -> Option<AnyView> {
    let count = warnings.len();
    (count > 0).then(|| {
        view! {
            <Callout tone=Tone::Warning title="Check the metadata">
                <ul class="plain-list">{warnings.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}</ul>
            </Callout>
        }
        .into_any()
    })
}
