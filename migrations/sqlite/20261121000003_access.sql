-- Who gets in: API tokens, administrators, their sessions, and failed attempts to sign in.
CREATE TABLE vestibule_api_tokens (
    id           BLOB NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL,
    -- SHA-256 of the token, hexadecimal.
    hash         TEXT NOT NULL,
    role         TEXT NOT NULL,
    tenant_id    BLOB REFERENCES vestibule_tenants (id),
    partner      TEXT,
    created_by   TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT,
    last_used_at BIGINT,
    revoked_at   BIGINT
);

CREATE UNIQUE INDEX vestibule_api_tokens_hash ON vestibule_api_tokens (hash);

CREATE TABLE vestibule_administrators (
    id              BLOB NOT NULL PRIMARY KEY,
    email           TEXT NOT NULL,
    -- Argon2id in PHC string format.
    password_hash   TEXT NOT NULL,
    role            TEXT NOT NULL,
    tenant_id       BLOB REFERENCES vestibule_tenants (id),
    partner         TEXT,
    created_at      BIGINT NOT NULL,
    last_sign_in_at BIGINT,
    version         BIGINT NOT NULL
);

CREATE UNIQUE INDEX vestibule_administrators_email ON vestibule_administrators (email);

CREATE TABLE vestibule_sessions (
    id               BLOB NOT NULL PRIMARY KEY,
    -- SHA-256 of what the cookie holds, hexadecimal.
    hash             TEXT NOT NULL,
    administrator_id BLOB NOT NULL REFERENCES vestibule_administrators (id) ON DELETE CASCADE,
    created_at       BIGINT NOT NULL,
    last_seen_at     BIGINT NOT NULL,
    expires_at       BIGINT NOT NULL,
    address          TEXT,
    user_agent       TEXT NOT NULL
);

CREATE UNIQUE INDEX vestibule_sessions_hash ON vestibule_sessions (hash);
CREATE INDEX vestibule_sessions_administrator ON vestibule_sessions (administrator_id);

CREATE TABLE vestibule_sign_in_failures (
    -- Which account, address or pair of both is counted; hashed, so that the table holds no typed-in text.
    subject  TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at  BIGINT NOT NULL
);
