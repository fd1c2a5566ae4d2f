-- Groups of tenants, and which groups of a provider stand for them. Tenants can be changed.
ALTER TABLE vestibule_tenants ADD COLUMN updated_at BIGINT;
ALTER TABLE vestibule_tenants ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX vestibule_tenants_partner ON vestibule_tenants (partner, name, id) WHERE deleted_at IS NULL;

CREATE TABLE vestibule_groups (
    id          UUID NOT NULL PRIMARY KEY,
    tenant_id   UUID NOT NULL REFERENCES vestibule_tenants (id),
    name        TEXT NOT NULL,
    description TEXT,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT,
    version     BIGINT NOT NULL
);

CREATE UNIQUE INDEX vestibule_groups_name ON vestibule_groups (tenant_id, name);
CREATE INDEX vestibule_groups_order ON vestibule_groups (name, id);

CREATE TABLE vestibule_group_mappings (
    id                  UUID NOT NULL PRIMARY KEY,
    tenant_id           UUID NOT NULL REFERENCES vestibule_tenants (id),
    idp_id              UUID NOT NULL REFERENCES vestibule_identity_providers (id),
    claim               TEXT NOT NULL,
    external_group_id   TEXT NOT NULL,
    external_group_name TEXT,
    -- As the API shows it: the prefixed identifier of a group, or whatever text the application gave.
    internal_group_id   TEXT NOT NULL,
    -- The group that the text names, whether it exists or not.
    group_id            UUID,
    created_at          BIGINT NOT NULL
);

CREATE UNIQUE INDEX vestibule_group_mappings_pair
    ON vestibule_group_mappings (tenant_id, idp_id, external_group_id, internal_group_id);
CREATE INDEX vestibule_group_mappings_idp ON vestibule_group_mappings (idp_id);
CREATE INDEX vestibule_group_mappings_group ON vestibule_group_mappings (group_id);
