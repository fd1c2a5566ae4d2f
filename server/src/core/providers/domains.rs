//! Who confirms a provider's email domains: a platform administrator. A tenant's administrator could otherwise confirm the
//! domain of another organisation, whose people the provider would then speak for.

use vestibule_app::domain::{
    actor::{Actor, Decision, Owner, Permission},
    problem::{Problem, ProblemCode},
    provider::{SignInPatch, SignInSettings},
};

/// The problem that the actor may not make this change of the confirmed domains.
pub(super) fn problem(actor: &Actor, change: &SignInPatch, stored: &SignInSettings) -> Option<Problem> {
    let may_confirm = actor.decide(Permission::ManageProviders, Owner::Platform) == Decision::Allowed;
    (!may_confirm && change.changes_domains(stored)).then(|| {
        let message = "Only a platform administrator confirms domains. Leave the list as it is.";
        Problem::new("confirmed_domains", ProblemCode::NotAllowed, message)
    })
}
