//! The live preview: applies the mapping to a sample, in the browser.

use leptos::prelude::*;

use crate::{
    domain::{
        mapping::UserMapping,
        provider::Protocol,
        words::{agree, counted},
    },
    ui::{
        components::{Button, Callout, Field, FieldKind, Table, Tone},
        pages::providers::forms::{
            mapping_change::claims_in_use,
            preview::{Preview, PreviewRow},
            sample::example_claims,
            words::{ClaimTerm, claim_term},
        },
    },
};

/// A textarea for a sample and what the mapping makes of it.
#[component]
pub fn PreviewPanel(
    /// The mapping as it stands.
    mapping: Signal<UserMapping>,
    /// The protocol.
    protocol: Protocol,
    /// The claims that the provider publishes, for the example.
    published: Vec<String>,
) -> impl IntoView {
    let sample = RwSignal::new(String::new());
    let preview = Memo::new(move |_| mapping.with(|mapping| sample.with(|sample| Preview::of(mapping, sample))));
    let published = StoredValue::new(published);
    let use_example = move |()| {
        let in_use = mapping.with_untracked(claims_in_use);
        sample.set(published.with_value(|published| example_claims(protocol, published, &in_use)));
    };
    let error = Signal::derive(move || {
        preview.with(|preview| match preview {
            Preview::Unreadable(why) => Some(why.clone()),
            Preview::Empty | Preview::Ready { .. } => None,
        })
    });
    let (label, what, help) = match protocol {
        Protocol::Oidc => (
            "Sample ID token or claims",
            "a token",
            "Decoded in your browser and not sent to the server. The signature is not checked.",
        ),
        Protocol::Saml | Protocol::Ldap => (
            "Sample attributes",
            "attributes",
            "A JSON object, read in your browser and not sent to the server. Add NameID as an attribute.",
        ),
    };
    view! {
        <section class="preview" aria-labelledby="preview-title">
            <h3 id="preview-title">"Preview"</h3>
            <Field
                label=label
                name="preview_sample"
                value=sample
                kind=FieldKind::Lines
                monospace=true
                optional=true
                error
                help=help
            />
            <div class="preview-actions">
                <Button on_click=use_example>"Use an example"</Button>
                <Show when=move || sample.with(|sample| !sample.is_empty())>
                    <Button on_click=move |()| sample.set(String::new())>"Clear sample"</Button>
                </Show>
            </div>
            <div class="preview-result">
                {move || match preview.get() {
                    Preview::Empty => {
                        view! { <p class="muted">{format!("Paste {what} to see the value of each user field.")}</p> }.into_any()
                    }
                    Preview::Unreadable(_) => ().into_any(),
                    ready @ Preview::Ready { .. } => result(ready, claim_term(protocol)),
                }}
            </div>
        </section>
    }
}

fn result(preview: Preview, term: ClaimTerm) -> AnyView {
    let (filled, mapped) = preview.filled();
    let Preview::Ready { identity, fields, extra } = preview else { return ().into_any() };
    let refused = identity.value.is_none().then(|| {
        view! {
            <Callout tone=Tone::Warning title="This user could not sign in.">
                <p>{format!("The identifying {} has no usable value in the sample.", term.word)}</p>
            </Callout>
        }
    });
    view! {
        {refused}
        <p role="status">{format!("{filled} of {} {} a value.", counted(mapped, "mapped field"), agree(filled, "gets", "get"))}</p>
        <Table caption="Result of the sample">
            <thead>
                <tr>
                    <th scope="col">"User field"</th>
                    <th scope="col">"Value"</th>
                </tr>
            </thead>
            <tbody>
                {std::iter::once(identity).chain(fields).map(result_row).collect_view()}
                {extra.into_iter().map(result_row).collect_view()}
            </tbody>
        </Table>
    }
    .into_any()
}

/// A field of the user with its value, as a row of a table.
pub fn result_row(row: PreviewRow) -> AnyView {
    let PreviewRow { label, value, claim, note } = row;
    let is_empty = value.is_none();
    view! {
        <tr class:is-empty=is_empty>
            <th scope="row">{label}</th>
            <td data-label="Value">
                <span>{value.unwrap_or_else(|| "Stays empty".to_owned())}</span>
                {claim.map(|claim| view! { <span class="preview-note">"from " <code>{claim}</code></span> })}
                {note.map(|note| view! { <span class="preview-note">{note}</span> })}
            </td>
        </tr>
    }
    .into_any()
}
