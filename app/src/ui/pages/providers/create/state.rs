//! The state of creating a provider: inputs, report, step, problems. It outlives the steps, so that going back keeps
//! all input.

use leptos::prelude::*;

use crate::{
    api::{ApiError, discovery::inspect_discovery, providers::create_provider},
    domain::{
        actor::{Role, RoleNeeds},
        id::ProviderId,
        problem::{ProblemCode, ServiceError},
        provider::Protocol,
    },
    ui::{
        pages::providers::{
            fields::{ConnectFields, MappingFields, OptionsFields},
            forms::{
                connect::FetchedReport,
                draft::{NewConnection, ProviderDraft, directory},
                problems::{Problems, at_page_fields},
                step::Step,
                suggested::Suggested,
            },
            ldap::{DirectoryReader, LdapFields, UserSample},
            saml::{MetadataReader, SamlFields},
        },
        routes,
        state::{Session, Submit, Toasts, use_go, use_lookup, use_submit},
    },
};

use super::connection::{ConnectionParts, LdapParts};

/// The state of creating a provider.
#[derive(Clone, Copy)]
pub struct CreateState {
    /// Inputs of the connection.
    pub connection: ConnectionParts,
    /// Inputs of the second step.
    pub mapping: MappingFields,
    /// Inputs of the third step.
    pub options: OptionsFields,
    /// The name of the chosen owner.
    pub owner_name: RwSignal<String>,
    /// What the last fetch found.
    pub fetched: RwSignal<Option<FetchedReport>>,
    /// Fetches the report.
    pub fetch: Submit<(String, bool)>,
    /// Saves the provider.
    pub save: Submit<()>,
    /// The present step.
    pub step: RwSignal<Step>,
    /// Whether the user has changed the step, so that the next one takes the focus.
    pub has_moved: RwSignal<bool>,
    error: RwSignal<Option<ApiError>>,
    started_as: StoredValue<ProviderDraft>,
    is_saved: RwSignal<bool>,
}

impl CreateState {
    /// The initial state, with the owner that the signed-in person's role requires.
    pub fn start(mut draft: ProviderDraft) -> Self {
        draft.options.owner = untrack(|| Session::current().user()).and_then(|user| user.grant.tenant);
        let mapping = MappingFields::new(draft.mapping.clone());
        let options = OptionsFields::new(draft.options.clone());
        let fetched = RwSignal::new(None::<FetchedReport>);
        let is_saved = RwSignal::new(false);
        let go = use_go();
        let toasts = Toasts::current();
        let connection = parts(draft.connection.clone(), mapping, options);
        let read =
            move || ProviderDraft { connection: connection.get(), mapping: mapping.get(), options: options.get() };
        let fetch = use_lookup(
            move |(address, verify_tls): (String, bool)| async move {
                let report = inspect_discovery(address.clone(), verify_tls).await?;
                Ok(FetchedReport { address, verify_tls, report })
            },
            move |answer: FetchedReport| {
                let last = fetched.with_untracked(|last| {
                    last.as_ref().map_or_else(Suggested::nothing, |last| Suggested::of(&last.report))
                });
                let mut draft = untrack(read);
                draft.adopt(&Suggested::of(&answer.report), &last);
                mapping.attributes.set(draft.mapping.attributes);
                options.label.set(draft.options.label);
                options.sign_in.extra_scopes.set(draft.options.extra_scopes);
                options.sign_in.pkce.set(draft.options.pkce);
                fetched.set(Some(answer));
            },
        );
        let save = use_submit(
            move |()| create_provider(untrack(read).form()),
            move |id: ProviderId| {
                is_saved.set(true);
                toasts.success("Provider saved.");
                go.replace(&format!("{}?created=1", routes::provider(id)));
            },
        );
        let first = Step::first(draft.protocol());
        let state = Self {
            connection,
            mapping,
            options,
            owner_name: RwSignal::new(String::new()),
            fetched,
            fetch,
            save,
            step: RwSignal::new(first),
            has_moved: RwSignal::new(false),
            error: RwSignal::new(None),
            started_as: StoredValue::new(draft),
            is_saved,
        };
        state.show_server_problems();
        state
    }

    /// The protocol.
    pub const fn protocol(self) -> Protocol {
        self.connection.protocol()
    }

    /// Everything that was entered. Tracked.
    pub fn draft(self) -> ProviderDraft {
        let Self { connection, mapping, options, .. } = self;
        ProviderDraft { connection: connection.get(), mapping: mapping.get(), options: options.get() }
    }

    /// Whether leaving would lose input.
    pub fn is_dirty(self) -> Signal<bool> {
        Signal::derive(move || !self.is_saved.get() && self.started_as.with_value(|start| *start != self.draft()))
    }

