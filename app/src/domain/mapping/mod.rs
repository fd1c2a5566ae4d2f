//! Claims to user fields: which claim of an identity provider fills which field of a user.
//!
//! The same code serves sign-in, the REST dialects and the portal's live preview, so an administrator sees what will be
//! stored. Nothing here verifies a token or knows which fields a tenant shows: the input is claims, the output is
//! values and the reasons for missing values.
//!
//! - [`UserField`]: the fields a claim can fill, each with its kind and length.
//! - [`AttributeMapping`], [`UserMapping`]: what an administrator configures.
//! - [`Claims`]: what a provider sent, with all digits.
//! - [`evaluate`]: the rules from claims to values.
//! - [`suggest`]: ranked suggestions for the portal, with reasons.
//! - [`preview`]: reads the claims of a pasted token.

mod attributes;
mod claims;
mod date;
mod evaluate;
mod field;
mod json_kind;
mod outcome;
mod parse;
pub mod path;
pub mod preview;
pub mod suggest;
mod user_mapping;

pub use attributes::AttributeMapping;
pub use claims::{ClaimNumber, ClaimValue, Claims, ClaimsError};
pub use evaluate::{IDENTITY_MAX_LENGTH, evaluate, read_groups, read_text};
pub use field::{FieldKind, UnknownUserField, UserField};
pub use json_kind::JsonKind;
pub use outcome::{
    Evaluation, ExtraOutcome, FieldOutcome, FieldValue, Hint, IdentityOutcome, Obstacle, SkipReason, SkippedClaim,
};
pub use parse::MappingProblem;
pub use preview::{PreviewError, decode_id_token};
pub use user_mapping::{UserMapping, user_claim_risk};
