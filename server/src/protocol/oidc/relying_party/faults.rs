//! What goes wrong while a person signs in, as administrators read it.

use super::super::{exchange::shown, id_token::IdTokenFault, userinfo::UserInfoFault};
use crate::protocol::sign_in::SignInFault;

/// A confidential client must not turn into a public one.
pub(super) fn lost_secret() -> SignInFault {
    SignInFault {
        message: "the client secret is stored and cannot be opened".to_owned(),
        rule: None,
        advice: "Give this server the key with which the secret was sealed, or enter the client secret again."
            .to_owned(),
    }
}

pub(super) fn incomplete(message: &str) -> SignInFault {
    SignInFault {
        message: message.to_owned(),
        rule: None,
        advice: "Fetch the provider's discovery document again, or enter the value by hand.".to_owned(),
    }
}

pub(super) fn unreadable_keys() -> SignInFault {
    SignInFault {
        message: "the provider's keys cannot be read (jwks_uri)".to_owned(),
        rule: None,
        advice: "Run the connection test, which says why.".to_owned(),
    }
}

pub(super) fn no_access_token() -> SignInFault {
    SignInFault {
        message: "the token response has no access token, which the userinfo endpoint needs".to_owned(),
        rule: Some("OpenID Connect Core 1.0, section 3.1.3.3"),
        advice: "Let the provider issue access tokens to this client, or set userinfo to auto or never.".to_owned(),
    }
}

pub(super) fn id_token_fault(fault: IdTokenFault) -> SignInFault {
    SignInFault { message: fault.to_string(), rule: Some(fault.rule()), advice: fault.advice().to_owned() }
}

pub(super) fn user_info_fault(fault: UserInfoFault) -> SignInFault {
    let advice = match &fault {
        UserInfoFault::Fetch(error) => error.advice(),
        UserInfoFault::Status { .. } => "Let the client use the userinfo endpoint at the provider.".to_owned(),
        UserInfoFault::Unreadable(_) | UserInfoFault::OtherPerson => "Ask the provider's operator.".to_owned(),
    };
    let rule = matches!(fault, UserInfoFault::OtherPerson).then_some("OpenID Connect Core 1.0, section 5.3.2");
    SignInFault { message: shown(&fault.to_string(), 300), rule, advice }
}
