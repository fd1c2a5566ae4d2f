//! Searching providers: what searches look into, and the condition that finds it.
//!
//! The text lies in a narrow table with an index of its trigrams. A term is looked up there once: when few providers have
//! it, the list reads exactly those; with one that many have, it is read in its order until the page is full. Terms
//! shorter than three characters have no trigram, and are looked for in every text.

use uuid::Uuid;
use vestibule_app::domain::{
    id::ProviderId,
    provider::{IdentityProvider, LdapConfig, OidcConfig, ProviderConfig, SamlConfig},
};

use super::{
    super::{Conn, StoreResult, on},
    like_pattern,
};

/// How many providers a term may find to count as rare. Beyond it, one of a hundred rows or so fits.
const RARE: u64 = 1000;

/// Where texts are looked through.
const NARROW: &str = "vestibule_provider_search s WHERE";

/// What a list looks for.
pub(super) struct Search {
    /// Binds to the condition's one number.
    pub(super) text: String,
    /// How many live providers have it; nothing when they are more than are rare.
    pub(super) found: Option<u64>,
}

impl Search {
    /// Judges a term; nothing when it is blank.
    #[tracing::instrument(level = "debug", skip_all, name = "store.provider_search.judge")]
    pub(super) async fn judge(conn: &mut Conn<'_>, term: &str) -> StoreResult<Option<Self>> {
        let term = term.trim().to_lowercase();
        if term.is_empty() {
            return Ok(None);
        }
        // Neither database can hold or look for the character.
        if term.contains('\0') {
            return Ok(Some(Self { text: String::new(), found: Some(0) }));
        }
        let has_trigram = term.chars().nth(2).is_some();
        let (from, text) = match conn {
            // In this order, so that it ends with the last row that is asked for and not with the last that matches.
            Conn::Sqlite(_) if has_trigram => (
                "vestibule_provider_search_index f CROSS JOIN vestibule_provider_search s ON s.id = f.rowid \
                 WHERE vestibule_provider_search_index MATCH $1"
                    .to_owned(),
                format!("\"{}\"", term.replace('"', "\"\"")),
            ),
            Conn::Postgres(_) if has_trigram => {
                (format!("{NARROW} s.search_text LIKE $1 ESCAPE '\\'"), like_pattern(&term))
            }
            _ => (format!("{NARROW} {}", holds(conn, "s.search_text", 1)), term.clone()),
        };
        let sql = format!("SELECT s.idp_id FROM {from} LIMIT {}", RARE + 1);
        let found: Vec<(Uuid,)> =
            on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(text).fetch_all(&mut **c).await?);
        Ok(Some(match u64::try_from(found.len()) {
            Ok(count) if count <= RARE => Self { text: listed(conn, &found), found: Some(count) },
            _ => Self { text: term, found: None },
        }))
    }

    /// The condition on a provider `p`; the text is bound to `number`.
    pub(super) fn condition(&self, conn: &Conn<'_>, number: usize) -> String {
        match (self.found, conn) {
            (Some(_), Conn::Sqlite(_)) => format!("p.id IN (SELECT unhex(value) FROM json_each(${number}))"),
            (Some(_), Conn::Postgres(_)) => format!("p.id = ANY (string_to_array(${number}, ',')::uuid[])"),
            // A scalar, so that PostgreSQL keeps to the list's order instead of joining everything first.
            (None, _) => {
                holds(conn, "(SELECT s.search_text FROM vestibule_provider_search s WHERE s.idp_id = p.id)", number)
            }
        }
    }

    /// Counts the providers that have a term which many have; the text is bound to `$1`.
    pub(super) fn count(conn: &Conn<'_>) -> String {
        format!("SELECT COUNT(*) FROM vestibule_provider_search s WHERE {}", holds(conn, "s.search_text", 1))
    }
}

/// Identifiers in one text, as [`Search::condition`] reads them.
fn listed(conn: &Conn<'_>, found: &[(Uuid,)]) -> String {
    let ids: Vec<String> = found.iter().map(|(id,)| id.simple().to_string()).collect();
    match conn {
        Conn::Sqlite(_) => format!("[\"{}\"]", ids.join("\",\"")),
        Conn::Postgres(_) => ids.join(","),
    }
}

/// Whether a text holds another. The databases name the function differently.
fn holds(conn: &Conn<'_>, text: &str, number: usize) -> String {
    let function = match conn {
        Conn::Sqlite(_) => "instr",
        Conn::Postgres(_) => "strpos",
    };
    format!("{function}({text}, ${number}) > 0")
}

/// What searches look into: name, display name, slug, and what names the provider in its protocol.
fn search_text(provider: &IdentityProvider) -> String {
    let mut parts = vec![provider.name.as_str(), provider.slug.as_str()];
    parts.extend(provider.display_name.as_deref());
    match &provider.config {
        ProviderConfig::Oidc(OidcConfig { issuer, discovery_url, client_id, .. }) => {
            parts.extend(issuer.as_deref());
            parts.extend([discovery_url.as_str(), client_id.as_str()]);
        }
        ProviderConfig::Saml(SamlConfig { entity_id, .. }) => parts.push(entity_id),
        ProviderConfig::Ldap(LdapConfig { urls, .. }) => parts.extend(urls.iter().map(String::as_str)),
    }
    parts.join("\n").to_lowercase()
}

/// Lets searches find a provider by what it says now.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider_search.put")]
pub(super) async fn put(conn: &mut Conn<'_>, provider: &IdentityProvider) -> StoreResult<()> {
    // The label is part of the text: where the text stays, so does the label.
    const SQL: &str = "INSERT INTO vestibule_provider_search (idp_id, search_text, label) VALUES ($1, $2, $3) \
        ON CONFLICT (idp_id) DO UPDATE SET search_text = excluded.search_text, label = excluded.label \
        WHERE vestibule_provider_search.search_text <> excluded.search_text";
    let (text, label) = (search_text(provider), provider.label().to_lowercase());
    on!(conn, c => { sqlx::query(SQL).bind(provider.id.0).bind(text).bind(label).execute(&mut **c).await?; });
    Ok(())
}

/// Lets no search find a provider any more.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider_search.remove")]
pub(super) async fn remove(conn: &mut Conn<'_>, id: ProviderId) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_provider_search WHERE idp_id = $1";
    on!(conn, c => { sqlx::query(SQL).bind(id.0).execute(&mut **c).await?; });
    Ok(())
}
