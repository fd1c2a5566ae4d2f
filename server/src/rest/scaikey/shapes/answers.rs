//! Answers in their envelopes, and the refusals that operations share.

use crate::rest::{
    openapi::responses,
    scaikey::{
        answer::{One, Several, UnpagedList},
        dto,
        error::{Detail, Details},
        sign_ins,
    },
};

pub(in crate::rest::scaikey) type AdminProviderAnswer = One<'static, dto::AdminProvider<'static>>;
pub(in crate::rest::scaikey) type AdminProviderPage = Several<'static, dto::AdminProvider<'static>>;
pub(in crate::rest::scaikey) type ProviderAnswer = One<'static, dto::Provider<'static>>;
pub(in crate::rest::scaikey) type ProviderPage = Several<'static, dto::ListItem<'static>>;
pub(in crate::rest::scaikey) type SyncAnswer = One<'static, dto::SyncSummary<'static>>;
pub(in crate::rest::scaikey) type SyncDetailAnswer = One<'static, dto::SyncDetail<'static>>;
pub(in crate::rest::scaikey) type SyncPage = Several<'static, dto::SyncSummary<'static>>;
pub(in crate::rest::scaikey) type UserAnswer = One<'static, dto::WholeUser<'static>>;
pub(in crate::rest::scaikey) type UserPage = Several<'static, dto::User<'static>>;
pub(in crate::rest::scaikey) type TestAnswer = One<'static, dto::TestResult<'static>>;
pub(in crate::rest::scaikey) type GroupMappingAnswer = One<'static, dto::GroupMapping<'static>>;
pub(in crate::rest::scaikey) type GroupMappingList = UnpagedList<'static, dto::GroupMapping<'static>>;
pub(in crate::rest::scaikey) type TenantAnswer = One<'static, dto::Tenant<'static>>;
pub(in crate::rest::scaikey) type TenantPage = Several<'static, dto::Tenant<'static>>;
pub(in crate::rest::scaikey) type GroupAnswer = One<'static, dto::Group<'static>>;
pub(in crate::rest::scaikey) type GroupPage = Several<'static, dto::Group<'static>>;

pub(in crate::rest::scaikey) type SignInAnswer = One<'static, sign_ins::Trace<'static>>;
pub(in crate::rest::scaikey) type AdmissionAnswer = One<'static, sign_ins::Admission>;
pub(in crate::rest::scaikey) type SignInTestAnswer = One<'static, sign_ins::TestStart<'static>>;
pub(in crate::rest::scaikey) type SignInPage = Several<'static, sign_ins::Attempt<'static>>;

type Sentence = Detail<'static>;

responses! {
    /// The request makes no sense for this object
    BadRequest { status = 400 } Sentence;
    /// No token was sent, or it is not valid
    Unauthenticated { status = 401, headers(("WWW-Authenticate" = String, description = "`Bearer`")) } Sentence;
    /// The caller's role, or the token's scope, does not allow it
    Forbidden { status = 403 } Sentence;
    /// There is no such object within the caller's reach
    NotFound { status = 404 } Sentence;
    /// The value is in use, or another request changed the object first
    Conflict { status = 409 } Sentence;
    /// The body did not arrive in time
    TooSlow { status = 408 } Sentence;
    /// The body is larger than 256 KiB
    TooLarge { status = 413 } Sentence;
    /// Validation error
    Invalid { status = 422 } Details;
    /// Too many connection tests at once
    Throttled { status = 429, headers(("Retry-After" = u32, description = "Seconds to wait")) } Sentence;
    /// A fault of the server
    Failed { status = 500 } Sentence;
    /// The server cannot answer at the moment
    Unavailable { status = 503 } Sentence;
}
