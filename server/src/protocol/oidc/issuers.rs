//! Which issuer an ID token may have: the provider's own, or one of those that are allowed for it.
//!
//! A provider of many directory tenants publishes a template (Microsoft Entra: `{tenantid}`), which no token has. Its tokens
//! need an issuer that is listed: without a list, nobody signs in.

use vestibule_app::domain::{mapping::Claims, provider::OidcConfig};

/// What stands for a directory tenant in an issuer.
const PLACEHOLDER: &str = "{tenantid}";

/// The issuers that a response may have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Issuers<'a> {
    /// The provider's own, which may be a template.
    own: &'a str,
    /// Those that are accepted in place of the provider's own.
    allowed: &'a [String],
    /// The one that another part of the response has named.
    named: Option<&'a str>,
    /// The one that the provider's key set names at the key of the signature; it may be a template too.
    signer: Option<&'a str>,
}

impl<'a> Issuers<'a> {
    /// Those of a provider; nothing while its issuer is not known.
    pub(crate) fn of(config: &'a OidcConfig) -> Option<Self> {
        let own = config.issuer.as_deref()?;
        Some(Self { own, allowed: &config.sign_in.allowed_issuers, named: None, signer: None })
    }

    /// The same, of which another part of the response has named one already.
    pub(crate) const fn named(self, named: Option<&'a str>) -> Self {
        Self { named, ..self }
    }

    /// The same, for a token that is signed with a key of this issuer.
    pub(crate) const fn signed_by(self, signer: Option<&'a str>) -> Self {
        Self { signer, ..self }
    }

    /// Whether the key of the signature is for tokens of this issuer. A provider of many directory tenants names the issuer
    /// at each key where its keys are not for all of them.
    pub(crate) fn may_be_signed_for(&self, issuer: &str) -> bool {
        match self.signer {
            Some(signer) if self.is_template() => signer == issuer || directory(signer, issuer).is_some(),
            _ => true,
        }
    }

    /// Whether a response may have this issuer, to the letter.
    pub(crate) fn contain(&self, issuer: &str) -> bool {
        let is_listed = match self.allowed {
            [] => issuer == self.own && !self.is_template(),
            allowed => allowed.iter().any(|allowed| allowed == issuer),
        };
        is_listed
            && self.named.is_none_or(|named| named == issuer)
            && (!self.is_template() || directory(self.own, issuer).is_some())
    }

    /// Whether the claims name the directory tenant (`tid`) of their issuer, where they name one.
    pub(crate) fn is_directory_of(&self, issuer: &str, claims: &Claims) -> bool {
        let Some(directory) = directory(self.own, issuer) else { return true };
        claims.get("tid").is_none_or(|tid| tid.as_text().is_some_and(|tid| tid.eq_ignore_ascii_case(directory)))
    }

    /// What is expected, as administrators read it.
    pub(crate) fn expected(&self) -> String {
        match (self.named, self.allowed) {
            (Some(named), _) => format!("{named:?}"),
            (None, []) => format!("{:?}", self.own),
            (None, [allowed]) => format!("{allowed:?}"),
            (None, allowed) => format!("one of {} allowed issuers", allowed.len()),
        }
    }

    /// Whether which issuers are accepted is a setting of its own.
    pub(crate) fn are_listed(&self) -> bool {
        !self.allowed.is_empty() || self.is_template()
    }

    fn is_template(&self) -> bool {
        parts(self.own).is_some()
    }
}

/// What stands in the place of a template's placeholder.
fn directory<'i>(template: &str, issuer: &'i str) -> Option<&'i str> {
    let (before, after) = parts(template)?;
    let directory = issuer.strip_prefix(before)?.strip_suffix(after)?;
    (!directory.is_empty() && !directory.contains('/')).then_some(directory)
}

fn parts(template: &str) -> Option<(&str, &str)> {
    let at = template.to_ascii_lowercase().find(PLACEHOLDER)?;
    Some((&template[..at], &template[at + PLACEHOLDER.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "https://login.example/{tenantid}/v2.0";

    fn issuers<'a>(own: &'a str, allowed: &'a [String]) -> Issuers<'a> {
        Issuers { own, allowed, named: None, signer: None }
    }

    #[test]
    fn a_template_accepts_listed_issuers_that_fit() {
        let allowed = ["https://login.example/a/v2.0", "https://other.example/a", "https://login.example/a/b/v2.0"];
        let allowed = allowed.map(str::to_owned);
        let listed = issuers(TEMPLATE, &allowed);
        assert!(listed.contain("https://login.example/a/v2.0"));
        for issuer in
            [TEMPLATE, "https://login.example/b/v2.0", "https://other.example/a", "https://login.example/a/b/v2.0"]
        {
            assert!(!listed.contain(issuer), "{issuer}");
        }
        assert!(!issuers(TEMPLATE, &[]).contain("https://login.example/a/v2.0"));
        assert!(!issuers(TEMPLATE, &[]).contain(TEMPLATE));
    }

    #[test]
    fn a_key_of_one_directory_tenant_signs_for_no_other() {
        let signed_by = |own, signer, issuer| issuers(own, &[]).signed_by(signer).may_be_signed_for(issuer);
        let (ours, theirs) = ("https://login.example/a/v2.0", "https://login.example/b/v2.0");
        for (signer, is_accepted) in [
            (None, true),
            (Some(ours), true),
            (Some(TEMPLATE), true),
            (Some(theirs), false),
            (Some("https://other.example/{tenantid}/v2.0"), false),
            (Some(""), false),
        ] {
            assert_eq!(signed_by(TEMPLATE, signer, ours), is_accepted, "{signer:?}");
        }
        // The member is no part of RFC 7517: elsewhere it means nothing.
        assert!(signed_by(ours, Some(theirs), ours));
    }

    #[test]
    fn a_list_stands_in_place_of_the_providers_own_issuer() {
        let allowed = ["https://b.example".to_owned()];
        assert!(issuers("https://a.example", &[]).contain("https://a.example"));
        assert!(!issuers("https://a.example", &[]).contain("https://a.example/"));
        assert!(!issuers("https://a.example", &allowed).contain("https://a.example"));
        assert!(issuers("https://a.example", &allowed).contain("https://b.example"));
        assert!(!issuers("https://a.example", &[]).named(Some("https://b.example")).contain("https://a.example"));
    }
}
