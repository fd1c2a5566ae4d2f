//! Searching providers: what searches look into, and the condition that finds it.
//!
//! The text lies in a narrow table with an index of its trigrams. A term that few providers have is answered from
//! there; with one that many have, the list is read in its order until the page is full. Terms shorter than three
//! characters have no trigram, and are looked for in every text.

use vestibule_app::domain::{
    id::ProviderId,
    provider::{IdentityProvider, LdapConfig, OidcConfig, ProviderConfig, SamlConfig},
};

use super::{
    super::{Conn, StoreResult, on},
    like_pattern,
};

/// How many providers a term may find to count as rare. Beyond it, one of a hundred rows or so fits.
const RARE: u32 = 1000;

/// What a list looks for.
pub(super) struct Search {
    /// Binds to the condition's one number.
    pub(super) text: String,
    kind: Kind,
}

enum Kind {
    /// Few have it, and it has trigrams: the index finds them.
    RareIndexed,
    /// Few have it: they are found in the narrow table.
    RarePlain,
    /// Many have it.
    Common,
}

impl Search {
    /// Judges a term; nothing when it is blank.
    pub(super) async fn judge(conn: &mut Conn<'_>, term: &str) -> StoreResult<Option<Self>> {
        let term = term.trim().to_lowercase();
        if term.is_empty() {
            return Ok(None);
        }
        // Neither database can hold or look for the character.
        if term.contains('\0') {
            return Ok(Some(Self { text: "\u{1}".to_owned(), kind: Kind::RarePlain }));
        }
        let has_trigram = term.chars().nth(2).is_some();
        let rare = if has_trigram {
            Self { text: indexed_text(conn, &term), kind: Kind::RareIndexed }
        } else {
            Self { text: term.clone(), kind: Kind::RarePlain }
        };
        let sql = format!("SELECT COUNT(*) FROM ({} LIMIT {}) AS found", rare.found(conn, 1), RARE + 1);
        let (found,): (i64,) =
            on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(&rare.text).fetch_one(&mut **c).await?);
        Ok(Some(if found <= i64::from(RARE) { rare } else { Self { text: term, kind: Kind::Common } }))
    }

    /// Whether the text is looked for in every row that the list passes.
    pub(super) const fn is_common(&self) -> bool {
        matches!(self.kind, Kind::Common)
    }

    /// The condition on a provider `p`; the text is bound to `number`.
    pub(super) fn condition(&self, conn: &Conn<'_>, number: usize) -> String {
        match self.kind {
            Kind::RareIndexed | Kind::RarePlain => format!("p.id IN ({})", self.found(conn, number)),
            // A scalar, so that PostgreSQL keeps to the list's order instead of joining everything first.
            Kind::Common => {
                holds(conn, "(SELECT s.search_text FROM vestibule_provider_search s WHERE s.idp_id = p.id)", number)
            }
        }
    }

    /// Selects the identifiers of all providers that are found.
    pub(super) fn found(&self, conn: &Conn<'_>, number: usize) -> String {
        let matches = match (&self.kind, conn) {
            (Kind::RareIndexed, Conn::Sqlite(_)) => format!(
                "s.id IN (SELECT rowid FROM vestibule_provider_search_index \
                 WHERE vestibule_provider_search_index MATCH ${number})"
            ),
            (Kind::RareIndexed, Conn::Postgres(_)) => format!("s.search_text LIKE ${number} ESCAPE '\\'"),
            (Kind::RarePlain | Kind::Common, _) => holds(conn, "s.search_text", number),
        };
        format!("SELECT s.idp_id FROM vestibule_provider_search s WHERE {matches}")
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

/// A term as the index of the database reads it: a quoted phrase of FTS5, or a pattern.
fn indexed_text(conn: &Conn<'_>, term: &str) -> String {
    match conn {
        Conn::Sqlite(_) => format!("\"{}\"", term.replace('"', "\"\"")),
        Conn::Postgres(_) => like_pattern(term),
    }
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
pub(super) async fn remove(conn: &mut Conn<'_>, id: ProviderId) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_provider_search WHERE idp_id = $1";
    on!(conn, c => { sqlx::query(SQL).bind(id.0).execute(&mut **c).await?; });
    Ok(())
}
