//! What result codes mean (RFC 4511, appendix A), in words that an administrator can act on.
//!
//! The server's own text is not repeated: the person who typed its address may not be entitled to read it. Only the code with
//! which Active Directory explains a refused bind is read from it.

use ldap3::LdapResult;
use vestibule_app::domain::{
    provider::{LdapBind, LdapConfig},
    words::counted,
};

use super::{LdapError, LdapErrorKind, address::Server};

/// A bind that was refused.
pub(super) fn bind_failed(server: &Server, config: &LdapConfig, answer: &LdapResult) -> LdapError {
    let who = match config.bind_type {
        LdapBind::Simple => format!("the account {}", config.bind_dn.as_deref().unwrap_or_default()),
        LdapBind::Anonymous => "an anonymous bind".to_owned(),
        LdapBind::SaslExternal => "a bind with the client certificate".to_owned(),
    };
    let refused = |reason: &str, advice: &str| {
        LdapError::new(LdapErrorKind::Bind, format!("{server} refused {who}: {reason}."), advice)
    };
    let account = active_directory_reason(&answer.text);
    match answer.rc {
        3 | 51 | 52 => busy(server, answer.rc),
        49 if account.is_some() => {
            let (reason, advice) = account.unwrap_or_default();
            refused(reason, advice)
        }
        49 if config.bind_type == LdapBind::Simple => refused(
            "no such account, or a wrong password (result code 49)",
            "Check bind DN and password, for example with ldapwhoami from this server.",
        ),
        49 => refused(
            "the directory rejects the credentials (result code 49)",
            "Check which accounts and kinds of bind the directory accepts.",
        ),
        32 | 34 => refused(
            &format!("the server does not know the bind DN (result code {})", answer.rc),
            "Check the bind DN. It is the whole name of the account, such as cn=reader,dc=example,dc=com.",
        ),
        7 => refused(
            "the server does not offer this kind of bind (result code 7)",
            "Choose another kind of bind, or let the directory offer this one.",
        ),
        8 | 13 => refused(
            &format!("the server requires a connection with TLS (result code {})", answer.rc),
            "Use an ldaps:// address or turn on StartTLS.",
        ),
        48 => refused(
            "the server does not allow this kind of bind for it (result code 48)",
            "Bind with a DN and a password, or let the directory allow this.",
        ),
        50 | 53 => refused(
            &format!("the server does not allow it (result code {})", answer.rc),
            "Let the directory allow this account to bind and to search.",
        ),
        code => refused(&named(code), "Look at the directory's own log for the reason."),
    }
}

/// A search that ended with a code that is no success.
pub(super) fn search_failed(server: &Server, base: &str, code: u32) -> LdapError {
    let failed = |kind, reason: &str, advice: &str| {
        LdapError::new(kind, format!("{server} did not finish the search below {base:?}: {reason}."), advice)
    };
    match code {
        3 => failed(
            LdapErrorKind::Timeout,
            "it took longer than the server allows (result code 3)",
            "Narrow the base or the filter, let the directory index the attributes of the filter, or raise its limit.",
        ),
        4 => failed(
            LdapErrorKind::Limit,
            "it found more than the server gives at once (result code 4)",
            "Let results come in pages, or raise the directory's size limit for this account.",
        ),
        11 => failed(
            LdapErrorKind::Limit,
            "it exceeds a limit of the server's administrator (result code 11)",
            "Raise the directory's limits for this account: how many entries it gives, and whether in pages (page_size). Let \
             it index the attributes of the filter where it is what looks at too many entries.",
        ),
        32 => failed(
            LdapErrorKind::NoSuchBase,
            "there is no such entry (result code 32)",
            "Check the base, and that the account may see it.",
        ),
        34 => failed(
            LdapErrorKind::NoSuchBase,
            "the server does not take it for a DN (result code 34)",
            "Check the base.",
        ),
        17 | 18 | 21 | 22 => failed(
            LdapErrorKind::Filter,
            &format!("the server does not take the filter ({})", named(code)),
            "Check the filter: attributes that the directory knows, and values that fit them.",
        ),
        51 | 52 => busy(server, code),
        1 | 8 | 13 | 50 | 53 => failed(
            LdapErrorKind::Other,
            &format!("the server does not allow it ({})", named(code)),
            "Let the directory allow this account to search there.",
        ),
        code => failed(LdapErrorKind::Other, &named(code), "Look at the directory's own log for the reason."),
    }
}

