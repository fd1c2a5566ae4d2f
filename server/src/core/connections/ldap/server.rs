//! What the server says of itself, and whether it has the search bases.

use vestibule_app::domain::provider::{LdapConfig, LdapVendor};

use super::{
    super::run::{StepResult, TestRun},
    step::{failed, within},
};
use crate::protocol::ldap::Directory;

pub(super) fn root(directory: &Directory, config: &LdapConfig) -> StepResult {
    let root = directory.root();
    let product = root.product.clone().or(root.vendor.map(|vendor| product_name(vendor).to_owned()));
    let mut found = StepResult::ok(match product {
        Some(product) => format!("The server says that it is {product}."),
        None => "The server does not say which product it is.".to_owned(),
    });
    if !root.pages && config.limits.page_size > 0 {
        found = found.also(
            "The server does not give results in pages, so all results are requested at once.",
            "Raise the server's size limit for the account where users are missing.",
        );
    }
    if root.vendor.is_some_and(|vendor| vendor != config.vendor && config.vendor != LdapVendor::Generic) {
        found = found.also(
            "The server is another product than the settings say.",
            "Choose the product that it is, so that the defaults fit.",
        );
    }
    found
}

const fn product_name(vendor: LdapVendor) -> &'static str {
    match vendor {
        LdapVendor::Generic => "an LDAP directory",
        LdapVendor::ActiveDirectory => "Active Directory",
        LdapVendor::Openldap => "OpenLDAP",
        LdapVendor::Ds389 => "389 Directory Server",
        LdapVendor::Freeipa => "FreeIPA",
        LdapVendor::Edirectory => "eDirectory",
    }
}

pub(super) async fn bases(directory: &mut Directory, config: &LdapConfig, run: &TestRun) -> StepResult {
    let mut bases = vec![config.base_dn.as_str()];
    bases.extend(config.user_base_dn.as_deref());
    for base in bases {
        match within(run, directory.read(base, &["objectClass"])).await {
            Ok(Some(_)) => {}
            Ok(None) => {
                return StepResult::failed(
                    format!("There is no entry {base:?} that the account may see."),
                    "Check the base, and let the account read it.",
                );
            }
            Err(error) => return failed(error),
        }
    }
    StepResult::ok("The search base is there.")
}
