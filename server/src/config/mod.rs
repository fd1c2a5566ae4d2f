//! Settings of the binary: defaults, then the file, then the environment, then flags.
//!
//! [`Settings`] declares them once; [`Config`] is what they mean. Unknown keys of the file are rejected, with the nearest
//! known one. Nothing outside of this folder reads the environment.

mod document;
mod error;
mod file;
mod jwt;
mod key;
mod resolved;
mod settings;
mod values;

pub(crate) use document::commented_defaults;
pub(crate) use key::{KeySource, load_vault, prepend_key};
pub(crate) use resolved::{Config, LogFormat, MetricsConfig};
pub(crate) use settings::Overrides;
