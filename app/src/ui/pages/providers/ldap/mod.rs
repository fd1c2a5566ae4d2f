//! Directories: their settings as inputs and as facts, reading a directory, and a sample of its users. Creating and
//! changing share it.

mod fields;
mod inputs;
mod reader;
mod users;

pub use fields::LdapFields;
pub use inputs::{VendorDefaults, facts, sections};
pub use reader::{DirectoryReader, DirectoryRequest, ReaderPanel};
pub use users::{SamplePanel, UserSample, user_list};
