//! Texts about what suspending or deleting a tenant affects.

use crate::domain::{
    tenant::TenantImpact,
    words::{agree, counted},
};

/// What suspending a tenant affects.
pub fn suspension(impact: TenantImpact) -> String {
    match impact.owned_providers + impact.shared_providers {
        0 => "The tenant has no provider, so its users cannot sign in now either.".to_owned(),
        count => format!("Its users sign in with {}; all of them are locked out.", counted(count, "provider")),
    }
}

/// What is deleted with a tenant, a sentence for each kind. Empty when nothing belongs to it.
pub fn deletion(impact: TenantImpact) -> Vec<String> {
    let TenantImpact { owned_providers, shared_providers, groups, administrators, tokens } = impact;
    [
        (owned_providers, "provider", "deleted with it"),
        (shared_providers, "provider| of the platform", "unlinked, and still available to other tenants"),
        (groups, "group", "deleted with it"),
        (administrators, "administrator", "removed: their role holds for this tenant alone"),
        (tokens, "API token", "revoked"),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, noun, fate)| format!("{} {} {fate}.", counted(count, noun), agree(count, "is", "are")))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deletion_counts_what_there_is_and_nothing_else() {
        let impact = TenantImpact { owned_providers: 1, shared_providers: 2, groups: 3, ..TenantImpact::default() };
        assert_eq!(
            deletion(impact),
            [
                "1 provider is deleted with it.",
                "2 providers of the platform are unlinked, and still available to other tenants.",
                "3 groups are deleted with it.",
            ]
        );
        assert!(deletion(TenantImpact::default()).is_empty());
    }

    #[test]
    fn suspension_counts_own_and_linked_providers() {
        let impact = TenantImpact { owned_providers: 1, shared_providers: 2, ..TenantImpact::default() };
        assert!(suspension(impact).contains("3 providers"));
        assert!(suspension(TenantImpact::default()).contains("has no provider"));
    }
}
