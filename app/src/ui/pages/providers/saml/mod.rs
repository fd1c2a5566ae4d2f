//! SAML providers: reading metadata, and the settings that it fills. Creating and changing share them.

mod endpoints;
mod fields;
mod inputs;
mod metadata;

pub use endpoints::SamlEndpointTable;
pub use fields::SamlFields;
pub use inputs::SamlInputs;
pub use metadata::{MetadataReader, MetadataSource};
