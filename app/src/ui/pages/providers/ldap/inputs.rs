//! The inputs of a directory, drawn from the table of settings.

use leptos::prelude::*;

use super::{
    LdapFields,
    fields::Slot,
    reader::{DirectoryReader, offered},
};
use crate::{
    domain::provider::{LdapBind, LdapVendor},
    ui::{
        components::{
            Callout, Choice, Detail, DetailList, Field, FieldKind, ListEditor, SecretField, SecretState, SelectField,
            Show, Switch, Tone, redraw,
        },
        pages::providers::{
            forms::ldap::{Input, LdapDraft, Offered, Section, Setting, settings_of, usual},
            secret_input::SecretInputField,
        },
        state::memo,
    },
};

/// Sections with their inputs. `stored` is what is known of a stored password.
pub fn sections(
    fields: LdapFields,
    reader: DirectoryReader,
    stored: Signal<SecretState>,
    list: &'static [Section],
) -> AnyView {
    let vendor = memo(move || fields.text("vendor"));
    let part = move |section: Section| {
        let draw = move |vendor| part(section, fields, reader, stored, vendor);
        match section {
            // What stands in their empty inputs depends on the product.
            Section::Users | Section::Identity => redraw(move || draw(parsed(&vendor.get()))),
            Section::GroupSearch => redraw(move || {
                let is_shown = fields.text("sync_groups") == "true";
                is_shown.then(|| draw(parsed(&vendor.get())))
            }),
            _ => draw(LdapVendor::Generic),
        }
    };
    list.iter().copied().map(part).collect_view().into_any()
}

fn parsed(vendor: &str) -> LdapVendor {
    vendor.parse().unwrap_or(LdapVendor::Generic)
}

fn part(
    section: Section,
    fields: LdapFields,
    reader: DirectoryReader,
    stored: Signal<SecretState>,
    vendor: LdapVendor,
) -> AnyView {
    let inputs = settings_of(section).map(|setting| input(setting, fields, reader, vendor)).collect_view();
    let more = match section {
        Section::Servers => Some(plain_warning(fields)),
        Section::Bind => Some(password(fields, stored)),
        _ => None,
    };
    view! {
        <fieldset class="provider-fieldset">
            <legend>{section.label()}</legend>
            {inputs}
            {more}
        </fieldset>
    }
    .into_any()
}

fn input(setting: &'static Setting, fields: LdapFields, reader: DirectoryReader, vendor: LdapVendor) -> AnyView {
    let Setting { name, input, label, help, section: _ } = *setting;
    let Some(slot) = fields.slot(name) else { return ().into_any() };
    let usual = usual(name, vendor);
    let offer = |kind: Offered| Signal::derive(move || offered(reader, kind));
    match (slot, input) {
        (Slot::Flag(value), _) => view! { <Switch label name value help /> }.into_any(),
        (Slot::Rows(value), Input::Rows(item, kind)) => {
            let empty = if usual.is_empty() { String::new() } else { format!("{usual}, as the product has it.") };
            view! { <ListEditor label name value item help empty suggestions=offer(kind) /> }.into_any()
        }
        (Slot::Text(value), Input::Choice(choices)) => {
            let choices: Vec<_> = choices.iter().map(|(value, label)| Choice::new(*value, *label)).collect();
            view! { <SelectField label name value choices=Signal::stored(choices) help /> }.into_any()
        }
        (Slot::Text(value), Input::Text(kind)) => {
            let optional = !matches!(name, "base_dn" | "bind_dn");
            let field = view! { <Field label name value help placeholder=usual monospace=true optional suggestions=offer(kind) /> };
            if name == "bind_dn" { when_simple(fields, field.into_any()) } else { field.into_any() }
        }
        (Slot::Text(value), _) => {
            let (kind, optional) = match input {
                Input::Lines => (FieldKind::Lines, true),
                _ => (FieldKind::Number, false),
            };
            view! { <Field label name value help kind monospace=true optional /> }.into_any()
        }
        (Slot::Rows(_), _) => ().into_any(),
    }
}

/// What only a bind with name and password has is hidden otherwise, and keeps what was typed.
fn when_simple(fields: LdapFields, inner: AnyView) -> AnyView {
    let is_hidden = memo(move || fields.text("bind_type") != LdapBind::Simple.as_str());
    view! { <div hidden=move || is_hidden.get()>{inner}</div> }.into_any()
}

fn password(fields: LdapFields, stored: Signal<SecretState>) -> AnyView {
    let (label, name) = ("Bind password", "bind_password");
    let inner = if fields.is_stored {
        view! {
            <SecretField
                label
                name
                state=stored
                value=fields.new_password
                help="Stored encrypted and never shown again. It has to be entered again when servers or their protection change."
            />
        }
        .into_any()
    } else {
        view! { <SecretInputField label name value=fields.password optional=false help="Stored encrypted and never shown again." /> }
            .into_any()
    };
    when_simple(fields, inner)
}

fn plain_warning(fields: LdapFields) -> AnyView {
    let is_plain = memo(move || fields.get().is_plain());
    let is_unchecked = memo(move || fields.text("tls_verify") != "true");
    view! {
        <Show when=move || is_plain.get()>
            <Callout tone=Tone::Warning title="The connection is not encrypted.">
                <p>"The password and all users can be read on the way. Use an ldaps:// address or StartTLS."</p>
            </Callout>
        </Show>
        <Show when=move || is_unchecked.get()>
            <Callout tone=Tone::Warning title="The connection to the directory can be intercepted." />
        </Show>
    }
    .into_any()
}

/// What the product that is chosen sets.
#[component]
pub fn VendorDefaults(
    /// The inputs.
    fields: LdapFields,
) -> impl IntoView {
    const SHOWN: [(&str, &str); 5] = [
        ("user_object_classes", "Users are"),
        ("username_attribute", "They sign in with"),
        ("external_id_attribute", "They are known for good by"),
        ("disabled_filter", "They are switched off where"),
        ("group_object_classes", "Groups are"),
    ];
    let vendor = memo(move || fields.text("vendor"));
    redraw(move || {
        let vendor = parsed(&vendor.get());
        let defaults = SHOWN.map(|(name, label)| (label, usual(name, vendor).to_owned()));
        view! {
            <section aria-label="Defaults">
                <p class="field-label">"What this sets"</p>
                {details(defaults.into_iter().filter(|(_, text)| !text.is_empty()).collect())}
            </section>
        }
    })
}

/// Sections in words.
pub fn facts(draft: &LdapDraft, list: &[Section]) -> AnyView {
    details(list.iter().flat_map(|section| draft.facts(*section)).collect())
}

fn details(facts: Vec<(&'static str, String)>) -> AnyView {
    let rows = facts.into_iter().map(|(label, text)| view! { <Detail label>{text}</Detail> }).collect_view();
    view! { <DetailList>{rows}</DetailList> }.into_any()
}
