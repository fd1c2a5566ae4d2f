//! The provider that the tabs are about: loaded once, refreshed after each change.

use leptos::prelude::*;

use crate::{
    api::{ApiError, providers::get_provider},
    domain::{actor::Permission, id::ProviderId, provider::detail::ProviderDetail},
    ui::state::{Load, Session, ViewScope, use_load},
};

/// The provider that the tabs are about.
#[derive(Clone, Copy)]
pub struct ProviderState {
    /// Which one.
    pub id: ProviderId,
    load: Load<ProviderDetail>,
    /// The newest version that was loaded, or how loading failed before there was one.
    shown: Memo<Option<Answer>>,
    own_write: RwSignal<Option<OwnWrite>>,
    session: Session,
    /// The page, which outlives its tabs.
    pub scope: ViewScope,
}

type Answer = Result<ProviderDetail, ApiError>;

/// A change made by this page: it took the provider from one version to the next, so that open forms with the previous
/// version can continue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnWrite {
    /// The version that was changed.
    pub from: i64,
    /// The version after the change.
    pub to: i64,
}

impl ProviderState {
    /// Provides the provider to the tabs and loads it.
    pub fn provide(id: ProviderId) -> Self {
        let load = use_load(move || get_provider(id));
        let state = Self {
            id,
            load,
            shown: Memo::new(move |shown: Option<&Option<Answer>>| newer(shown.cloned().flatten(), load.get())),
            own_write: RwSignal::new(None),
            session: Session::current(),
            scope: ViewScope::current(),
        };
        provide_context(state);
        state
    }

    /// The provider of the page around.
    pub fn current() -> Self {
        expect_context()
    }

    /// The provider, once it is there. Tracked.
    pub fn detail(self) -> Option<ProviderDetail> {
        self.read(Clone::clone)
    }

    /// A part of the provider, once it is there. Tracked.
    pub fn read<T>(self, part: impl FnOnce(&ProviderDetail) -> T) -> Option<T> {
        self.shown.with(|answer| answer.as_ref()?.as_ref().ok().map(part))
    }

    /// Whether it is there, or how loading failed when there is nothing to show; `None` while it is loaded. Tracked.
    pub fn outcome(self) -> Option<Result<(), ApiError>> {
        self.shown.with(|answer| Some(answer.as_ref()?.as_ref().map(drop).map_err(Clone::clone)))
    }

    /// Whether the signed-in person may change it. For convenience; the server decides. Tracked.
    pub fn may_edit(self) -> bool {
        self.session.allows(Permission::ManageProviders)
    }

    /// Whether the signed-in person may do this within their reach. For convenience; the server decides. Tracked.
    pub fn allows(self, permission: Permission) -> bool {
        self.session.allows(permission)
    }

    /// Whether the signed-in person may read the audit log. Tracked.
    pub fn may_audit(self) -> bool {
        self.session.allows(Permission::ViewAudit)
    }

    /// The version that is shown.
    pub fn version(self) -> i64 {
        untrack(|| self.read(|detail| detail.provider.version)).unwrap_or_default()
    }

    /// The last change that this page made itself. Tracked.
    pub fn own_write(self) -> Option<OwnWrite> {
        self.own_write.get()
    }

    /// Records a change made by this page, and reloads.
    pub fn wrote(self, from: i64, to: i64) {
        self.own_write.set(Some(OwnWrite { from, to }));
        self.reload();
    }

    /// Loads it again; what is shown stays meanwhile.
    pub fn reload(self) {
        self.load.refetch();
    }

    /// How the last call failed, also while an earlier answer is shown. Tracked: every answer notifies.
    pub fn last_failure(self) -> Option<ApiError> {
        self.load.with(|answer| answer.as_ref()?.as_ref().err().cloned())
    }
}

/// What is shown after an answer: a provider stays when loading it again fails or returns an earlier version.
fn newer(shown: Option<Answer>, answer: Option<Answer>) -> Option<Answer> {
    match (shown, answer) {
        (Some(Ok(shown)), Some(Ok(answer))) if answer.provider.version >= shown.provider.version => Some(Ok(answer)),
        (Some(Ok(shown)), _) => Some(Ok(shown)),
        (_, answer) => answer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::provider::IdentityProvider, ui::pages::providers::forms::fixtures::provider};

    fn answer(version: i64) -> Option<Answer> {
        Some(Ok(ProviderDetail {
            provider: IdentityProvider { version, ..provider() },
            owner_name: None,
            callback_url: String::new(),
            discovery: None,
            health: None,
            changed_by: None,
            has_lost_secret: false,
        }))
    }

    #[test]
    fn an_earlier_version_or_a_failure_replaces_nothing() {
        let failed = || Some(Err(ApiError::Offline));
        assert_eq!(newer(None, failed()), failed());
        assert_eq!(newer(failed(), answer(1)), answer(1));
        assert_eq!(newer(answer(2), answer(1)), answer(2));
        assert_eq!(newer(answer(2), failed()), answer(2));
        assert_eq!(newer(answer(2), answer(2)), answer(2));
        assert_eq!(newer(answer(2), answer(3)), answer(3));
    }
}
