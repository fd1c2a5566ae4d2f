//! The provider that the tabs are about: loaded once, refreshed after each change.

use leptos::prelude::*;

use crate::{
    api::{ApiError, providers::get_provider},
    domain::{actor::Permission, id::ProviderId, provider::detail::ProviderDetail},
    ui::state::{Session, ViewScope},
};

/// The provider that the tabs are about.
#[derive(Clone, Copy)]
pub struct ProviderState {
    /// Which one.
    pub id: ProviderId,
    answer: RwSignal<Option<Result<ProviderDetail, ApiError>>>,
    own_write: RwSignal<Option<OwnWrite>>,
    session: Session,
    /// The page, which outlives its tabs.
    pub scope: ViewScope,
}

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
        let state = Self {
            id,
            answer: RwSignal::new(None),
            own_write: RwSignal::new(None),
            session: Session::current(),
            scope: ViewScope::current(),
        };
        provide_context(state);
        state.reload();
        state
    }

    /// The provider of the page around.
    pub fn current() -> Self {
        expect_context()
    }

    /// The provider, once it is there. Tracked.
    pub fn detail(self) -> Option<ProviderDetail> {
        self.answer.with(|answer| answer.as_ref()?.as_ref().ok().cloned())
    }

    /// A part of the provider, once it is there. Tracked.
    pub fn read<T>(self, part: impl FnOnce(&ProviderDetail) -> T) -> Option<T> {
        self.answer.with(|answer| answer.as_ref()?.as_ref().ok().map(part))
    }

    /// Whether it is there. Tracked.
    pub fn is_loaded(self) -> bool {
        self.answer.with(|answer| matches!(answer, Some(Ok(_))))
    }

    /// How loading failed. Tracked.
    pub fn failure(self) -> Option<ApiError> {
        self.answer.with(|answer| answer.as_ref()?.as_ref().err().cloned())
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
        self.note(from, to);
        self.reload();
    }

    /// Records a change made by this page that was read back already.
    pub fn note(self, from: i64, to: i64) {
        self.own_write.set(Some(OwnWrite { from, to }));
    }

    /// Loads it again; what is shown stays meanwhile.
    pub fn reload(self) {
        self.scope.spawn(async move {
            let _ = self.refresh().await;
        });
    }

    /// Loads it again and waits. An error replaces what is shown only when there is nothing to keep.
    pub async fn refresh(self) -> Result<ProviderDetail, ApiError> {
        let answer = get_provider(self.id).await;
        if let Err(error) = &answer {
            self.session.observe(error);
        }
        self.answer.update(|shown| {
            if answer.is_ok() || !matches!(shown, Some(Ok(_))) {
                *shown = Some(answer.clone());
            }
        });
        answer
    }
}