    /// The problems of a step, for its form.
    pub fn error_of(self, step: Step) -> Signal<Option<ApiError>> {
        Signal::derive(move || {
            self.error.with(|error| match error.as_ref()? {
                ApiError::Service(ServiceError::Invalid { problems }) => {
                    let protocol = self.protocol();
                    let own = problems.iter().filter(|problem| Step::of_field(&problem.field, protocol) == step);
                    Problems(own.cloned().collect()).into_error()
                }
                other => (step == Step::Review).then(|| other.clone()),
            })
        })
    }

    /// Reads the provider's discovery document, unless the address is invalid.
    pub fn start_fetch(self, fields: ConnectFields) {
        let draft = untrack(|| fields.get());
        let problems = draft.check_address();
        if problems.is_empty() {
            self.error.set(None);
            self.fetch.run((draft.discovery_url.trim().to_owned(), draft.verify_tls));
        } else {
            self.error.set(problems.into_error());
        }
    }

    /// Checks the step and goes to the next one; the last one saves.
    pub fn go_on(self) {
        let (draft, fetched) = untrack(|| (self.draft(), self.fetched.get()));
        let step = self.step.get_untracked();
        let mut problems = draft.check_up_to(step, fetched.as_ref());
        let owner_step = Step::of_field("owner", self.protocol());
        if step >= owner_step && draft.options.owner.is_none() && !untrack(|| self.may_own_platform()) {
            problems.add("owner", ProblemCode::Required, "Choose the tenant that the provider belongs to.");
        }
        if let Some(first) = Step::first_with_problem(&problems.0, self.protocol()) {
            self.error.set(problems.into_error());
            self.go_to(first);
            return;
        }
        self.forget_problems_of(step);
        match step.next(self.protocol()) {
            Some(next) => self.go_to(next),
            None => self.save.run(()),
        }
    }

    /// Shows another step.
    pub fn go_to(self, step: Step) {
        if step != self.step.get_untracked() {
            self.has_moved.set(true);
            self.step.set(step);
        }
    }

    /// Whether the person may choose the platform as the owner. Tracked.
    pub fn may_own_platform(self) -> bool {
        role().is_some_and(|role| role.needs() == RoleNeeds::Nothing)
    }

    fn forget_problems_of(self, step: Step) {
        self.error.update(|error| {
            let kept = match error.take() {
                Some(ApiError::Service(ServiceError::Invalid { problems })) if step != Step::Review => problems,
                Some(_) | None => Vec::new(),
            };
            let protocol = self.protocol();
            let kept = kept.into_iter().filter(|problem| Step::of_field(&problem.field, protocol) != step).collect();
            *error = Problems(kept).into_error();
        });
    }

    fn show_server_problems(self) {
        Effect::new(move || self.show_at_fields(self.save.error.get()));
        if let ConnectionParts::Ldap(parts) = self.connection {
            // Problems of reading a directory are shown at the fields as well.
            Effect::new(move || self.show_at_fields(parts.reader.problems()));
        }
    }

    /// Shows an error at its fields, on the first step that has one of them.
    fn show_at_fields(self, error: Option<ApiError>) {
        let Some(error) = error else { return };
        let draft = untrack(|| self.draft());
        let error = at_page_fields(error, &draft.list_items());
        let first = Step::first_with_problem(error.problems(), self.protocol());
        self.error.set(Some(error));
        if let Some(first) = first {
            self.go_to(first);
        }
    }
}

/// The inputs that hold a connection.
fn parts(connection: NewConnection, mapping: MappingFields, options: OptionsFields) -> ConnectionParts {
    match connection {
        NewConnection::Oidc(draft) => ConnectionParts::Oidc(ConnectFields::new(draft)),
        NewConnection::Saml(draft) => {
            let fields = SamlFields::new(draft);
            let named = Callback::new(move |name: String| {
                if options.label.with_untracked(String::is_empty) {
                    options.label.set(name);
                }
            });
            ConnectionParts::Saml(fields, MetadataReader::new(fields, named))
        }
        NewConnection::Ldap(draft) => {
            let fields = LdapFields::new(&draft, false);
            let directory = Callback::new(move |()| directory(&fields.get(), options.get().owner, mapping.get()));
            let reader = DirectoryReader::new(fields, directory);
            ConnectionParts::Ldap(LdapParts { fields, reader, users: UserSample::new(directory) })
        }
    }
}

/// The signed-in person's role. Tracked.
fn role() -> Option<Role> {
    Session::current().user().map(|user| user.grant.role)
}
