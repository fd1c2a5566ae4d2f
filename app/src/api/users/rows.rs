//! Users as the portal shows them.

use serde_json::Value;

use super::report::UserReport;
use crate::{
    api::display::DisplayRow,
    domain::{
        connection::StepStatus,
        sync::LinkState,
        user::{DirectoryLink, Profile, User, UserDetail, UserDirectoryGroup, UserGroup, UserNames, UserStatus},
    },
};

/// A user as a row of a list.
pub(in crate::api) fn user(user: User, names: &UserNames) -> DisplayRow {
    let (status, label) = (user.status(), user.profile.label());
    let User { id, tenant, profile, origin, created_at, updated_at, .. } = user;
    let tenant = names.tenants.get(&tenant).cloned().unwrap_or_default();
    let origin = origin.and_then(|id| names.origins.get(&id).cloned()).unwrap_or_default();
    DisplayRow {
        id: id.to_string(),
        name: label,
        note: profile.username,
        state: meant(status),
        label: status.label().to_owned(),
        texts: vec![profile.email.unwrap_or_default(), tenant, origin],
        at: Some(updated_at.unwrap_or(created_at)),
        ms: None,
    }
}

const fn meant(status: UserStatus) -> Option<StepStatus> {
    match status {
        UserStatus::Active => Some(StepStatus::Ok),
        UserStatus::Inactive => None,
        UserStatus::Blocked => Some(StepStatus::Failed),
    }
}

/// A user's report.
pub(super) fn report(detail: UserDetail, names: &UserNames) -> UserReport {
    let UserDetail { user, links, groups, directory_groups } = detail;
    let tenant = names.tenants.get(&user.tenant).cloned().unwrap_or_default();
    let of_tenant = groups.into_iter().map(|UserGroup { id: _, name }| DisplayRow::fact(&name, &tenant));
    let of_directories = directory_groups.into_iter().map(|group| {
        let UserDirectoryGroup { id, provider, name, dn } = group;
        let directory = links.iter().find(|link| link.provider == provider);
        let texts = directory.map(|link| link.provider_name.clone()).into_iter().collect();
        DisplayRow { id: id.to_string(), name, note: dn, texts, ..DisplayRow::default() }
    });
    UserReport {
        name: user.profile.label(),
        status: sign_in_status(&user),
        facts: facts(&user, names),
        groups: of_tenant.chain(of_directories).collect(),
        is_blocked: user.blocked.is_some(),
        can_reactivate: !user.active && links.iter().any(|link| link.state == LinkState::Present),
        can_delete: links.iter().all(|link| link.state == LinkState::Vanished),
        links: links.into_iter().map(link).collect(),
        version: user.version,
    }
}

/// Whether the user may sign in, and why not.
fn sign_in_status(user: &User) -> DisplayRow {
    let status = user.status();
    let (text, at) = match (&user.blocked, user.active, user.deactivated_by) {
        (Some(block), true, _) => {
            (format!("Blocked by {}. Synchronisations do not lift the block.", block.by), Some(block.at))
        }
        (Some(block), false, _) => (
            format!(
                "Blocked by {}, and also inactive in the directory, so the user cannot sign in even without the block.",
                block.by
            ),
            Some(block.at),
        ),
        (None, true, _) => ("The user may sign in.".to_owned(), None),
        (None, false, Some(_)) => (
            "A synchronisation deactivated the user, who is disabled in the directory or no longer in it.".to_owned(),
            None,
        ),
        (None, false, None) => ("The user is disabled in the directory.".to_owned(), None),
    };
    DisplayRow {
        state: meant(status),
        label: status.label().to_owned(),
        texts: vec![text],
        at,
        ..DisplayRow::default()
    }
}

fn facts(user: &User, names: &UserNames) -> Vec<DisplayRow> {
    let User { id, tenant, profile, email_verified, origin, created_at, updated_at, .. } = user;
    let Profile { username, email, first_name, last_name, display_name, fields } = profile;
    let mut facts = vec![DisplayRow::fact("User name", username)];
    let verified = if *email_verified { " (verified)" } else { "" };
    facts.extend(email.as_ref().map(|email| DisplayRow::fact("Email", format!("{email}{verified}"))));
    let named = [("Display name", display_name), ("First name", first_name), ("Last name", last_name)];
    facts.extend(named.into_iter().filter_map(|(name, text)| Some(DisplayRow::fact(name, text.as_ref()?))));
    // Mapped fields are texts or lists of texts; kept claims may be any JSON.
    facts.extend(fields.iter().map(|(name, value)| DisplayRow::fact(name, shown(value))));
    let tenant_name = names.tenants.get(tenant).cloned().unwrap_or_default();
    facts.push(DisplayRow { id: tenant.to_string(), ..DisplayRow::fact("Tenant", tenant_name) });
    let origin = origin.and_then(|id| names.origins.get(&id));
    facts.extend(origin.map(|origin| DisplayRow::fact("Imported from", origin)));
    facts.push(DisplayRow::fact("ID", id.to_string()));
    facts.push(DisplayRow::moment("Created", *created_at));
    facts.extend(updated_at.map(|at| DisplayRow::moment("Changed", at)));
    facts
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn link(link: DirectoryLink) -> DisplayRow {
    let DirectoryLink { provider, provider_name, external_id, dn, state, seen_at, created_at: _, updated_at: _ } = link;
    let (meant, label) = match state {
        LinkState::Present => (Some(StepStatus::Ok), "Present"),
        LinkState::Disabled => (None, "Disabled"),
        LinkState::Vanished => (Some(StepStatus::Warning), "Vanished"),
    };
    DisplayRow {
        id: provider.to_string(),
        name: provider_name,
        note: dn,
        state: meant,
        label: label.to_owned(),
        texts: vec![external_id],
        at: seen_at,
        ms: None,
    }
}
