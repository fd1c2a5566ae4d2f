//! The audit log.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost};
use crate::domain::{
    audit::{AuditEvent, AuditFilter},
    page::{Page, PageRequest},
};

/// A page of the audit log, newest first.
#[server(prefix = "/_ui/fn", endpoint = "audit/list", protocol = JsonPost)]
pub async fn list_audit(filter: AuditFilter, page: PageRequest) -> Result<Page<AuditEvent>, ApiError> {
    let call = context()?;
    answer(call.services.audit.list(&call.actor, &filter, page.capped()).await)
}
