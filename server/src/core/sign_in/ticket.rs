//! The ticket of a test sign-in: a sealed text in the address that an administrator opens.
//!
//! It names the caller who began the test, and the browser with the portal where there is one: a ticket that was sent to
//! somebody else then does not make that person sign in. It is used up when it is opened.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use vestibule_app::domain::{
    actor::{Actor, Identity},
    id::{ProviderId, SignInId, TenantId},
    timestamp::Timestamp,
};

use super::{
    failure::Obstacle,
    reason::{BAD_TICKET, OTHER_BROWSER},
};
use crate::core::{
    keys::Keys,
    random::sha256_hex,
    vault::{SecretLocation, VaultError},
};

/// How long a ticket can be used, in seconds.
const LIFETIME_SECONDS: i64 = 5 * 60;

/// A test sign-in that may begin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ticket {
    pub(super) id: SignInId,
    pub(super) reference: String,
    pub(super) at: Timestamp,
    pub(super) tenant: TenantId,
    pub(super) provider: ProviderId,
    /// Counts once.
    pub(super) once: SignInId,
    /// Who reads the result.
    pub(super) tester: String,
    /// SHA-256 of the cookie of the browser that the test belongs to.
    pub(super) browser: Option<String>,
}

impl Ticket {
    /// Until when its use is stored: after the last moment at which a node with a slow clock accepts it.
    pub(super) fn used_until(&self) -> Timestamp {
        self.at.plus_seconds(2 * LIFETIME_SECONDS)
    }
}

/// Identifies a caller among all callers.
pub(super) fn tester_of(actor: &Actor) -> String {
    match &actor.identity {
        Identity::Anonymous => "anonymous".to_owned(),
        Identity::Token { id, .. } => format!("token {id}"),
        Identity::Administrator { id, .. } => format!("administrator {id}"),
        Identity::Subject { name } => format!("subject {name}"),
        Identity::Host { name } => format!("host {name}"),
        Identity::Operator => "operator".to_owned(),
    }
}

/// Seals tickets and opens them.
#[derive(Clone)]
pub(super) struct TicketSealer {
    pub(super) keys: Arc<Keys>,
}

impl TicketSealer {
    pub(super) fn seal(&self, ticket: &Ticket) -> Result<String, VaultError> {
        let text = serde_json::to_string(ticket).map_err(|_| VaultError::Sealing)?;
        Ok(URL_SAFE_NO_PAD.encode(self.keys.vault().seal(PLACE, &text)?))
    }

    /// Opens a ticket that is young enough, in the browser that it belongs to.
    pub(super) fn open(&self, text: &str, browser: Option<&str>, now: Timestamp) -> Result<Ticket, Obstacle> {
        let ticket = self.read(text).ok_or(Obstacle::Ticket(BAD_TICKET))?;
        if ticket.at > now.latest_elsewhere() || now.elapsed_since(ticket.at) >= LIFETIME_SECONDS {
            return Err(Obstacle::Ticket(BAD_TICKET));
        }
        if ticket.browser.is_some() && ticket.browser != browser.map(sha256_hex) {
            return Err(Obstacle::Ticket(OTHER_BROWSER));
        }
        Ok(ticket)
    }

    fn read(&self, text: &str) -> Option<Ticket> {
        let sealed = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let opened = self.keys.open_untrusted(|vault| vault.open(PLACE, &sealed)).ok()?;
        serde_json::from_str(opened.expose()).ok()
    }
}

const PLACE: SecretLocation<'static> = SecretLocation { table: "sign_in", row: "test", column: "ticket" };
