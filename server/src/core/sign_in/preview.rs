//! What a sign-in would do: the same decision as a real one, with what is stored, and nothing changes.

use vestibule_app::domain::{
    mapping::evaluate,
    sign_in::{Decision, GroupPreview, PreviewWarning, SignInPreview, mapped_groups},
    tenant::TenantStatus,
};

use super::{found::Found, person::Person};
use crate::store::{
    Conn, Lock, Store, StoreResult,
    sign_in::{memberships, serving},
    tenants,
};

/// Reads what is stored, and decides.
#[derive(Clone)]
pub(super) struct Previews {
    pub(super) store: Store,
}

impl Previews {
    pub(super) async fn preview(&self, person: &Person<'_>) -> StoreResult<SignInPreview> {
        let mut read = self.store.read().await?;
        preview_in(&mut read.conn(), person, Vec::new()).await
    }
}

/// What would happen with a person. `warnings` are those that are known already.
pub(super) async fn preview_in(
    conn: &mut Conn<'_>,
    person: &Person<'_>,
    mut warnings: Vec<PreviewWarning>,
) -> StoreResult<SignInPreview> {
    let evaluation = evaluate(&person.provider.mapping, &person.subject.claims);
    let found = Found::load(conn, person, &evaluation, Lock::None).await?;
    let decision = found.decide(person, &evaluation);
    let said = mapped_groups(person.group_mappings, person.subject);
    let held = match &decision {
        Decision::Existing { user, .. } => memberships::list(conn, person.provider.id, *user).await?,
        _ => Default::default(),
    };
    let groups = GroupPreview { mappings: person.group_mappings, said: &said, held: &held };
    let tenant = tenants::find(conn, person.tenant).await?;
    let is_active = tenant.is_some_and(|tenant| tenant.status == TenantStatus::Active);
    let is_linked = serving::is_linked(conn, person.tenant, person.provider.id).await?;
    for (is_fine, warning) in [
        (is_active, PreviewWarning::TenantSuspended),
        (person.provider.enabled, PreviewWarning::ProviderDisabled),
        (is_linked, PreviewWarning::NotLinked),
    ] {
        if !is_fine {
            warnings.push(warning);
        }
    }
    Ok(SignInPreview::of(evaluation, decision, &found.known, groups, warnings))
}
