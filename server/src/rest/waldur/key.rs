//! Keys: Waldur's name of a platform-wide provider, which is its slug.

use vestibule_app::domain::provider::Slug;

/// Names of the action endpoints, which stand where a provider's key does.
pub(crate) const RESERVED_SLUGS: [&str; 2] = ["discover_metadata", "generate-mapping"];

/// Whether a provider may have this key. No provider has another one, so the store need not be queried.
pub(super) fn is_key(text: &str) -> bool {
    Slug::platform(text).is_ok() && !RESERVED_SLUGS.contains(&text)
}
