//! What can go wrong: a field, a code with its limits, and a plain sentence.
//!
//! The portal shows the sentence; a dialect shows it, or words its own from the code.

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
    /// The object that has the value already, where there is one, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
}

impl Problem {
    /// A problem with one field.
    pub fn new(field: impl Into<String>, code: ProblemCode, message: impl Into<String>) -> Self {
        Self { field: field.into(), code, message: message.into(), other: None }
    }

    /// A text that must not be blank, and is.
    pub fn blank(field: impl Into<String>) -> Self {
        Self::new(field, ProblemCode::Blank, "Enter a value.")
    }

    /// A text of more than `limit` characters.
    pub fn too_long(field: impl Into<String>, limit: usize) -> Self {
        Self::new(field, ProblemCode::TooLong { limit }, format!("Enter at most {limit} characters."))
    }

    /// A value that something else has already: `what` is a noun with what it has (`A provider with this name`),
    /// `other` names the one that has it, which the caller may see.
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
    /// A text is too long.
    TooLong {
        /// The most characters it may have.
        limit: usize,
    },
    /// A text is too short.
    TooShort {
        /// The fewest characters it may have.
        limit: usize,
    },
    /// A list is too long.
    TooMany {
        /// The most items it may have.
        limit: usize,
    },
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
    /// The caller is not signed in, or the credential is not valid.
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
    /// Another request changed the object first.
    #[error("{what} has changed since it was read")]
    Conflict {
        /// What was changed.
        what: String,
        /// Who changed it last, when known.
        by: Option<String>,
    },
    /// It was started before and has not ended.
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
        /// What was requested from where, and what came back; never the text of a body.
        message: String,
        /// What to do about it.
        advice: String,
        /// What failed, for dialects that word it themselves.
        cause: UpstreamCause,
    },
    /// The server cannot answer at the moment.
    #[error("the server cannot answer at the moment")]
    Unavailable,
    /// The database cannot be used at the moment.
    #[error("the database cannot be used: {}", .fault.reason())]
    DatabaseUnavailable {
        /// Why.
        fault: DatabaseFault,
    },
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

/// Why the database cannot be used at the moment. Nothing was stored, and the same request may succeed later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DatabaseFault {
    /// No space is left.
    Full,
    /// It can be read but not written.
    ReadOnly,
    /// The disk failed.
    Disk,
    /// Its file cannot be opened.
    CannotOpen,
    /// Its file was moved, removed or replaced while the server ran.
    Replaced,
    /// What it holds is damaged.
    Damaged,
    /// Another process or transaction locks it, or a part of it, for too long.
    Locked,
    /// It is working on too much at once.
    Busy,
    /// It does not answer.
    Unreachable,
    /// It does not let this server in.
    Refused,
}

impl DatabaseFault {
    /// What is wrong, to follow a colon: lower case and without a full stop.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Full => "its disk is full",
            Self::ReadOnly => "it is read-only",
            Self::Disk => "its disk fails",
            Self::CannotOpen => "its file cannot be opened",
            Self::Replaced => "its file was moved, removed or replaced",
            Self::Damaged => "its file is damaged",
            Self::Locked => "it is locked by another process or transaction",
            Self::Busy => "it is busy",
            Self::Unreachable => "it does not answer",
            Self::Refused => "it refuses the connection",
        }
    }

    /// What is wrong and what to do, as sentences for people.
    pub const fn explain(self) -> &'static str {
        match self {
            Self::Full => "The database's disk is full. Free some space on it, then try again.",
            Self::ReadOnly => "The database is read-only. Make it writable, then try again.",
            Self::Disk => "The database's disk fails. Look at the server's log and at the disk.",
            Self::CannotOpen => "The database's file cannot be opened. Look at its permissions, then try again.",
            Self::Replaced => {
                "The database's file was moved, removed or replaced while the server ran. Put it back, or restart the \
                 server."
            }
            Self::Damaged => "The database's file is damaged. Stop the server and restore a backup.",
            Self::Locked => "The database is locked by another process or transaction. Try again shortly.",
            Self::Busy => "The database is busy. Try again shortly.",
            Self::Unreachable => "The database does not answer. Look at whether it runs, then try again.",
            Self::Refused => "The database refuses the connection. Look at its address, user and password.",
        }
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
    /// No connection: the name does not resolve, or the port is closed.
    Connect,
    /// The time was up.
    Timeout,
    /// An HTTP status other than success.
    Status {
        /// The status code.
        status: u16,
    },
    /// The answer is not JSON.
    NotJson,
    /// The answer is JSON, and not an object.
    NotAnObject,
    /// Endpoints of the discovery document cannot be used.
    Endpoints {
        /// Each of them, at least one.
        faults: Vec<EndpointFault>,
    },
    /// Anything else.
    Other,
}

/// An endpoint of a discovery document that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointFault {
    /// The member of the document, such as `userinfo_endpoint`.
    pub member: String,
    /// What is wrong with it.
    pub kind: EndpointFaultKind,
}

/// What is wrong with an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndpointFaultKind {
    /// The document does not name it, or names null or an empty text.
    Missing,
    /// It is not text.
    NotText,
    /// It is not a full http or https URL.
    NotAUrl,
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
