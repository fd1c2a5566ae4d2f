//! LDAP directories: reading a directory before its settings are saved.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost, provider_form::LdapForm, wire::only_known};
use crate::domain::{
    id::{ProviderId, TenantId},
    ldap::{DirectoryReport, DirectoryUser},
    mapping::UserMapping,
};

/// Reads what a directory reports about itself: product, naming contexts, schema. Settings of users and groups do not
/// matter.
#[server(prefix = "/_ui/fn", endpoint = "directories/inspect", protocol = JsonPost)]
pub async fn inspect_directory(form: DirectoryForm) -> Result<DirectoryReport, ApiError> {
    let call = context()?;
    let DirectoryForm { provider, owner, settings, mapping: _ } = form;
    answer(call.services.connections.inspect(&call.actor, owner, provider, settings.into()).await)
}

/// Reads a few users, with the attributes that they have and those that the mapping uses.
#[server(prefix = "/_ui/fn", endpoint = "directories/sample", protocol = JsonPost)]
pub async fn sample_directory(form: DirectoryForm) -> Result<Vec<DirectoryUser>, ApiError> {
    let call = context()?;
    let DirectoryForm { provider, owner, settings, mapping } = form;
    answer(call.services.connections.sample(&call.actor, owner, provider, settings.into(), &mapping).await)
}

/// Settings of a directory that are not saved.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DirectoryForm {
    /// The stored provider. Its stored secrets replace those that the settings leave out, for its own servers only.
    pub provider: Option<ProviderId>,
    /// The tenant that would own the provider; the platform when absent.
    pub owner: Option<TenantId>,
    /// The settings.
    pub settings: LdapForm,
    /// The mapping.
    #[serde(deserialize_with = "only_known")]
    pub mapping: UserMapping,
}
