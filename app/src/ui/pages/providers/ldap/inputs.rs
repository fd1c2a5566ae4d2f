//! The inputs of a directory, drawn from the table of settings.

use leptos::prelude::*;

use super::{
    LdapFields,
    fields::InputSignal,
    reader::{DirectoryReader, suggestions},
};
use crate::{
    domain::provider::{LdapBind, LdapConfig, LdapField, LdapFieldKind, LdapSection, LdapVendor},
    ui::{
        components::{
            Callout, Choice, Detail, DetailList, Field, FieldKind, ListEditor, SecretField, SecretState, SelectField,
            Switch, Tone,
        },
        pages::providers::{
            forms::ldap::{self, default_text},
            secret_input::SecretInputField,
        },
    },
};

/// Sections with their inputs. `stored` says whether a password is stored.
pub fn sections(
    fields: LdapFields,
    reader: DirectoryReader,
    stored: Signal<SecretState>,
    list: &'static [LdapSection],
) -> AnyView {
    let vendor = Memo::new(move |_| fields.config().vendor);
    let reads_groups = Memo::new(move |_| fields.config().groups.enabled);
    let part = move |section: LdapSection| {
        let draw = move |vendor| part(section, fields, reader, stored, vendor);
        match section {
            // The placeholders of their inputs depend on the product.
            LdapSection::UserSearch | LdapSection::UserAttributes => (move || draw(vendor.get())).into_any(),
            LdapSection::GroupSearch => (move || reads_groups.get().then(|| draw(vendor.get()))).into_any(),
            _ => draw(LdapVendor::Generic),
        }
    };
    list.iter().copied().map(part).collect_view().into_any()
}

fn part(
    section: LdapSection,
    fields: LdapFields,
    reader: DirectoryReader,
    stored: Signal<SecretState>,
    vendor: LdapVendor,
) -> AnyView {
    let inputs = section.fields().into_iter().map(|field| input(field, fields, reader, stored, vendor)).collect_view();
    let warnings = (section == LdapSection::Servers).then(|| connection_warnings(fields));
    view! {
        <fieldset class="provider-fieldset">
            <legend>{section.label()}</legend>
            {inputs}
            {warnings}
        </fieldset>
    }
    .into_any()
}

fn input(
    field: &'static LdapField,
    fields: LdapFields,
    reader: DirectoryReader,
    stored: Signal<SecretState>,
    vendor: LdapVendor,
) -> AnyView {
    let LdapField { name, label, help, kind, .. } = *field;
    let Some(signal) = fields.signal(name) else { return password(field, fields, stored) };
    let default = default_text(field, vendor);
    let suggestions = Signal::derive(move || suggestions(reader, kind));
    match signal {
        InputSignal::Switch(value) => view! { <Switch label name value help /> }.into_any(),
        InputSignal::List(value) => {
            let item = if let LdapFieldKind::List(item) = kind { item } else { "object class" };
            let empty = if default.is_empty() { String::new() } else { format!("{default}, the product's default.") };
            view! { <ListEditor label name value item help empty suggestions /> }.into_any()
        }
        InputSignal::Text(value) => match kind {
            LdapFieldKind::Choice(choices) => {
                let choices: Vec<_> = choices.iter().map(|(value, label)| Choice::new(*value, *label)).collect();
                view! { <SelectField label name value choices=Signal::stored(choices) help /> }.into_any()
            }
            LdapFieldKind::Certificates | LdapFieldKind::PrivateKey => {
                view! { <Field label name value help kind=FieldKind::Lines monospace=true optional=true /> }.into_any()
            }
            LdapFieldKind::Number { .. } => {
                view! { <Field label name value help kind=FieldKind::Number monospace=true /> }.into_any()
            }
            _ => {
                let optional = !matches!(name, "base_dn" | "bind_dn");
                let field =
                    view! { <Field label name value help placeholder=default monospace=true optional suggestions /> };
                if kind == LdapFieldKind::BindName { if_simple(fields, field.into_any()) } else { field.into_any() }
            }
        },
    }
}

/// Hides an input that only a simple bind has. It keeps what was entered.
fn if_simple(fields: LdapFields, inner: AnyView) -> AnyView {
    let is_hidden = Memo::new(move |_| fields.config().bind_type != LdapBind::Simple);
    view! { <div hidden=move || is_hidden.get()>{inner}</div> }.into_any()
}

fn password(field: &'static LdapField, fields: LdapFields, stored: Signal<SecretState>) -> AnyView {
    let LdapField { name, label, help, .. } = *field;
    let inner = if fields.is_stored {
        let help = "Stored encrypted and never shown again. Enter it again when you change servers or TLS settings.";
        view! { <SecretField label name state=stored value=fields.new_password help /> }.into_any()
    } else {
        view! { <SecretInputField label name value=fields.password optional=false help /> }.into_any()
    };
    if_simple(fields, inner)
}

fn connection_warnings(fields: LdapFields) -> AnyView {
    let is_plain = Memo::new(move |_| fields.config().has_plain_connection());
    let is_unchecked = Memo::new(move |_| !fields.config().tls_verify);
    view! {
        <Show when=move || is_plain.get()>
            <Callout tone=Tone::Warning title="The connection is not encrypted.">
                <p>"Anyone on the network path can read the password and all users. Use an ldaps:// address or StartTLS."</p>
            </Callout>
        </Show>
        <Show when=move || is_unchecked.get()>
            <Callout tone=Tone::Warning title="The connection to the directory can be intercepted." />
        </Show>
    }
    .into_any()
}

/// The defaults of the chosen product.
#[component]
pub fn VendorDefaults(
    /// The inputs.
    fields: LdapFields,
) -> impl IntoView {
    let vendor = Memo::new(move |_| fields.config().vendor);
    move || {
        let vendor = vendor.get();
        let default = |field: &LdapField| Some((field.label, field.product_default(vendor)?.to_owned()));
        view! {
            <section aria-label="Defaults">
                <p class="field-label">"Defaults of this product"</p>
                {details(LdapConfig::fields().iter().filter_map(default).collect())}
            </section>
        }
    }
}

/// Sections as facts.
pub fn facts(config: &LdapConfig, list: &[LdapSection]) -> AnyView {
    details(list.iter().flat_map(|section| ldap::facts(config, *section)).collect())
}

fn details(facts: Vec<(&'static str, String)>) -> AnyView {
    let rows = facts.into_iter().map(|(label, text)| view! { <Detail label>{text}</Detail> }).collect_view();
    view! { <DetailList>{rows}</DetailList> }.into_any()
}
