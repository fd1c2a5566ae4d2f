//! Files that their owner alone may read.

use std::fs::OpenOptions;

/// How a file for the owner alone is opened.
pub(super) fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
