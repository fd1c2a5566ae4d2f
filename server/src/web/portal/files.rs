//! The files of the built portal, embedded compressed. Nearly every client takes one of the two forms, so the plain form,
//! which would be a tenth of the binary, is unpacked when a client first asks for it.

use std::{io::Read, sync::OnceLock};

use flate2::read::GzDecoder;

/// A file of the built portal.
pub(super) struct Asset {
    pub(super) name: &'static str,
    pub(super) content_type: &'static str,
    pub(super) brotli: &'static [u8],
    pub(super) gzip: &'static [u8],
    plain: OnceLock<Vec<u8>>,
}

impl Asset {
    pub(super) const fn new(
        name: &'static str,
        content_type: &'static str,
        brotli: &'static [u8],
        gzip: &'static [u8],
    ) -> Self {
        Self { name, content_type, brotli, gzip, plain: OnceLock::new() }
    }

    /// The file as it is.
    pub(super) fn plain(&self) -> &[u8] {
        self.plain.get_or_init(|| {
            let mut plain = Vec::new();
            // The build script wrote it, so it is complete.
            if let Err(error) = GzDecoder::new(self.gzip).read_to_end(&mut plain) {
                tracing::error!(name = self.name, %error, "an embedded file of the portal is damaged");
            }
            plain
        })
    }
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The page that starts the portal.
pub(super) const INDEX: &str = "index.html";

/// Finds a file by its name.
pub(super) fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.binary_search_by(|asset| asset.name.cmp(name)).ok().map(|position| &ASSETS[position])
}
