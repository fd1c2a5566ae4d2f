-- Providers in the order of their creation: of all, of one protocol, and of one tenant.
CREATE INDEX vestibule_idp_created ON vestibule_identity_providers (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX vestibule_idp_protocol_created ON vestibule_identity_providers (protocol, created_at, id)
    WHERE deleted_at IS NULL;
CREATE INDEX vestibule_idp_owner_created ON vestibule_identity_providers (owner_tenant_id, created_at, id)
    WHERE deleted_at IS NULL;
