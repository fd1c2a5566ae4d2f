//! `oidcc-client-formpost-basic-certification-test-plan`: the modules of the basic plan, with callbacks by POST.

use vestibule::domain::provider::ResponseMode::FormPost;

use super::{client::Client, plan};

plan!(
    FormPost,
    [
        oidcc_client_test,
        oidcc_client_test_invalid_iss,
        oidcc_client_test_missing_sub,
        oidcc_client_test_invalid_aud,
        oidcc_client_test_missing_iat,
        oidcc_client_test_kid_absent_single_jwks,
        oidcc_client_test_kid_absent_multiple_jwks,
        oidcc_client_test_idtoken_sig_rs256,
        oidcc_client_test_idtoken_sig_none,
        oidcc_client_test_invalid_sig_rs256,
        oidcc_client_test_userinfo_invalid_sub,
        oidcc_client_test_nonce_invalid,
        oidcc_client_test_scope_userinfo_claims,
        oidcc_client_test_client_secret_basic,
    ]
);

/// Of the whole list of modules, outside of the plan.
#[tokio::test]
async fn oidcc_client_test_form_post_error() {
    let client = Client::new(FormPost).await;
    client.refuses_error("login_required").await;
}
