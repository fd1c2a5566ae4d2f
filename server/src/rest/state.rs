//! What handlers of every dialect may use.

use std::{ops::Deref, sync::Arc};

use url::Url;
use vestibule_app::service::Services;

use crate::{auth::Bearer, clock::Clock};

/// The state of the dialects. Each request clones it several times, so that it is one pointer.
#[derive(Clone)]
pub(crate) struct RestState(Arc<RestParts>);

impl From<RestParts> for RestState {
    fn from(parts: RestParts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for RestState {
    type Target = RestParts;

    fn deref(&self) -> &RestParts {
        &self.0
    }
}

/// The parts of [`RestState`].
pub(crate) struct RestParts {
    /// The services, through which alone dialects reach the core.
    pub services: Services,
    /// Where the outside world finds this application, with the path it is mounted at.
    pub base_url: Url,
    /// Whether callers without a credential may read the catalogue of providers.
    pub anonymous_reading: bool,
    /// Resolves bearer tokens to callers.
    pub(crate) bearer: Bearer,
    /// The clock.
    pub(crate) clock: Arc<dyn Clock>,
}
