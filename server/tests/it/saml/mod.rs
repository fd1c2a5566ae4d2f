//! SAML providers: certificates, metadata, and what the services make of them.

mod attacks;
mod certificates;
pub(crate) mod metadata;
mod providers;
mod reading;
mod this_side;

/// The certificates of `server/tests/data/saml/certificates`.
macro_rules! certificate {
    ($name:literal) => {
        include_str!(concat!("../../data/saml/certificates/", $name, ".pem"))
    };
}
pub(crate) use certificate;
