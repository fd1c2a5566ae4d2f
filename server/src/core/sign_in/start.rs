//! The start of a sign-in, which the browser carries sealed until it comes back (docs/adr/0020).

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vestibule_app::{
    domain::{
        id::{ProviderId, SignInId, TenantId},
        secret::Secret,
        timestamp::Timestamp,
    },
    service::{ProofRequest, StartCookie},
};

use super::{
    lifetime::{LIFETIME_SECONDS, is_over},
    proof::PendingLink,
};
use crate::core::{
    keys::Keys,
    random::{new_secret, sha256_hex},
    vault::{SecretLocation, VaultError},
};

/// How long the use of a start is stored after the start has expired, in seconds: the clocks of nodes differ.
const USE_KEPT_SECONDS: i64 = 2 * 60;

/// The start of a sign-in.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Start {
    /// Counts once.
    pub(super) id: SignInId,
    /// What the person sees when the sign-in fails.
    pub(super) reference: String,
    /// When it began.
    pub(super) at: Timestamp,
    pub(super) tenant: TenantId,
    pub(super) provider: ProviderId,
    /// Where the browser goes afterwards, checked.
    pub(super) return_to: Option<String>,
    /// SHA-256 of the cookie of a session of another tenant, which the person agreed to end.
    #[serde(default)]
    pub(super) replaces: Option<String>,
    /// What the protocol needs again.
    pub(super) carried: Value,
    /// The link that is stored too when the person proves to be its user.
    #[serde(default)]
    pub(super) proves: Option<PendingLink>,
}

impl Start {
    /// Whether it was too long ago, or is ahead of the clock.
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        is_over(self.at, now)
    }

    /// Until when its use is stored: after the last moment at which a node with a slow clock accepts it.
    pub(super) fn used_until(&self) -> Timestamp {
        self.at.plus_seconds(LIFETIME_SECONDS + USE_KEPT_SECONDS)
    }
}

/// The part of a cookie's name that belongs to a `state`. The `state` itself is in addresses and logs, so that it must not
/// be enough to read the cookie's name the other way round.
pub(super) fn key_of(state: &str) -> String {
    sha256_hex(state).chars().take(16).collect()
}

/// Seals starts for browsers, and opens them.
#[derive(Clone)]
pub(super) struct StartSealer {
    pub(super) keys: Arc<Keys>,
}

impl StartSealer {
    /// A new `state`: 256 random bits, and sealed beside them the origin of `return_to`, where it is another one than the
    /// application's own. The page that answers a callback by POST needs the origin, and has no cookie to read it from.
    pub(super) fn new_state(&self, landing_origin: Option<&str>) -> Result<Secret, VaultError> {
        let random = new_secret("");
        let Some(origin) = landing_origin else { return Ok(random) };
        let sealed = self.keys.vault().seal(landing(random.expose()), origin)?;
        Ok(Secret::new(format!("{}.{}", random.expose(), URL_SAFE_NO_PAD.encode(sealed))))
    }

    /// The origin that was sealed into a `state`.
    pub(super) fn landing_origin(&self, state: &str) -> Option<String> {
        let (random, sealed) = state.split_once('.')?;
        let sealed = String::from_utf8(URL_SAFE_NO_PAD.decode(sealed).ok()?).ok()?;
        let opened = self.keys.open_untrusted(|vault| vault.open(landing(random), &sealed)).ok()?;
        Some(opened.expose().to_owned())
    }

    pub(super) fn seal(&self, state: &Secret, start: &Start) -> Result<Secret, VaultError> {
        let text = serde_json::to_string(start).map_err(|_| VaultError::Sealing)?;
        self.keys.vault().seal(place(state.expose()), &text).map(Secret::new)
    }

    /// Seals a link that waits for its proof, under a new token. Returns how the proof begins, and what the browser keeps
    /// until then.
    pub(super) fn seal_link(&self, link: &PendingLink) -> Result<(ProofRequest, StartCookie), VaultError> {
        let token = new_secret("");
        let text = serde_json::to_string(link).map_err(|_| VaultError::Sealing)?;
        let value = self.keys.vault().seal(pending(token.expose()), &text).map(Secret::new)?;
        let token = token.expose();
        Ok((ProofRequest { token: token.to_owned(), starts: Vec::new() }, StartCookie { key: key_of(token), value }))
    }

    /// The link that waits for its proof under a token.
    pub(super) fn open_link(&self, token: &str, sealed: &str) -> Option<PendingLink> {
        let opened = self.keys.open_untrusted(|vault| vault.open(pending(token), sealed)).ok()?;
        serde_json::from_str(opened.expose()).ok()
    }

    /// The start that belongs to a `state`; nothing when the browser has none, or another one's. A browser chooses the
    /// key that its cookie names, so an unknown one does not make this node read the keys each time.
    pub(super) fn open(&self, state: &str, sealed: &str) -> Option<Start> {
        let opened = self.keys.open_untrusted(|vault| vault.open(place(state), sealed)).ok()?;
        serde_json::from_str(opened.expose()).ok()
    }
}

/// A sealed link opens for its own token alone, and is no start.
const fn pending(token: &str) -> SecretLocation<'_> {
    SecretLocation { table: "sign_in", row: token, column: "pending_link" }
}

/// A sealed start opens for its own `state` alone.
const fn place(state: &str) -> SecretLocation<'_> {
    SecretLocation { table: "sign_in", row: state, column: "start" }
}

/// A sealed origin opens for its own random bits alone.
const fn landing(random: &str) -> SecretLocation<'_> {
    SecretLocation { table: "sign_in", row: random, column: "landing" }
}
