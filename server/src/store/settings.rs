//! Named values of the installation: the sealed check value of the key, the hash of the set-up link.

use super::{Conn, StoreResult, on};

#[tracing::instrument(level = "debug", skip_all, name = "store.setting.get")]
pub(crate) async fn get(conn: &mut Conn<'_>, name: &str) -> StoreResult<Option<String>> {
    const SQL: &str = "SELECT value FROM vestibule_settings WHERE name = $1";
    let row: Option<(String,)> = on!(conn, c => sqlx::query_as(SQL).bind(name).fetch_optional(&mut **c).await?);
    Ok(row.map(|(value,)| value))
}

#[tracing::instrument(level = "debug", skip_all, name = "store.setting.set")]
pub(crate) async fn set(conn: &mut Conn<'_>, name: &str, value: &str) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_settings (name, value) VALUES ($1, $2) \
                       ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    on!(conn, c => { sqlx::query(SQL).bind(name).bind(value).execute(&mut **c).await?; });
    Ok(())
}

/// Stores a value unless the name has one, and answers the value that stands there now. Decides a race between nodes.
#[tracing::instrument(level = "debug", skip_all, name = "store.setting.set_if_absent")]
pub(crate) async fn set_if_absent(conn: &mut Conn<'_>, name: &str, value: &str) -> StoreResult<String> {
    const SQL: &str = "INSERT INTO vestibule_settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    on!(conn, c => { sqlx::query(SQL).bind(name).bind(value).execute(&mut **c).await?; });
    Ok(get(conn, name).await?.unwrap_or_else(|| value.to_owned()))
}

#[tracing::instrument(level = "debug", skip_all, name = "store.setting.remove")]
pub(crate) async fn remove(conn: &mut Conn<'_>, name: &str) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_settings WHERE name = $1";
    on!(conn, c => { sqlx::query(SQL).bind(name).execute(&mut **c).await?; });
    Ok(())
}

/// Removes a value if it still is the one seen. Of two transactions that try, one succeeds.
#[tracing::instrument(level = "debug", skip_all, name = "store.setting.take")]
pub(crate) async fn take(conn: &mut Conn<'_>, name: &str, seen: Option<&str>) -> StoreResult<bool> {
    const SQL: &str = "DELETE FROM vestibule_settings WHERE name = $1 AND value = $2";
    Ok(on!(conn, c => sqlx::query(SQL).bind(name).bind(seen).execute(&mut **c).await?.rows_affected()) == 1)
}
