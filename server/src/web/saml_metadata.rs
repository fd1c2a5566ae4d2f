//! Vestibule's metadata for a SAML provider. It is public: providers fetch it without signing in.

use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use vestibule_app::{
    domain::{id::ProviderId, problem::ServiceError},
    service::Services,
};

/// The media type of metadata (SAML 2.0 Metadata, appendix A).
const MEDIA_TYPE: &str = "application/samlmetadata+xml";

/// `GET /saml/metadata/{provider}`
pub(super) async fn show(State(services): State<Services>, Path(provider): Path<String>) -> Response {
    // No provider has an identifier that does not parse.
    let found = match provider.parse::<ProviderId>() {
        Ok(id) => services.saml_metadata.write(id).await,
        Err(_) => Err(ServiceError::not_found("identity provider")),
    };
    match found {
        Ok(document) => {
            ([(header::CONTENT_TYPE, MEDIA_TYPE), (header::CACHE_CONTROL, "no-cache")], document).into_response()
        }
        Err(ServiceError::NotFound { .. }) => {
            (StatusCode::NOT_FOUND, "There is no SAML provider with this identifier.\n").into_response()
        }
        Err(ServiceError::Unavailable) => {
            (StatusCode::SERVICE_UNAVAILABLE, "The server cannot answer at the moment. Try again later.\n")
                .into_response()
        }
        Err(ServiceError::DatabaseUnavailable { fault }) => {
            (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", fault.explain())).into_response()
        }
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "Internal server error.\n").into_response(),
    }
}
