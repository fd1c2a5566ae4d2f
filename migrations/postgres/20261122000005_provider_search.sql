-- What searches look into has a narrow table of its own, with an index of its trigrams.
CREATE TABLE vestibule_provider_search (
    idp_id      UUID NOT NULL PRIMARY KEY REFERENCES vestibule_identity_providers (id),
    -- Names and addresses of a live provider, folded to lower case.
    search_text TEXT NOT NULL,
    -- The name to show, folded: all that is looked into for callers who may know no more of a provider.
    label       TEXT NOT NULL
);

INSERT INTO vestibule_provider_search (idp_id, search_text, label)
SELECT id, search_text, LOWER(label) FROM vestibule_identity_providers WHERE deleted_at IS NULL;

ALTER TABLE vestibule_identity_providers DROP COLUMN search_text;

-- The extension comes with PostgreSQL, but some hosts do not offer it or do not let this role install it. Searches work
-- without the index too, only slower.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX vestibule_provider_search_index ON vestibule_provider_search USING gin (search_text gin_trgm_ops);
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'vestibule: searches of providers go without an index, since pg_trgm cannot be used: %', SQLERRM;
END
$$;
