//! Who is signed in, for the routes of the application that contains Vestibule: extractors, and the layers that feed them.
//!
//! A layer puts what it knows into the extensions of a request, so that several instances serve one application, each its
//! own routes.

mod extract;
mod layer;
mod require;
mod sign_out;
mod source;

pub use extract::{OptionalSignedIn, SignInRejection, SignedIn};
pub use layer::SignInLayer;
pub use require::RequireSignIn;
pub use sign_out::SignedOut;
pub(crate) use source::HostSignIn;
