//! Some users of a directory, with the fields that the mapping would fill. The values are read once; the browser
//! applies the mapping with the code of the synchronisation.

use leptos::prelude::*;

use super::{DirectoryRequest, LdapFields};
use crate::{
    api::{
        ApiError,
        directories::{DirectoryForm, sample_directory},
    },
    domain::{
        connection::SampleEntry,
        ldap::DirectoryUser,
        mapping::{UserField, UserMapping},
        sync::{UserRules, sample, sample_remarks, unidentified},
        user::Profile,
    },
    ui::{
        components::{Button, Callout, Detail, DetailList, Skeleton, SkeletonShape, Tone},
        pages::field_text,
        state::{Submit, use_lookup},
    },
};

/// The sample, and how it is read.
#[derive(Clone, Copy)]
pub struct UserSample {
    users: RwSignal<Option<Vec<DirectoryUser>>>,
    read: Submit<Result<DirectoryForm, ApiError>>,
    form: DirectoryRequest,
}

impl UserSample {
    /// A sample that is read with the current settings.
    pub fn new(form: DirectoryRequest) -> Self {
        let users = RwSignal::new(None::<Vec<DirectoryUser>>);
        let read = use_lookup(
            |form: Result<DirectoryForm, ApiError>| async move { sample_directory(form?).await },
            move |found| users.set(Some(found)),
        );
        Self { users, read, form }
    }

    /// Reads users.
    pub fn start(self) {
        self.read.run(untrack(|| self.form.run(())));
    }
}

/// The button and the users, drawn again whenever the mapping changes.
#[component]
pub fn SamplePanel(
    /// The users.
    users: UserSample,
    /// The inputs.
    fields: LdapFields,
    /// The mapping as it stands.
    mapping: Signal<UserMapping>,
) -> impl IntoView {
    let UserSample { users: read, read: reading, .. } = users;
    let shown = move || {
        if reading.busy.get() {
            return view! { <Skeleton shape=SkeletonShape::Text count=4 /> }.into_any();
        }
        if let Some(error) = reading.error.get() {
            return view! { <Callout tone=Tone::Danger title=error.explain() /> }.into_any();
        }
        let Some(found) = read.get() else {
            return view! { <p class="muted">"Read some users to see what each field would hold."</p> }.into_any();
        };
        if found.is_empty() {
            return view! {
                <Callout tone=Tone::Warning title="No users were found.">
                    <p>"Check the base DN, the object classes and the filter, and whether the account may read users."</p>
                </Callout>
            }
            .into_any();
        }
        let config = fields.config();
        let (identifier, username) = (config.identifying_attribute(), config.naming_attribute());
        let rules = mapping.with(|mapping| UserRules::new(username, mapping, &[], !config.groups.enabled));
        let entry = |user: &DirectoryUser| {
            let id = match user.values(identifier).as_slice() {
                [id] if !id.is_empty() => Ok((*id).to_owned()),
                [] | [_] => Err(unidentified("has no", identifier)),
                _ => Err(unidentified("has several values of", identifier)),
            };
            sample(&rules, id, Ok(()), |name| user.values(name).into())
        };
        user_list(&found.iter().map(entry).collect::<Vec<_>>())
    };
    view! {
        <section class="preview" aria-labelledby="preview-title">
            <h3 id="preview-title">"Sample"</h3>
            <p class="field-help">"Up to five users as a synchronisation would import them. Passwords are never requested."</p>
            <p class="preview-actions">
                <Button busy=reading.busy on_click=move |()| users.start()>"Read users"</Button>
            </p>
            <div class="preview-result" aria-live="polite" aria-busy=move || reading.busy.get().then_some("true")>{shown}</div>
        </section>
    }
}

/// Users with the fields that the mapping fills.
pub fn user_list(users: &[SampleEntry]) -> AnyView {
    let users = users.iter().cloned().map(user).collect_view();
    view! { <ul class="sample-users">{users}</ul> }.into_any()
}

fn user(user: SampleEntry) -> AnyView {
    let remarks = sample_remarks(&user).map(|remark| view! { <p class="muted">{remark}</p> }).collect_view();
    let SampleEntry { external_id, username, profile, left_out: _, cleaned: _, fault } = user;
    let title = username.unwrap_or_else(|| "No user name".to_owned());
    let fault = fault.map(|fault| {
        view! { <Callout tone=Tone::Warning title="This user would fail."><p>{fault.message}</p></Callout> }
    });
    let fields = profile.into_iter().flat_map(fields).collect_view();
    view! {
        <li>
            <p><strong>{title}</strong></p>
            <p><code class="muted">{external_id.unwrap_or_default()}</code></p>
            {fault}
            <DetailList>{fields}</DetailList>
            {remarks}
        </li>
    }
    .into_any()
}

/// The fields that the mapping fills, without the user name.
fn fields(profile: Profile) -> Vec<AnyView> {
    let Profile { username: _, email, first_name, last_name, display_name, fields } = profile;
    let own = [
        (UserField::Email, email),
        (UserField::FirstName, first_name),
        (UserField::LastName, last_name),
        (UserField::DisplayName, display_name),
    ];
    let own = own.into_iter().filter_map(|(field, value)| Some((field.label().to_owned(), value?)));
    let further = fields.into_iter().map(|(name, value)| {
        let label = name.parse::<UserField>().map_or(name, |field| field.label().to_owned());
        (label, field_text(&value))
    });
    own.chain(further).map(|(label, value)| view! { <Detail label>{value}</Detail> }.into_any()).collect()
}
