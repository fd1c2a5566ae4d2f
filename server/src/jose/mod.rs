//! JSON Web Signatures (RFC 7515) and the keys that verify them (RFC 7517): of the trusted issuer of API tokens, and of
//! providers that people sign in with.

mod key_cache;
mod key_set;
mod signature;
mod time;

pub(crate) use self::{
    key_cache::{FetchKeys, KeyCache, KeyFault},
    key_set::VerificationKey,
    signature::signed_payload,
    time::numeric_date,
};
