//! Recognises the product behind an issuer by its address.
//!
//! The result is used for advice, never for trust: anyone can put `/realms/` into a path.

use std::fmt;

use url::Url;

use crate::domain::named::named;

named! {
    /// A product or service that is widely used as an identity provider.
    Vendor, UnknownVendor {
        /// Google accounts and Google Workspace.
        Google = "google" / "Google",
        /// Microsoft Entra ID, formerly Azure Active Directory.
        Entra = "entra" / "Microsoft Entra ID",
        /// Azure AD B2C and Microsoft Entra External ID.
        EntraExternal = "entra_external" / "Microsoft Entra External ID",
        /// Okta.
        Okta = "okta" / "Okta",
        /// Auth0.
        Auth0 = "auth0" / "Auth0",
        /// Keycloak and products built on it.
        Keycloak = "keycloak" / "Keycloak",
        /// Amazon Cognito.
        Cognito = "cognito" / "Amazon Cognito",
        /// Sign in with Apple.
        Apple = "apple" / "Apple",
        /// Slack.
        Slack = "slack" / "Slack",
        /// OneLogin.
        OneLogin = "one_login" / "OneLogin",
        /// PingOne.
        PingOne = "ping_one" / "PingOne",
        /// Active Directory Federation Services.
        Adfs = "adfs" / "AD FS",
        /// CILogon.
        CiLogon = "ci_logon" / "CILogon",
        /// GitLab.
        GitLab = "git_lab" / "GitLab",
        /// LinkedIn.
        LinkedIn = "linked_in" / "LinkedIn",
        /// Authentik.
        Authentik = "authentik" / "authentik",
        /// Zitadel.
        Zitadel = "zitadel" / "ZITADEL",
        /// JumpCloud.
        JumpCloud = "jump_cloud" / "JumpCloud",
        /// The Estonian state's authentication service.
        Tara = "tara" / "TARA",
        /// eduTEAMS and MyAccessID.
        EduTeams = "edu_teams" / "eduTEAMS",
    }
}

impl Vendor {
    /// The product whose addresses match `issuer`.
    pub fn recognise(issuer: &str) -> Option<Vendor> {
        let issuer = issuer.trim();
        // Older tokens of Google contain the issuer without a scheme.
        let url = Url::parse(issuer).or_else(|_| Url::parse(&format!("https://{issuer}"))).ok()?;
        let host = url.host_str()?;
        let under = |domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        let any_under = |domains: &[&str]| domains.iter().any(|domain| under(domain));

        if host == "accounts.google.com" {
            Some(Vendor::Google)
        } else if any_under(&["b2clogin.com", "ciamlogin.com"]) {
            Some(Vendor::EntraExternal)
        } else if any_under(&[
            "login.microsoftonline.com",
            "login.microsoftonline.us",
            "login.partner.microsoftonline.cn",
            "login.microsoft.com",
            "login.windows.net",
            "sts.windows.net",
        ]) {
            Some(Vendor::Entra)
        } else if any_under(&["okta.com", "oktapreview.com", "okta-emea.com", "okta-gov.com", "okta.mil"]) {
            Some(Vendor::Okta)
        } else if under("auth0.com") {
            Some(Vendor::Auth0)
        } else if host.starts_with("cognito-idp.") && any_under(&["amazonaws.com", "amazonaws.com.cn"]) {
            Some(Vendor::Cognito)
        } else if matches!(host, "appleid.apple.com" | "account.apple.com") {
            Some(Vendor::Apple)
        } else if any_under(&["slack.com", "slack-gov.com"]) {
            Some(Vendor::Slack)
        } else if under("onelogin.com") {
            Some(Vendor::OneLogin)
        } else if host.starts_with("auth.pingone.") {
            Some(Vendor::PingOne)
        } else if under("cilogon.org") {
            Some(Vendor::CiLogon)
        } else if host == "gitlab.com" || host.starts_with("gitlab.") {
            Some(Vendor::GitLab)
        } else if under("linkedin.com") {
            Some(Vendor::LinkedIn)
        } else if under("zitadel.cloud") {
            Some(Vendor::Zitadel)
        } else if any_under(&["oauth.id.jumpcloud.com", "oauth.id.eu.jumpcloud.com"]) {
            Some(Vendor::JumpCloud)
        } else if matches!(host, "tara.ria.ee" | "tara-test.ria.ee") {
            Some(Vendor::Tara)
        } else if under("eduteams.org") {
            Some(Vendor::EduTeams)
        } else {
            Vendor::recognise_path(url.path())
        }
    }

    /// Products that run on any host are recognised by their path.
    fn recognise_path(path: &str) -> Option<Vendor> {
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        match (segments.next(), segments.next(), segments.next()) {
            (Some(first), None, _) if first.eq_ignore_ascii_case("adfs") => Some(Vendor::Adfs),
            (Some("application"), Some("o"), Some(_)) => Some(Vendor::Authentik),
            // Also below a prefix: /auth/realms/… of older Keycloaks, /id/realms/… behind a proxy.
            _ if path.trim_end_matches('/').contains("/realms/") => Some(Vendor::Keycloak),
            _ => None,
        }
    }
}

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn recognises_hosts_and_paths() {
        for (issuer, vendor) in [
            ("https://accounts.google.com", Vendor::Google),
            ("accounts.google.com", Vendor::Google),
            ("https://login.microsoftonline.com/{tenantid}/v2.0", Vendor::Entra),
            ("https://sts.windows.net/8888/", Vendor::Entra),
            ("https://acme.ciamlogin.com/8888/v2.0", Vendor::EntraExternal),
            ("https://acme.okta.com/oauth2/default", Vendor::Okta),
            ("https://acme.oktapreview.com", Vendor::Okta),
            ("https://acme.eu.auth0.com/", Vendor::Auth0),
            ("https://id.example/realms/a", Vendor::Keycloak),
            ("https://id.example/auth/realms/a", Vendor::Keycloak),
            ("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A", Vendor::Cognito),
            ("https://appleid.apple.com", Vendor::Apple),
            ("https://fs.example/adfs", Vendor::Adfs),
            ("https://id.example/application/o/acme/", Vendor::Authentik),
            ("https://gitlab.com", Vendor::GitLab),
            ("https://tara-test.ria.ee", Vendor::Tara),
            ("https://proxy.acc.eduteams.org", Vendor::EduTeams),
        ] {
            assert_eq!(Vendor::recognise(issuer), Some(vendor), "{issuer}");
        }
    }

    #[test]
    fn look_alikes_are_strangers() {
        for issuer in [
            "https://evilokta.com",
            "https://okta.com.evil.example",
            "https://accounts.google.com.example",
            "https://id.example/adfsx",
            "https://id.example/realmsx/a",
            "https://id.example",
            "",
            "https://",
        ] {
            assert_eq!(Vendor::recognise(issuer), None, "{issuer}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(issuer in any::<String>()) {
            let _ = Vendor::recognise(&issuer);
        }
    }
}
