//! The input of all steps that create a provider.

use serde::{Deserialize, Serialize};

use super::ConnectionForm;
use crate::{
    api::wire::only_known,
    domain::{
        id::TenantId,
        mapping::UserMapping,
        provider::{NewProvider, Provisioning, SignInSettings},
    },
};

/// The input of all steps that create a provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewProviderForm {
    /// The slug; made from the label when absent.
    pub slug: Option<String>,
    /// The display name.
    pub label: String,
    /// The tenant it belongs to; the platform's own when absent.
    pub owner: Option<TenantId>,
    /// Whether users may sign in with it.
    pub enabled: bool,
    /// What happens to users when they sign in, and whether a synchronisation creates users.
    #[serde(deserialize_with = "only_known")]
    pub provisioning: Provisioning,
    /// Protocol and connection.
    pub connection: ConnectionForm,
    /// How claims become user fields.
    #[serde(deserialize_with = "only_known")]
    pub mapping: UserMapping,
    /// Email domains whose users may sign in.
    pub allowed_domains: Vec<String>,
    /// Origins to which users may be sent after signing in.
    pub allowed_redirects: Vec<String>,
    /// Where users manage their account at the provider.
    pub management_url: String,
}

impl From<NewProviderForm> for NewProvider {
    fn from(form: NewProviderForm) -> Self {
        let NewProviderForm {
            slug,
            label,
            owner,
            enabled,
            provisioning,
            connection,
            mapping,
            allowed_domains,
            allowed_redirects,
            management_url,
        } = form;
        Self {
            slug,
            name: label.trim().to_owned(),
            display_name: None,
            owner,
            enabled,
            provisioning,
            sign_in: SignInSettings::default(),
            config: connection.into(),
            mapping,
            allowed_domains,
            allowed_redirects,
            management_url,
        }
    }
}
