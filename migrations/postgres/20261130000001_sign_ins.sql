-- People who sign in: how providers know them, which starts were used, and their sessions.
CREATE TABLE vestibule_identity_links (
    id           UUID NOT NULL PRIMARY KEY,
    tenant_id    UUID NOT NULL REFERENCES vestibule_tenants (id),
    idp_id       UUID NOT NULL REFERENCES vestibule_identity_providers (id),
    issuer       TEXT COLLATE "C" NOT NULL,
    -- The claim that identified the person, and its value.
    claim        TEXT COLLATE "C" NOT NULL,
    value        TEXT COLLATE "C" NOT NULL,
    -- The provider's permanent identifier (sub), which must not change.
    subject      TEXT COLLATE "C" NOT NULL,
    -- SHA-256 of issuer, claim and value, and of issuer and subject, separated by NUL: an index row on PostgreSQL is short.
    key_hash     TEXT COLLATE "C" NOT NULL,
    subject_hash TEXT COLLATE "C" NOT NULL,
    -- Empty when the user was deleted: the person stays out.
    user_id      UUID REFERENCES vestibule_users (id) ON DELETE SET NULL,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX vestibule_identity_links_key ON vestibule_identity_links (tenant_id, idp_id, key_hash);
CREATE UNIQUE INDEX vestibule_identity_links_subject ON vestibule_identity_links (tenant_id, idp_id, subject_hash);
-- Deleted people stay out also where the issuer is another one now.
CREATE INDEX vestibule_identity_links_deleted ON vestibule_identity_links (tenant_id, idp_id, subject)
    WHERE user_id IS NULL;
CREATE INDEX vestibule_identity_links_user ON vestibule_identity_links (user_id);

-- Starts of sign-ins that came back: each counts once, on whichever node.
CREATE TABLE vestibule_used_starts (
    start_id   UUID NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

CREATE INDEX vestibule_used_starts_expiry ON vestibule_used_starts (expires_at);

CREATE TABLE vestibule_user_sessions (
    id               UUID NOT NULL PRIMARY KEY,
    -- SHA-256 of the cookie's value.
    hash             TEXT COLLATE "C" NOT NULL,
    user_id          UUID NOT NULL REFERENCES vestibule_users (id) ON DELETE CASCADE,
    idp_id           UUID NOT NULL REFERENCES vestibule_identity_providers (id),
    -- The provider's own session (sid), for signing out.
    provider_session TEXT,
    created_at       BIGINT NOT NULL,
    last_seen_at     BIGINT NOT NULL,
    expires_at       BIGINT NOT NULL,
    address          TEXT,
    user_agent       TEXT NOT NULL
);

CREATE UNIQUE INDEX vestibule_user_sessions_hash ON vestibule_user_sessions (hash);
CREATE INDEX vestibule_user_sessions_user ON vestibule_user_sessions (user_id, last_seen_at);
CREATE INDEX vestibule_user_sessions_provider ON vestibule_user_sessions (idp_id);
CREATE INDEX vestibule_user_sessions_expiry ON vestibule_user_sessions (expires_at);
CREATE INDEX vestibule_user_sessions_idle ON vestibule_user_sessions (last_seen_at);
