//! Where the sealing key comes from, and making one at the first start.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use vestibule_app::domain::secret::Secret;

use super::error::{ConfigError, invalid};
use crate::{core::vault::Vault, store::DatabaseUrl};

/// Where the sealing key comes from.
#[derive(Debug, Clone)]
pub enum KeySource {
    /// The text of `VESTIBULE_KEY`.
    Given(Secret),
    /// A file.
    File(PathBuf),
    /// Nothing was configured, and there is no file to put one beside.
    Missing,
}

impl KeySource {
    pub(super) fn choose(file: Option<PathBuf>, database: &DatabaseUrl) -> Self {
        match (key_from_environment(), file, database) {
            (Some(key), ..) => Self::Given(Secret::new(key)),
            (None, Some(file), _) => Self::File(file),
            (None, None, DatabaseUrl::Sqlite(path)) => Self::File(path.with_file_name("vestibule.key")),
            (None, None, DatabaseUrl::Postgres(_)) => Self::Missing,
        }
    }
}

/// The key itself comes from the environment alone: arguments are visible to other processes.
#[expect(clippy::disallowed_methods, reason = "this is config")]
fn key_from_environment() -> Option<String> {
    std::env::var("VESTIBULE_KEY").ok()
}

/// Reads the key. A missing file is created, readable by its owner alone, only when `may_create` says that the
/// database holds nothing that another key sealed.
///
/// # Errors
/// When there is no key, or it cannot be read or created; the message says what to do.
pub fn load_vault(source: &KeySource, may_create: bool) -> Result<Vault, ConfigError> {
    let text = match source {
        KeySource::Given(text) => text.clone(),
        KeySource::File(path) => read_or_create(path, may_create)?,
        KeySource::Missing => {
            let message = "set VESTIBULE_KEY or VESTIBULE_KEY_FILE; every node needs the same key. \
                           `head -c 32 /dev/urandom | base64` makes one";
            return Err(invalid("key_file", message));
        }
    };
    Vault::parse(text.expose()).map_err(|error| invalid("key_file", error))
}

fn read_or_create(path: &Path, may_create: bool) -> Result<Secret, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable { path: path.display().to_string(), source };
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Secret::new(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && may_create => {
            let key = Vault::generate();
            write_private(path, &key).map_err(unreadable)?;
            // Another process may have been faster; what stands in the file counts.
            std::fs::read_to_string(path).map(Secret::new).map_err(unreadable)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let message = format!(
                "{} does not exist, and the database holds secrets that were sealed with a key. Restore that key from \
                 your backup, or name its file",
                path.display()
            );
            Err(invalid("key_file", message))
        }
        Err(error) => Err(unreadable(error)),
    }
}

/// Creates the file with mode 0600; an existing one stays as it is.
fn write_private(path: &Path, key: &Secret) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(mut file) => {
            writeln!(
                file,
                "# Seals the secrets in Vestibule's database. Keep a copy apart from the database's backup."
            )?;
            writeln!(file, "{}", key.expose())?;
            file.sync_all()
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// Puts a new key before the others of a file, replacing the file in one step.
///
/// # Errors
/// When the file cannot be read or written.
pub fn prepend_key(path: &Path, key: &Secret) -> Result<(), ConfigError> {
    let unwritable = |source| ConfigError::Unreadable { path: path.display().to_string(), source };
    let before = std::fs::read_to_string(path).map_err(unwritable)?;
    let next = path.with_extension("key.new");
    let _ = std::fs::remove_file(&next);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let write = || -> std::io::Result<()> {
        let mut file = options.open(&next)?;
        writeln!(file, "{}", key.expose())?;
        file.write_all(before.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&next, path)
    };
    write().map_err(unwritable)
}
