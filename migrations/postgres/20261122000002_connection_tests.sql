-- Connection tests that were kept, and how each provider has been doing.
CREATE TABLE vestibule_connection_tests (
    id           UUID NOT NULL PRIMARY KEY,
    idp_id       UUID NOT NULL REFERENCES vestibule_identity_providers (id),
    at           BIGINT NOT NULL,
    trigger_kind TEXT NOT NULL,
    asked_by     TEXT NOT NULL,
    report       TEXT NOT NULL
);

CREATE INDEX vestibule_connection_tests_idp ON vestibule_connection_tests (idp_id, at, id);
CREATE INDEX vestibule_connection_tests_at ON vestibule_connection_tests (at);

CREATE TABLE vestibule_provider_health (
    idp_id        UUID NOT NULL PRIMARY KEY REFERENCES vestibule_identity_providers (id),
    status        TEXT NOT NULL,
    tested_at     BIGINT NOT NULL,
    failing_since BIGINT
);

-- When a provider is due for its next scheduled test. A node that takes it up moves the moment, so that no other does.
CREATE TABLE vestibule_test_schedule (
    idp_id     UUID NOT NULL PRIMARY KEY REFERENCES vestibule_identity_providers (id),
    not_before BIGINT NOT NULL
);

CREATE INDEX vestibule_test_schedule_due ON vestibule_test_schedule (not_before);
