//! Choosing a role and its scope.

use leptos::prelude::*;

use crate::{
    api::tenants::list_tenants,
    domain::{
        actor::{Grant, Role, RoleNeeds},
        page::PageRequest,
        tenant::TenantFilter,
    },
    ui::{
        components::{Choice, Field, SelectField},
        state::use_load,
    },
};

/// How many tenants the choice offers; beyond that the field takes an identifier.
const TENANTS_OFFERED: u32 = 200;

/// A grant while it is chosen.
#[derive(Clone, Copy)]
pub(super) struct GrantForm {
    pub(super) role: RwSignal<String>,
    pub(super) tenant: RwSignal<String>,
    pub(super) partner: RwSignal<String>,
    checked: RwSignal<bool>,
}

impl GrantForm {
    pub(super) fn new(role: Role) -> Self {
        Self {
            role: RwSignal::new(role.as_str().to_owned()),
            tenant: RwSignal::new(String::new()),
            partner: RwSignal::new(String::new()),
            checked: RwSignal::new(false),
        }
    }

    /// Shows a current grant.
    pub(super) fn fill(self, grant: &Grant) {
        self.role.set(grant.role.as_str().to_owned());
        self.tenant.set(grant.tenant.map(|tenant| tenant.to_string()).unwrap_or_default());
        self.partner.set(grant.partner.clone().unwrap_or_default());
        self.checked.set(false);
    }

    fn needs(self) -> RoleNeeds {
        self.role.with(|role| role.parse::<Role>()).map_or(RoleNeeds::Nothing, Role::needs)
    }

    /// The grant when it is complete; otherwise the fields show their problems from now on.
    pub(super) fn confirmed(self) -> Option<Grant> {
        self.checked.set(true);
        grant_of(&self.role.get_untracked(), &self.tenant.get_untracked(), &self.partner.get_untracked())
    }
}

fn grant_of(role: &str, tenant: &str, partner: &str) -> Option<Grant> {
    let role = role.parse::<Role>().ok()?;
    let partner = partner.trim();
    match role.needs() {
        RoleNeeds::Nothing => Some(Grant::platform(role)),
        RoleNeeds::Tenant => Some(Grant { role, tenant: Some(tenant.trim().parse().ok()?), partner: None }),
        RoleNeeds::Partner => {
            (!partner.is_empty()).then(|| Grant { role, tenant: None, partner: Some(partner.to_owned()) })
        }
    }
}

/// The role, and the tenant or partner where the role needs one.
#[component]
pub(super) fn GrantFields(
    /// What is chosen.
    form: GrantForm,
) -> impl IntoView {
    let roles = Role::ALL.into_iter().map(|role| Choice::new(role.as_str(), role.label())).collect::<Vec<_>>();
    let needs = Memo::new(move |_| match form.needs() {
        RoleNeeds::Nothing => 0_u8,
        RoleNeeds::Tenant => 1,
        RoleNeeds::Partner => 2,
    });
    let missing = move |text: &'static str, value: RwSignal<String>| {
        Signal::derive(move || {
            (form.checked.get() && value.with(|value| value.trim().is_empty())).then(|| text.to_owned())
        })
    };
    view! {
        <SelectField label="Role" name="role" value=form.role choices=roles help="Determines what can be seen and changed." />
        {move || match needs.get() {
            1 => view! { <TenantField form /> }.into_any(),
            2 => view! {
                <Field
                    label="Partner"
                    name="partner"
                    value=form.partner
                    help="The partner's name as in its tenants."
                    error=missing("Enter the partner.", form.partner)
                />
            }
            .into_any(),
            _ => ().into_any(),
        }}
    }
}

#[component]
fn TenantField(form: GrantForm) -> impl IntoView {
    let tenants = use_load(|| list_tenants(TenantFilter::default(), PageRequest { offset: 0, limit: TENANTS_OFFERED }));
    let error = Signal::derive(move || {
        (form.checked.get() && form.tenant.with(|id| id.trim().parse::<crate::domain::id::TenantId>().is_err()))
            .then(|| "Choose the tenant that the role holds for.".to_owned())
    });
    move || {
        match tenants.get() {
        // A list without all tenants could lack the wanted one.
        Some(Ok(page)) if page.total <= u64::from(TENANTS_OFFERED) => {
            let choices = std::iter::once(Choice::new("", "Choose a tenant"))
                .chain(page.items.into_iter().map(|tenant| Choice::new(tenant.id.to_string(), tenant.name)))
                .collect::<Vec<_>>();
            view! { <SelectField label="Tenant" name="tenant" value=form.tenant choices error /> }.into_any()
        }
        Some(_) => {
            view! { <Field label="Tenant ID" name="tenant" value=form.tenant monospace=true help="The tenant's UUID." error /> }.into_any()
        }
        None => view! { <p class="field-help" role="status">"Loading the tenants"</p> }.into_any(),
    }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_role_is_incomplete_without_a_tenant() {
        assert!(grant_of("tenant_admin", "", "").is_none());
        assert!(grant_of("partner_admin", "", " ").is_none());
        assert_eq!(grant_of("platform_reader", "", ""), Some(Grant::platform(Role::PlatformReader)));
    }
}
