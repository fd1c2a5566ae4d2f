//! What a sign-in would do: of a test sign-in, or for claims that were pasted.

use leptos::prelude::*;

use crate::{
    domain::{
        mapping::{SkippedClaim, UserField},
        sign_in::{LinkChange, PreviewChange, PreviewGroup, PreviewOutcome, SignInPreview},
        user::Profile,
    },
    ui::{
        components::{Callout, Table, Tone},
        pages::{
            before_and_after, field_text,
            providers::{
                forms::preview::{PreviewRow, field_row},
                mapping::result_row,
            },
        },
        routes,
    },
};

/// What a sign-in would do: whether the person would sign in and as whom, what would change, and what the mapping makes of
/// the claims.
#[component]
pub fn PreviewResult(
    /// What it would do.
    preview: SignInPreview,
) -> impl IntoView {
    let SignInPreview { identity: _, fields, outcome, groups, skipped_groups, warnings } = preview;
    let warnings = warnings
        .into_iter()
        .map(|warning| view! { <Callout tone=Tone::Warning title=warning.label() /> })
        .collect_view();
    let rows: Vec<PreviewRow> = fields.iter().map(field_row).collect();
    let mapping = (!rows.is_empty()).then(|| {
        view! {
            <details class="changes">
                <summary>"Result of the mapping"</summary>
                <Table caption="User fields">
                    <thead>
                        <tr>
                            <th scope="col">"User field"</th>
                            <th scope="col">"Value"</th>
                        </tr>
                    </thead>
                    <tbody>{rows.into_iter().map(result_row).collect_view()}</tbody>
                </Table>
            </details>
        }
    });
    view! {
        <div class="preview-verdict">
            {verdict(outcome)}
            {warnings}
            {(!skipped_groups.is_empty()).then(|| skipped(skipped_groups))}
            {(!groups.is_empty()).then(|| groups_of(groups))}
            {mapping}
        </div>
    }
    .into_any()
}

fn verdict(outcome: PreviewOutcome) -> AnyView {
    match outcome {
        PreviewOutcome::Create { profile, verified_email } => created(profile, verified_email),
        PreviewOutcome::Existing { user, username, link, changes, taken } => {
            let link = match link {
                LinkChange::Keep => None,
                LinkChange::Move => Some("The link would move to the value that identifies the person now."),
                LinkChange::Add => Some("The person would be linked to this user."),
            };
            let taken = (!taken.is_empty()).then(|| {
                let fields = taken.iter().map(|field| label_of(field)).collect::<Vec<_>>().join(", ");
                view! { <p>{format!("Another user has the value of: {fields}. It would stay as it is.")}</p> }
            });
            view! {
                <Callout tone=Tone::Success title=format!("The person would sign in as {username}.")>
                    {link.map(|link| view! { <p>{link}</p> })}
                    {taken}
                    <p><a href=routes::user(user)>"Show the user"</a></p>
                </Callout>
                {changed(changes)}
            }
            .into_any()
        }
        PreviewOutcome::Refuse { refusal: _, message, advice } => view! {
            <Callout tone=Tone::Danger title=message>
                <p>{advice}</p>
            </Callout>
        }
        .into_any(),
    }
}

fn groups_of(groups: Vec<PreviewGroup>) -> AnyView {
    let rows = groups
        .into_iter()
        .map(|PreviewGroup { group, name, change }| {
            let name = name.unwrap_or_else(|| group.to_string());
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td data-label="Change">{change.label()}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table caption="Groups of the tenant">
            <thead>
                <tr>
                    <th scope="col">"Group"</th>
                    <th scope="col">"Change"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
    .into_any()
}

/// Claims that should list groups and do not.
fn skipped(claims: Vec<SkippedClaim>) -> AnyView {
    let claims = claims
        .into_iter()
        .map(|SkippedClaim { claim, reason }| view! { <li>{format!("“{claim}” {}.", reason.explain(&claim))}</li> })
        .collect_view();
    view! {
        <Callout tone=Tone::Warning title="Some memberships in groups would stay as they are.">
            <ul class="plain-list">{claims}</ul>
        </Callout>
    }
    .into_any()
}

fn created(profile: Profile, verified_email: bool) -> AnyView {
    let address = match (&profile.email, verified_email) {
        (Some(email), true) => Some(format!("{email}, which counts as verified.")),
        (Some(email), false) => Some(format!("{email}, which does not count as verified.")),
        (None, _) => None,
    };
    view! {
        <Callout tone=Tone::Success title=format!("A new user would be created: {}.", profile.username)>
            {address.map(|address| view! { <p>"Email: " {address}</p> })}
        </Callout>
    }
    .into_any()
}

fn changed(changes: Vec<PreviewChange>) -> AnyView {
    if changes.is_empty() {
        return view! { <p>"No field of the user would change."</p> }.into_any();
    }
    let rows = changes
        .into_iter()
        .map(|PreviewChange { field, from, to }| {
            let text = |value: &serde_json::Value| (!value.is_null()).then(|| field_text(value));
            view! {
                <tr>
                    <th scope="row">{label_of(&field)}</th>
                    <td data-label="Change"><span>{before_and_after(text(&from), text(&to))}</span></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table caption="Fields that would change">
            <thead>
                <tr>
                    <th scope="col">"User field"</th>
                    <th scope="col">"Change"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
    .into_any()
}

/// A field in words.
fn label_of(field: &str) -> String {
    match field {
        "username" => "User name".to_owned(),
        other => other.parse::<UserField>().map_or_else(|_| other.to_owned(), |field| field.label().to_owned()),
    }
}
