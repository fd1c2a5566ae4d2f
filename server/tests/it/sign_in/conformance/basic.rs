//! `oidcc-client-basic-certification-test-plan`.

use vestibule::domain::provider::ResponseMode::Query;

use super::plan;

plan!(
    Query,
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
