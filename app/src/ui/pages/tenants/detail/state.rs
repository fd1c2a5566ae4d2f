//! The tenant that the tabs are about.

use leptos::prelude::*;

use crate::{
    api::{ApiError, tenants::get_tenant},
    domain::{
        actor::{Owner, Permission},
        id::TenantId,
        tenant::TenantDetail,
    },
    ui::state::{Load, Session, use_load},
};

/// The tenant that the tabs are about.
#[derive(Clone, Copy)]
pub struct TenantState {
    /// Which one.
    pub id: TenantId,
    load: Load<TenantDetail>,
    session: Session,
}

impl TenantState {
    /// Provides the tenant to the tabs and loads it.
    pub fn provide(id: TenantId) -> Self {
        let state = Self { id, load: use_load(move || get_tenant(id)), session: Session::current() };
        provide_context(state);
        state
    }

    /// The tenant of the page around.
    pub fn current() -> Self {
        expect_context()
    }

    /// The tenant, once it is there. Tracked.
    pub fn detail(self) -> Option<TenantDetail> {
        self.read(Clone::clone)
    }

    /// A part of the tenant, once it is there. Tracked.
    pub fn read<T>(self, part: impl FnOnce(&TenantDetail) -> T) -> Option<T> {
        self.load.and_then(part)?.ok()
    }

    /// The name to show; empty before it is there. Tracked.
    pub fn name(self) -> String {
        self.read(|detail| detail.tenant.name.clone()).unwrap_or_default()
    }

    /// How loading failed. Tracked.
    pub fn failure(self) -> Option<ApiError> {
        self.load.with(|answer| answer.as_ref()?.as_ref().err().cloned())
    }

    /// Whether the signed-in person may do this to the tenant. For convenience; the server decides. Tracked.
    pub fn can(self, permission: Permission) -> bool {
        let partner = self.read(|detail| detail.tenant.partner.clone()).flatten();
        self.session.can(permission, Owner::Tenant { id: self.id, partner: partner.as_deref() })
    }

    /// The version that is shown.
    pub fn version(self) -> i64 {
        untrack(|| self.read(|detail| detail.tenant.version)).unwrap_or_default()
    }

    /// Loads it again; what is shown stays meanwhile.
    pub fn reload(self) {
        self.load.refetch();
    }
}
