//! The HTTP dialects: the same providers in the APIs that other products' clients expect.
//!
//! A dialect translates. It knows the services and its own wire types, never the store, never another dialect; permissions,
//! validation and storage are behind [`vestibule_app::service`].

pub(crate) mod aveva;
mod body;
pub(crate) mod http;
pub(crate) mod openapi;
pub(crate) mod scaikey;
mod state;
mod unchanged;
pub(crate) mod waldur;

use vestibule_app::domain::provider::ReservedSlugs;

pub(crate) use state::{RestParts, RestState};

/// The slugs that dialects have other uses for. A dialect reserves them while it is not mounted too: it may be mounted
/// later, or by another node.
pub(crate) fn reserved_slugs() -> ReservedSlugs {
    waldur::RESERVED_SLUGS.into_iter().collect()
}

/// The description of every dialect, mounted or not, and of the API of sign-ins.
pub const DESCRIPTIONS: [openapi::Description; 4] =
    [waldur::DESCRIPTION, scaikey::DESCRIPTION, aveva::DESCRIPTION, scaikey::sign_ins::DESCRIPTION];
