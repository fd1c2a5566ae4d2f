-- Tenants: the customers whose users sign in, and settings of the installation.
CREATE TABLE vestibule_settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE vestibule_tenants (
    id         UUID NOT NULL PRIMARY KEY,
    slug       TEXT COLLATE "C" NOT NULL,
    name       TEXT COLLATE "C" NOT NULL,
    partner    TEXT,
    status     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT
);

CREATE UNIQUE INDEX vestibule_tenants_slug ON vestibule_tenants (slug) WHERE deleted_at IS NULL;
CREATE INDEX vestibule_tenants_name ON vestibule_tenants (name, id) WHERE deleted_at IS NULL;
