-- Identity providers, who uses them, and what their last discovery found.
CREATE TABLE vestibule_identity_providers (
    id                   BLOB NOT NULL PRIMARY KEY,
    slug                 TEXT NOT NULL,
    name                 TEXT NOT NULL,
    display_name         TEXT,
    -- The name to show: display_name, else name. Lists are ordered by it.
    label                TEXT NOT NULL,
    protocol             TEXT NOT NULL,
    enabled              BOOLEAN NOT NULL,
    owner_tenant_id      BLOB REFERENCES vestibule_tenants (id),
    auto_create_users    BOOLEAN NOT NULL,
    update_user_on_login BOOLEAN NOT NULL,
    -- JSON by protocol, without secrets.
    config               TEXT NOT NULL,
    -- Sealed JSON object of the secrets.
    secrets              TEXT,
    user_field           TEXT NOT NULL,
    user_claim           TEXT NOT NULL,
    attribute_mapping    TEXT NOT NULL,
    extra_fields         TEXT,
    protected_fields     TEXT NOT NULL,
    allowed_domains      TEXT NOT NULL,
    allowed_redirects    TEXT NOT NULL,
    management_url       TEXT NOT NULL,
    -- What searches look into, folded to lower case.
    search_text          TEXT NOT NULL,
    warnings             BIGINT NOT NULL,
    created_at           BIGINT NOT NULL,
    updated_at           BIGINT,
    -- updated_at, else created_at: lists are ordered by it.
    changed_at           BIGINT NOT NULL,
    changed_by           TEXT NOT NULL,
    deleted_at           BIGINT,
    version              BIGINT NOT NULL
);

CREATE UNIQUE INDEX vestibule_idp_slug ON vestibule_identity_providers (slug) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX vestibule_idp_platform_name ON vestibule_identity_providers (name)
    WHERE deleted_at IS NULL AND owner_tenant_id IS NULL;
CREATE UNIQUE INDEX vestibule_idp_tenant_name ON vestibule_identity_providers (owner_tenant_id, name)
    WHERE deleted_at IS NULL AND owner_tenant_id IS NOT NULL;
-- One index for each order of a list, so that a page is read without sorting.
CREATE INDEX vestibule_idp_label ON vestibule_identity_providers (label, id) WHERE deleted_at IS NULL;
CREATE INDEX vestibule_idp_protocol ON vestibule_identity_providers (protocol, label, id) WHERE deleted_at IS NULL;
CREATE INDEX vestibule_idp_changed ON vestibule_identity_providers (changed_at, id) WHERE deleted_at IS NULL;
CREATE INDEX vestibule_idp_owner ON vestibule_identity_providers (owner_tenant_id, label, id) WHERE deleted_at IS NULL;
CREATE INDEX vestibule_idp_platform_oidc ON vestibule_identity_providers (label, id)
    WHERE deleted_at IS NULL AND owner_tenant_id IS NULL AND protocol = 'oidc';
CREATE INDEX vestibule_idp_catalogue ON vestibule_identity_providers (label, id)
    WHERE deleted_at IS NULL AND owner_tenant_id IS NULL AND protocol = 'oidc' AND enabled = TRUE;

CREATE TABLE vestibule_tenant_identity_providers (
    tenant_id  BLOB NOT NULL REFERENCES vestibule_tenants (id),
    idp_id     BLOB NOT NULL REFERENCES vestibule_identity_providers (id),
    -- owned or shared
    origin     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (tenant_id, idp_id)
);

CREATE INDEX vestibule_tenant_idp ON vestibule_tenant_identity_providers (idp_id);

CREATE TABLE vestibule_discoveries (
    idp_id     BLOB NOT NULL PRIMARY KEY REFERENCES vestibule_identity_providers (id),
    fetched_at BIGINT NOT NULL,
    report     TEXT NOT NULL
);
