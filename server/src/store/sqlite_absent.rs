//! Stands in for SQLite in a build without the feature `sqlite`: types without values, so that no code of it runs.

use std::path::Path;

use sqlx::migrate::Migrator;
use vestibule_app::domain::problem::DatabaseFault;

use super::{StoreResult, options::DatabaseOptions};

#[derive(Debug, Clone)]
pub(super) enum SqliteFile {}

#[derive(Debug)]
pub(crate) enum SqliteConnection {}

pub(super) type SqliteReader = SqliteConnection;

pub(crate) enum SqliteTransaction {}

impl SqliteFile {
    pub(super) async fn open(_: &Path, _: DatabaseOptions) -> StoreResult<Self> {
        unreachable!("`DatabaseUrl` rejects SQLite without the feature `sqlite`")
    }

    pub(super) async fn migrate(&self, _: Migrator) -> StoreResult<()> {
        match *self {}
    }

    pub(super) fn path(&self) -> Option<&Path> {
        match *self {}
    }

    pub(super) async fn read(&self) -> StoreResult<SqliteReader> {
        match *self {}
    }

    pub(super) async fn begin(&self) -> StoreResult<SqliteTransaction> {
        match *self {}
    }

    pub(super) fn why_waiting(&self) -> DatabaseFault {
        match *self {}
    }

    pub(super) async fn close(&self) {
        match *self {}
    }
}

impl SqliteConnection {
    pub(in crate::store) fn absent(&self) -> ! {
        match *self {}
    }
}

impl SqliteTransaction {
    pub(super) fn conn(&mut self) -> &mut SqliteConnection {
        match *self {}
    }

    pub(super) async fn commit(self) -> Result<(), sqlx::Error> {
        match self {}
    }
}
