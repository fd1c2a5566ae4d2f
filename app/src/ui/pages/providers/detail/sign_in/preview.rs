//! What would happen if the provider sent these claims.

use leptos::prelude::*;

use crate::{
    api::sign_ins::preview_sign_in,
    domain::{
        id::ProviderId,
        mapping::{PreviewError, decode_id_token},
        sign_in::SignInPreview,
        words::sentence,
    },
    ui::{
        components::{Button, ButtonKind, Field, FieldKind, Form},
        pages::sign_ins::PreviewResult,
        state::use_lookup,
    },
};

/// A form for claims, and what a sign-in with them would do.
#[component]
pub(super) fn ClaimsPreview(
    /// The provider.
    id: ProviderId,
) -> impl IntoView {
    let claims = RwSignal::new(String::new());
    let result = RwSignal::new(None::<SignInPreview>);
    let preview =
        use_lookup(move |claims: String| preview_sign_in(id, None, claims), move |found| result.set(Some(found)));
    let problem = RwSignal::new(None::<String>);
    let show = move |()| {
        result.set(None);
        // Tokens are decoded here, so that the server is sent claims alone.
        match decode_id_token(&claims.get_untracked()) {
            Ok(decoded) => {
                problem.set(None);
                preview.run(serde_json::Value::Object(decoded.to_json()).to_string());
            }
            Err(PreviewError::Empty) => problem.set(Some("Paste claims or an ID token.".to_owned())),
            Err(error) => problem.set(Some(sentence(&error.to_string()))),
        }
    };
    view! {
        <Form error=preview.error on_submit=show label="What would happen">
            <Field
                label="Claims or ID token"
                name="claims"
                value=claims
                kind=FieldKind::Lines
                monospace=true
                error=problem
                help="A token is decoded in your browser; its signature is not checked. Nobody is signed in, and nothing is changed."
            />
            <div class="form-actions"><Button kind=ButtonKind::Submit busy=preview.busy>"Show what would happen"</Button></div>
        </Form>
        <div aria-live="polite">{move || result.get().map(|preview| view! { <PreviewResult preview /> })}</div>
    }
}