/// All of a search lies at another server, and referrals are not followed.
pub(super) fn elsewhere(server: &Server, base: &str) -> LdapError {
    LdapError::new(
        LdapErrorKind::Other,
        format!("{server} does not hold {base:?} and refers to another server (result code 10)."),
        "Enter the server that holds it, or let referrals be followed.",
    )
}

/// The connection was lost.
pub(super) fn lost(server: &Server, reason: &str) -> LdapError {
    LdapError::new(
        LdapErrorKind::Lost,
        format!("The connection to {server} was lost: {reason}."),
        "Check that the directory is healthy and that nothing on the way cuts connections off, then try again.",
    )
}

/// An answer did not come in time.
pub(super) fn too_slow(server: &Server, seconds: u16) -> LdapError {
    LdapError::new(
        LdapErrorKind::Timeout,
        format!("{server} did not answer within {}.", counted(seconds, "second")),
        "Check that the directory is healthy, and that it has an index for the attributes of the filter.",
    )
}

fn busy(server: &Server, code: u32) -> LdapError {
    let message = format!("{server} has no time at the moment ({}).", named(code));
    LdapError::new(LdapErrorKind::Busy, message, "Try again later.")
}

/// Active Directory's message, `…, data 52e, v4563`, explains what result code 49 leaves open.
fn active_directory_reason(text: &str) -> Option<(&'static str, &'static str)> {
    let (_, rest) = text.split_once("data ")?;
    Some(match rest.split([',', ' ']).next()? {
        "525" => ("there is no such account", "Check the bind DN."),
        "52e" => ("the password is wrong", "Check the bind password."),
        "530" | "531" => ("it may not sign in now, or not from here", "Check the account's hours and workstations."),
        "532" => ("its password has expired", "Give the account a new password, best one that does not expire."),
        "533" => ("it is disabled", "Enable the account."),
        "701" => ("it has expired", "Extend the account."),
        "773" => ("its password must be changed first", "Change the account's password once."),
        "775" => {
            ("it is locked after too many attempts", "Unlock the account, and check the password before trying again.")
        }
        _ => return None,
    })
}

/// A code with its name in the standard.
fn named(code: u32) -> String {
    let name = match code {
        1 => "operationsError",
        2 => "protocolError",
        7 => "authMethodNotSupported",
        8 => "strongerAuthRequired",
        12 => "unavailableCriticalExtension",
        13 => "confidentialityRequired",
        16 => "noSuchAttribute",
        17 => "undefinedAttributeType",
        18 => "inappropriateMatching",
        19 => "constraintViolation",
        21 => "invalidAttributeSyntax",
        33 => "aliasProblem",
        36 => "aliasDereferencingProblem",
        50 => "insufficientAccessRights",
        51 => "busy",
        52 => "unavailable",
        53 => "unwillingToPerform",
        54 => "loopDetect",
        80 => "other",
        _ => return format!("result code {code}"),
    };
    format!("result code {code}, {name}")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing unwrap is a failing test")]
mod tests {
    use super::*;

    fn answer(rc: u32, text: &str) -> LdapResult {
        LdapResult { rc, matched: String::new(), text: text.to_owned(), refs: Vec::new(), ctrls: Vec::new() }
    }

    #[test]
    fn codes_become_kinds() {
        let server = Server::parse("ldap://d.example").unwrap();
        for (code, kind) in [
            (3, LdapErrorKind::Timeout),
            (4, LdapErrorKind::Limit),
            (11, LdapErrorKind::Limit),
            (32, LdapErrorKind::NoSuchBase),
            (18, LdapErrorKind::Filter),
            (51, LdapErrorKind::Busy),
            (52, LdapErrorKind::Busy),
            (50, LdapErrorKind::Other),
            (4242, LdapErrorKind::Other),
        ] {
            assert_eq!(search_failed(&server, "dc=x", code).kind, kind, "{code}");
        }
    }

    #[test]
    fn active_directory_says_why_an_account_is_refused() {
        let server = Server::parse("ldap://d.example").unwrap();
        let config = LdapConfig { bind_dn: Some("cn=reader".to_owned()), ..LdapConfig::default() };
        let text = "80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data 775, v4563";
        let error = bind_failed(&server, &config, &answer(49, text));
        assert_eq!(error.kind, LdapErrorKind::Bind);
        assert!(error.message.contains("locked") && !error.message.contains("DSID"), "{error}");
        let error = bind_failed(&server, &config, &answer(49, "secret words of the server"));
        assert!(error.message.contains("wrong password") && !error.message.contains("secret"), "{error}");
        assert_eq!(bind_failed(&server, &config, &answer(51, "")).kind, LdapErrorKind::Busy);
    }
}
