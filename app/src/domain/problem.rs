//! What can go wrong, in words that every dialect and the portal can shape: a field, a code, a message.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that is wrong with the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The field's name in the domain, dotted where nested (`allowed_redirects.0`); empty for the input as a whole.
    pub field: String,
    /// What kind of problem it is, for dialects that word it themselves.
    pub code: ProblemCode,
    /// A sentence for people: what is wrong and what to do.
    pub message: String,
    /// The other party where there is one, in words: what has the name that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
}

impl Problem {
    /// A problem with one field.
    pub fn new(field: impl Into<String>, code: ProblemCode, message: impl Into<String>) -> Self {
        Self { field: field.into(), code, message: message.into(), other: None }
    }

    /// A value that something else has already: `what` is a noun with what it has (`A provider with this name`), `other`
    /// names the one that has it, which the caller may see.
    pub fn taken(field: impl Into<String>, what: &str, other: String) -> Self {
        let message = format!("{what} exists already: {other}.");
        Self { other: Some(other), ..Self::new(field, ProblemCode::Taken, message) }
    }
}

/// Kinds of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// A value is missing.
    Required,
    /// A value is blank.
    Blank,
    /// A value is too long.
    TooLong,
    /// A value is too short.
    TooShort,
    /// A value has the wrong form.
    Malformed,
    /// A value is well-formed but not allowed here.
    NotAllowed,
    /// The value is in use by something else.
    Taken,
    /// The value points at something that does not exist.
    Unknown,
    /// The value could not be confirmed with the remote side.
    Unreachable,
}

/// Why a service refused or failed. Every dialect shapes these kinds its own way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ServiceError {
    /// Nobody is signed in, or the credential is not valid.
    #[error("not signed in")]
    Unauthenticated,
    /// The caller is known and may not do this.
    #[error("not allowed")]
    Forbidden,
    /// There is no such object, or the caller may not know of it.
    #[error("{what} not found")]
    NotFound {
        /// What was looked for, as a noun: `identity provider`.
        what: String,
    },
    /// Somebody else changed the object meanwhile.
    #[error("{what} was changed meanwhile")]
    Conflict {
        /// What was changed.
        what: String,
        /// Who changed it last, when known.
        by: Option<String>,
    },
    /// Somebody asked for it before, and it has not ended.
    #[error("{what} is running already")]
    AlreadyRunning {
        /// What runs, as a noun: `synchronisation`.
        what: String,
    },
    /// The input is wrong.
    #[error("invalid input: {}", Listed(.problems))]
    Invalid {
        /// Everything that is wrong, not only the first thing.
        problems: Vec<Problem>,
    },
    /// Too many attempts.
    #[error("too many attempts; try again in {retry_after_seconds} s")]
    TooManyRequests {
        /// How long to wait.
        retry_after_seconds: u32,
    },
    /// The remote side did not answer as it should.
    #[error("{message}")]
    Upstream {
        /// What was asked of whom, and what came back; never a body's text.
        message: String,
        /// What to do about it.
        advice: String,
        /// What failed, for dialects that word it themselves.
        cause: UpstreamCause,
    },
    /// The server cannot answer at the moment.
    #[error("the server cannot answer at the moment")]
    Unavailable,
    /// A fault of ours; the log has the details under the request's id.
    #[error("internal error")]
    Internal,
}

impl ServiceError {
    /// A single problem with one field.
    pub fn invalid(field: impl Into<String>, code: ProblemCode, message: impl Into<String>) -> Self {
        Self::Invalid { problems: vec![Problem::new(field, code, message)] }
    }

    /// A missing object, named by a noun.
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::NotFound { what: what.into() }
    }
}

/// How a remote side failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpstreamCause {
    /// The address is one that Vestibule must not call, or is no usable URL. Holds the reason as a sentence.
    Refused {
        /// For example `URL host resolves to a disallowed address (127.0.0.1).`
        reason: String,
    },
    /// The TLS certificate was not accepted.
    Tls,
    /// No connection: the name does not resolve, or nobody listens.
    Connect,
    /// The time was up.
    Timeout,
    /// An HTTP status other than success.
    Status {
        /// The status code.
        status: u16,
    },
    /// The answer is not JSON, or too large.
    NotJson,
    /// A member that is needed is missing. Holds its name.
    Missing {
        /// For example `userinfo_endpoint`.
        member: String,
    },
    /// Anything else.
    Other,
}

/// Prints problems as `field: message`, separated by semicolons.
struct Listed<'a>(&'a [Problem]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{}: {}", problem.field, problem.message)?;
        }
        Ok(())
    }
}
