-- Attempts to sign in, with what happened in each. They refer to tenants, providers and users without foreign keys: they
-- are written in the background, when the others may be gone.
CREATE TABLE vestibule_sign_in_attempts (
    id          UUID NOT NULL PRIMARY KEY,
    -- What the person sees when the attempt fails.
    reference   TEXT COLLATE "C" NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL,
    outcome     TEXT COLLATE "C" NOT NULL,
    reason      TEXT COLLATE "C",
    tenant_id   UUID,
    idp_id      UUID,
    user_id     UUID,
    started_at  BIGINT NOT NULL,
    ended_at    BIGINT,
    -- JSON: the steps until the browser went to the provider, and those after it came back.
    start_steps TEXT NOT NULL,
    end_steps   TEXT NOT NULL,
    -- Who the person is, what the claims say and what a test found out, sealed. Removed before the rest.
    claims      TEXT,
    -- What stands behind the attempt: address, start or person. Anybody can cause many of the first two.
    evidence    TEXT NOT NULL
);

CREATE UNIQUE INDEX vestibule_sign_in_attempts_reference ON vestibule_sign_in_attempts (reference);
-- With what statistics count.
CREATE INDEX vestibule_sign_in_attempts_time ON vestibule_sign_in_attempts (started_at, id, outcome, reason, kind);
CREATE INDEX vestibule_sign_in_attempts_tenant
    ON vestibule_sign_in_attempts (tenant_id, started_at, id, outcome, reason, kind);
CREATE INDEX vestibule_sign_in_attempts_provider
    ON vestibule_sign_in_attempts (idp_id, started_at, id, outcome, reason, kind);
CREATE INDEX vestibule_sign_in_attempts_user ON vestibule_sign_in_attempts (user_id, started_at, id)
    WHERE user_id IS NOT NULL;
-- For what is removed.
CREATE INDEX vestibule_sign_in_attempts_claims ON vestibule_sign_in_attempts (started_at) WHERE claims IS NOT NULL;
CREATE INDEX vestibule_sign_in_attempts_evidence ON vestibule_sign_in_attempts (evidence, started_at)
    WHERE evidence <> 'person';
