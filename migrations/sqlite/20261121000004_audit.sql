-- The audit log.
CREATE TABLE vestibule_audit_events (
    id          BLOB NOT NULL PRIMARY KEY,
    at          BIGINT NOT NULL,
    actor       TEXT NOT NULL,
    address     TEXT,
    action      TEXT NOT NULL,
    object      TEXT NOT NULL,
    object_id   TEXT NOT NULL,
    object_name TEXT NOT NULL,
    tenant_id   BLOB,
    changes     TEXT NOT NULL
);

CREATE INDEX vestibule_audit_at ON vestibule_audit_events (at, id);
CREATE INDEX vestibule_audit_object ON vestibule_audit_events (object_id, at, id);
CREATE INDEX vestibule_audit_tenant ON vestibule_audit_events (tenant_id, at, id);
