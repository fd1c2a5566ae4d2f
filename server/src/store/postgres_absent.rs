//! Stands in for PostgreSQL in a build without the feature `postgres`: types without values, so that no code of it runs.

use sqlx::migrate::Migrator;

use super::{StoreResult, work::Work};

#[derive(Debug, Clone, Copy)]
pub(super) enum TimeLimits {
    Request,
    Long,
}

#[derive(Debug, Clone)]
pub(crate) enum PgConnectOptions {}

#[derive(Debug)]
pub(super) enum PostgresServer {}

#[derive(Debug)]
pub(crate) enum PostgresLink {}

impl PostgresServer {
    pub(super) async fn connect(options: &PgConnectOptions) -> StoreResult<Self> {
        match *options {}
    }

    pub(super) async fn migrate(&self, _: Migrator) -> StoreResult<()> {
        match *self {}
    }

    pub(super) async fn read(&self) -> StoreResult<PostgresLink> {
        match *self {}
    }

    pub(super) async fn read_long(&self) -> StoreResult<PostgresLink> {
        match *self {}
    }

    pub(super) async fn begin(&self, _: TimeLimits, _: Work) -> StoreResult<PostgresLink> {
        match *self {}
    }

    pub(super) async fn close(&self) {
        match *self {}
    }
}

impl PostgresLink {
    pub(in crate::store) fn absent(&self) -> ! {
        match *self {}
    }

    pub(super) async fn commit(self) -> Result<(), sqlx::Error> {
        match self {}
    }
}
