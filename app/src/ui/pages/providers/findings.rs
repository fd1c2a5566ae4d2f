//! The findings of discovery.

use leptos::prelude::*;

use crate::{
    domain::discovery::{Finding, Severity},
    ui::components::{StatusBadge, Tone},
};

/// Findings, the most serious first, with advice.
#[component]
pub fn FindingList(
    /// The findings.
    findings: Vec<Finding>,
) -> impl IntoView {
    let items = findings
        .into_iter()
        .map(|finding| {
            let (tone, label) = tone_of(finding.severity);
            let Finding { message, advice, member, .. } = finding;
            view! {
                <li class=format!("finding tone-{}", tone.as_str())>
                    <StatusBadge tone label />
                    <div class="finding-words">
                        <p class="finding-message">{message}</p>
                        {(!advice.is_empty()).then(|| view! { <p class="finding-advice">{advice}</p> })}
                        {member.map(|member| view! { <p class="finding-member">"Field " <code>{member}</code></p> })}
                    </div>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="findings">{items}</ul> }
}

/// The tone and the label of a severity.
pub const fn tone_of(severity: Severity) -> (Tone, &'static str) {
    match severity {
        Severity::Error => (Tone::Danger, "Error"),
        Severity::Warning => (Tone::Warning, "Warning"),
        Severity::Info => (Tone::Info, "Note"),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::domain::discovery::FindingCode;

    #[test]
    fn a_finding_says_how_bad_it_is_in_words() {
        let finding = Finding {
            severity: Severity::Warning,
            code: FindingCode::PkceNotListed,
            member: Some("code_challenge_methods_supported".to_owned()),
            message: "PKCE is not listed.".to_owned(),
            advice: "Ask the provider.".to_owned(),
        };
        let html = view! { <FindingList findings=vec![finding] /> }.to_html();
        for words in ["Warning", "PKCE is not listed.", "Ask the provider.", "code_challenge_methods_supported"] {
            assert!(html.contains(words), "{words} is missing in {html}");
        }
    }
}
