//! Reads the claims of a pasted token, so that an administrator can try a mapping on a real example.
//!
//! Neither signature nor dates are verified: the result must only be used for a preview.

use base64::{Engine as _, alphabet, engine};
use thiserror::Error;

use super::{Claims, ClaimsError};

/// Why pasted text has no claims to show. Messages say what to paste instead.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PreviewError {
    /// Nothing was pasted.
    #[error("paste an ID token or its claims as JSON")]
    Empty,
    /// Neither JSON nor three parts separated by dots.
    #[error("this is neither JSON nor an ID token: an ID token has three parts separated by dots, this has {parts}")]
    NotAToken {
        /// How many parts were found.
        parts: usize,
    },
    /// An encrypted token: five parts.
    #[error("this token is encrypted; paste the decrypted ID token or its claims as JSON")]
    Encrypted,
    /// The middle part is not base64url.
    #[error("the middle part of the token is not base64url; was the token cut when it was copied?")]
    NotBase64,
    /// The pasted text, or the token's middle part, holds no claims.
    #[error(transparent)]
    Claims(#[from] ClaimsError),
}

/// Decodes the claims of an ID token **without verifying it**, or reads plain claims JSON.
///
/// White space within a token is ignored, since terminals and mail wrap long lines.
///
/// # Errors
///
/// [`PreviewError`], with a message for the person who pasted the text.
pub fn decode_id_token(text: &str) -> Result<Claims, PreviewError> {
    let text = text.trim().trim_start_matches('\u{feff}');
    if text.is_empty() {
        return Err(PreviewError::Empty);
    }
    if text.starts_with(['{', '[', '"']) {
        return Ok(Claims::parse(text)?);
    }
    let token: String = text.split_whitespace().collect();
    let parts: Vec<&str> = token.split('.').collect();
    match parts.as_slice() {
        [_, payload, _] => {
            let json = BASE64URL.decode(payload).map_err(|_| PreviewError::NotBase64)?;
            Ok(Claims::parse_bytes(&json)?)
        }
        [_, _, _, _, _] => Err(PreviewError::Encrypted),
        other => Err(PreviewError::NotAToken { parts: other.len() }),
    }
}

/// Tokens have no padding, yet some tools add it.
const BASE64URL: engine::GeneralPurpose = engine::GeneralPurpose::new(
    &alphabet::URL_SAFE,
    engine::GeneralPurposeConfig::new().with_decode_padding_mode(engine::DecodePaddingMode::Indifferent),
);

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test may panic")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::mapping::JsonKind;

    // {"alg":"none"} . {"sub":"a","name":"Ada"} .
    const TOKEN: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIiwibmFtZSI6IkFkYSJ9.";

    #[test]
    fn reads_a_token_and_plain_claims_alike() {
        let plain = decode_id_token(r#" {"sub":"a","name":"Ada"} "#).unwrap();
        assert_eq!(decode_id_token(TOKEN).unwrap(), plain);
        assert_eq!(decode_id_token("eyJhbGciOiJub25lIn0.eyJzdWIiOiJh\n IiwibmFtZSI6IkFkYSJ9=.c2ln").ok(), None);
        assert_eq!(decode_id_token("eyJhbGciOiJub25lIn0.eyJzdWIiOiJh\n IiwibmFtZSI6IkFkYSJ9.c2ln").unwrap(), plain);
    }

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(decode_id_token("  "), Err(PreviewError::Empty));
        assert_eq!(decode_id_token("ya29.opaque"), Err(PreviewError::NotAToken { parts: 2 }));
        assert_eq!(decode_id_token("a.b.c.d.e"), Err(PreviewError::Encrypted));
        assert_eq!(decode_id_token("a.!!.c"), Err(PreviewError::NotBase64));
        assert_eq!(decode_id_token("{\n\"a\":}"), Err(ClaimsError::NotJson { line: 2, column: 5 }.into()));
        assert_eq!(decode_id_token("[1]"), Err(ClaimsError::NotAnObject { found: JsonKind::List }.into()));
        assert_eq!(decode_id_token("a.MQ.c").unwrap_err().to_string(), "this must be an object in JSON, not a number");
    }

    proptest! {
        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = decode_id_token(&text);
        }
    }
}
