//! The files of the built portal, embedded as they are and compressed.

/// A file of the built portal.
pub(super) struct Asset {
    pub(super) name: &'static str,
    pub(super) content_type: &'static str,
    pub(super) plain: &'static [u8],
    pub(super) brotli: &'static [u8],
    pub(super) gzip: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The page that starts the portal.
pub(super) const INDEX: &str = "index.html";

/// Finds a file by its name.
pub(super) fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.binary_search_by(|asset| asset.name.cmp(name)).ok().map(|position| &ASSETS[position])
}
