//! What a provider said about a person.

use leptos::prelude::*;

use crate::ui::components::{Card, CopyButton};

/// The claims of a sign-in.
#[component]
pub(super) fn ClaimsCard(
    /// The claims, in JSON.
    claims: String,
) -> impl IntoView {
    view! {
        <Card title="Claims" lead="What the provider said about the person. Stored encrypted, and deleted with this sign-in.">
            <pre class="claims" tabindex="0" aria-label="Claims as JSON"><code>{claims.clone()}</code></pre>
            <p><CopyButton value=claims label="claims" /></p>
        </Card>
    }
}
