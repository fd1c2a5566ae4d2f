//! Which users have certain names or addresses.

use uuid::Uuid;
use vestibule_app::domain::{
    id::{ProviderId, TenantId, UserId},
    sync::LinkState,
};

use super::{
    super::{Conn, StoreResult, on, text_list},
    plans::for_each_text,
};

/// A user who has one of the names or addresses.
#[derive(Debug, Clone)]
pub(crate) struct NameHolder {
    pub(crate) user: UserId,
    pub(crate) username: String,
    pub(crate) folded_username: String,
    pub(crate) folded_email: Option<String>,
    /// The provider's link to the user, also when its entry has vanished.
    pub(crate) link: Option<HolderLink>,
    /// Whether a provider signs the user in, or did.
    pub(crate) signs_in: bool,
}

/// The provider's link to such a user.
#[derive(Debug, Clone)]
pub(crate) struct HolderLink {
    pub(crate) external_id: String,
    pub(crate) dn: String,
    pub(crate) is_vanished: bool,
}

/// The users of a tenant who have one of the names or addresses, both folded.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_user.find_holders")]
pub(crate) async fn find_holders(
    conn: &mut Conn<'_>,
    tenant: TenantId,
    provider: ProviderId,
    usernames: &[String],
    emails: &[String],
) -> StoreResult<Vec<NameHolder>> {
    // Links are looked up for the few users that are found: PostgreSQL would plan a join for empty tables.
    let link = |column: &str| {
        format!(
            "(SELECT l.{column} FROM vestibule_directory_links l WHERE l.user_id = u.id AND l.idp_id = $2) AS {column}"
        )
    };
    let columns = format!(
        "u.id, u.username, u.username_folded, u.email_folded, {}, {}, {}, \
         EXISTS (SELECT 1 FROM vestibule_identity_links i WHERE i.user_id = u.id) AS signs_in",
        link("external_id"),
        link("dn"),
        link("state")
    );
    let one = |column: &str, parameter: u8| {
        let users = format!("vestibule_users u WHERE u.tenant_id = $1 AND u.{column} = w.value");
        for_each_text(conn, parameter, &columns, &users)
    };
    let sql = format!("{} UNION {}", one("username_folded", 3), one("email_folded", 4));
    let usernames = text_list(usernames.iter().map(String::as_str));
    let emails = text_list(emails.iter().map(String::as_str));
    let rows: Vec<HolderRow> = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(tenant.0).bind(provider.0).bind(usernames).bind(emails).fetch_all(&mut **c).await?);
    let holder = |row: HolderRow| {
        let HolderRow { id, username, username_folded, email_folded, external_id, dn, state, signs_in } = row;
        let link = external_id.zip(dn).map(|(external_id, dn)| HolderLink {
            external_id,
            dn,
            is_vanished: state.as_deref() == Some(LinkState::Vanished.as_str()),
        });
        NameHolder {
            user: UserId(id),
            username,
            folded_username: username_folded,
            folded_email: email_folded,
            link,
            signs_in,
        }
    };
    Ok(rows.into_iter().map(holder).collect())
}

#[derive(sqlx::FromRow)]
struct HolderRow {
    id: Uuid,
    username: String,
    username_folded: String,
    email_folded: Option<String>,
    external_id: Option<String>,
    dn: Option<String>,
    state: Option<String>,
    signs_in: bool,
}
