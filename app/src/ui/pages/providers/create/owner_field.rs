//! The owner of a provider: the platform, or a tenant within the person's reach.

use leptos::prelude::*;

use super::state::CreateState;
use crate::{
    api::tenants::list_tenants,
    domain::{
        page::{Page, PageRequest},
        tenant::TenantFilter,
    },
    ui::{
        components::{Callout, Choice, Field, SelectField, Tone},
        state::use_load,
    },
};

/// How many tenants the choice lists before one has to search.
const LISTED: u32 = 100;

/// The choice of the owner.
#[component]
pub fn OwnerField(
    /// The state of creating.
    state: CreateState,
) -> impl IntoView {
    let owner = state.options.owner;
    let search = RwSignal::new(String::new());
    let tenants = use_load(move || {
        let search = Some(search.get().trim().to_owned()).filter(|text| !text.is_empty());
        list_tenants(TenantFilter { search, ..TenantFilter::default() }, PageRequest { offset: 0, limit: LISTED })
    });
    let has_more = RwSignal::new(false);
    Effect::new(move || {
        if let Some(Ok(Page { total, .. })) = tenants.get() {
            has_more.update(|more| *more |= total > u64::from(LISTED));
        }
    });
    let choices = Signal::derive(move || {
        let mut choices = Vec::new();
        if state.may_own_platform() {
            choices.push(Choice::new("", "Platform"));
        } else if owner.with(String::is_empty) {
            choices.push(Choice::new("", "Choose a tenant"));
        }
        let listed = tenants.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default();
        choices.extend(listed.into_iter().map(|tenant| Choice::new(tenant.id.to_string(), tenant.name)));
        // A tenant that was chosen before and is not listed now stays chosen.
        let chosen = owner.get();
        if !choices.iter().any(|choice| choice.value == chosen) {
            choices.push(Choice::new(chosen.clone(), format!("Tenant {chosen}")));
        }
        choices
    });
    Effect::new(move || {
        let chosen = owner.get();
        let choice = choices.with(|choices| choices.iter().find(|choice| choice.value == chosen).cloned());
        state.owner_name.set(choice.map(|choice| choice.label).unwrap_or_default());
    });
    view! {
        <SelectField
            label="Owner"
            name="owner"
            value=owner
            choices
            help="A provider of the platform can serve several tenants. A tenant's provider serves that tenant only, and the tenant's administrators can manage it."
        />
        <Show when=move || has_more.get()>
            <Field
                label="Find a tenant"
                name="owner_search"
                value=search
                optional=true
                help="Not all tenants are listed. Enter part of the name."
            />
        </Show>
        {move || {
            tenants
                .get()
                .and_then(Result::err)
                .map(|error| view! { <Callout tone=Tone::Warning title=format!("The tenants could not be listed. {}", error.explain()) /> })
        }}
    }
}
