//! What the layers know: how an instance's sessions are read, and where its people sign in.

use std::{fmt, sync::Arc};

use axum::http::HeaderMap;
use url::Url;
use vestibule_app::{
    domain::sign_in::ReturnTo,
    service::{ServiceResult, SignInRequest, SignIns, SignedInUser},
};

use super::SignedOut;
use crate::web::sign_in::{SignInCookies, write_query};

/// The sessions of one instance.
#[derive(Clone)]
pub(crate) struct HostSignIn(Arc<Shared>);

struct Shared {
    sign_ins: Arc<dyn SignIns>,
    cookies: SignInCookies,
    base_url: Url,
}

impl fmt::Debug for HostSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostSignIn").field("base_url", &self.0.base_url.as_str()).finish_non_exhaustive()
    }
}

impl HostSignIn {
    pub(crate) fn new(sign_ins: Arc<dyn SignIns>, base_url: &Url) -> Self {
        let cookies = SignInCookies::new(base_url);
        Self(Arc::new(Shared { sign_ins, cookies, base_url: base_url.clone() }))
    }

    /// The user of the browser that sent a request with these headers.
    pub(crate) async fn user(&self, headers: &HeaderMap) -> ServiceResult<Option<SignedInUser>> {
        match self.0.cookies.session(headers) {
            Some(cookie) => self.0.sign_ins.resume(&cookie).await,
            None => Ok(None),
        }
    }

    pub(crate) async fn sign_out(&self, headers: &HeaderMap) -> ServiceResult<SignedOut> {
        if let Some(cookie) = self.0.cookies.session(headers) {
            self.0.sign_ins.sign_out(&cookie).await?;
        }
        Ok(SignedOut::new(self.0.cookies.clear_session()))
    }

    /// Where a person signs in, and then returns to `wanted`, as far as that can be returned to.
    pub(super) fn login(&self, tenant: Option<&str>, wanted: &str) -> String {
        let base_url = &self.0.base_url;
        let request = SignInRequest {
            tenant: tenant.map(str::to_owned),
            return_to: ReturnTo::parse(wanted, base_url, &[]).ok().map(|to| to.as_str().to_owned()),
            ..SignInRequest::default()
        };
        let (mount, query) = (base_url.path().trim_end_matches('/'), write_query(&request));
        if query.is_empty() { format!("{mount}/login") } else { format!("{mount}/login?{query}") }
    }
}
