-- Users of tenants, the directories they come from, and how those are synchronised.
CREATE TABLE vestibule_users (
    id              UUID NOT NULL PRIMARY KEY,
    tenant_id       UUID NOT NULL REFERENCES vestibule_tenants (id),
    username        TEXT NOT NULL,
    -- In lower case, as the application folds: names and addresses are compared so.
    username_folded TEXT COLLATE "C" NOT NULL,
    email           TEXT,
    email_folded    TEXT COLLATE "C",
    email_verified  BOOLEAN NOT NULL,
    first_name      TEXT,
    last_name       TEXT,
    display_name    TEXT,
    -- JSON: further fields by their names.
    fields          TEXT NOT NULL,
    -- The provider that made the user known first.
    origin_idp_id   UUID REFERENCES vestibule_identity_providers (id),
    active          BOOLEAN NOT NULL,
    -- The provider whose synchronisation took that away.
    deactivated_by  UUID REFERENCES vestibule_identity_providers (id),
    -- An administrator's decision, which no synchronisation touches.
    blocked_at      BIGINT,
    blocked_by      TEXT,
    -- What searches look into, folded to lower case.
    search_text     TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT,
    version         BIGINT NOT NULL
);

CREATE UNIQUE INDEX vestibule_users_username ON vestibule_users (tenant_id, username_folded);
CREATE UNIQUE INDEX vestibule_users_email ON vestibule_users (tenant_id, email_folded) WHERE email_folded IS NOT NULL;
CREATE INDEX vestibule_users_order ON vestibule_users (username_folded, id);

CREATE TABLE vestibule_directory_links (
    idp_id       UUID NOT NULL REFERENCES vestibule_identity_providers (id),
    external_id  TEXT COLLATE "C" NOT NULL,
    user_id      UUID NOT NULL REFERENCES vestibule_users (id) ON DELETE CASCADE,
    dn           TEXT NOT NULL,
    -- A hash of the mapped values: what did not change is not written again.
    content_hash TEXT NOT NULL,
    -- present, disabled or vanished
    state        TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    PRIMARY KEY (idp_id, external_id)
);

-- One entry of a directory for one user.
CREATE UNIQUE INDEX vestibule_directory_links_user ON vestibule_directory_links (user_id, idp_id);

CREATE TABLE vestibule_directory_groups (
    id           UUID NOT NULL PRIMARY KEY,
    idp_id       UUID NOT NULL REFERENCES vestibule_identity_providers (id),
    external_id  TEXT COLLATE "C" NOT NULL,
    dn           TEXT NOT NULL,
    name         TEXT NOT NULL,
    -- A hash of name, place and members.
    content_hash TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);

CREATE UNIQUE INDEX vestibule_directory_groups_external ON vestibule_directory_groups (idp_id, external_id);

CREATE TABLE vestibule_directory_memberships (
    directory_group_id UUID NOT NULL REFERENCES vestibule_directory_groups (id) ON DELETE CASCADE,
    user_id            UUID NOT NULL REFERENCES vestibule_users (id) ON DELETE CASCADE,
    PRIMARY KEY (directory_group_id, user_id)
);

CREATE INDEX vestibule_directory_memberships_user ON vestibule_directory_memberships (user_id);

-- Which users are in which groups of a tenant, as group mappings said when they were applied last.
CREATE TABLE vestibule_group_members (
    group_id UUID NOT NULL REFERENCES vestibule_groups (id) ON DELETE CASCADE,
    user_id  UUID NOT NULL REFERENCES vestibule_users (id) ON DELETE CASCADE,
    idp_id   UUID NOT NULL REFERENCES vestibule_identity_providers (id),
    PRIMARY KEY (group_id, user_id, idp_id)
);

CREATE INDEX vestibule_group_members_user ON vestibule_group_members (user_id);
CREATE INDEX vestibule_group_members_idp ON vestibule_group_members (idp_id);

CREATE TABLE vestibule_sync_logs (
    id           UUID NOT NULL PRIMARY KEY,
    idp_id       UUID NOT NULL REFERENCES vestibule_identity_providers (id),
    status       TEXT NOT NULL,
    mode         TEXT NOT NULL,
    trigger_kind TEXT NOT NULL,
    asked_by     TEXT NOT NULL,
    dry_run      BOOLEAN NOT NULL,
    started_at   BIGINT NOT NULL,
    finished_at  BIGINT,
    -- JSON: counts, failure, warnings, safeguard, server, cursor.
    report       TEXT NOT NULL
);

CREATE INDEX vestibule_sync_logs_idp ON vestibule_sync_logs (idp_id, started_at, id);
CREATE INDEX vestibule_sync_logs_started ON vestibule_sync_logs (started_at);
CREATE INDEX vestibule_sync_logs_running ON vestibule_sync_logs (idp_id) WHERE status = 'running';

CREATE TABLE vestibule_sync_log_entries (
    log_id         UUID NOT NULL REFERENCES vestibule_sync_logs (id) ON DELETE CASCADE,
    position       BIGINT NOT NULL,
    external_id    TEXT,
    dn             TEXT NOT NULL,
    username       TEXT,
    object         TEXT NOT NULL,
    action         TEXT NOT NULL,
    -- JSON list of names.
    changed_fields TEXT NOT NULL,
    code           TEXT,
    message        TEXT,
    PRIMARY KEY (log_id, position)
);

-- Who synchronises a provider now, what the last runs left, and when the next one is due.
CREATE TABLE vestibule_sync_state (
    idp_id      UUID NOT NULL PRIMARY KEY REFERENCES vestibule_identity_providers (id),
    -- The log of the run that holds the provider, and until when it does unless it asks for more time.
    holder      UUID,
    lease_until BIGINT,
    -- Whether the run is to end.
    cancelled   BOOLEAN NOT NULL,
    -- JSON: from where changes are read.
    marks       TEXT,
    next_run_at BIGINT NOT NULL
);

CREATE INDEX vestibule_sync_state_due ON vestibule_sync_state (next_run_at);
