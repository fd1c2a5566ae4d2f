-- What searches look into has a narrow table of its own, with an index of its trigrams.
CREATE TABLE vestibule_provider_search (
    -- Named, since VACUUM may renumber rows that are not, and the index goes by the number.
    id          INTEGER PRIMARY KEY,
    idp_id      BLOB NOT NULL UNIQUE REFERENCES vestibule_identity_providers (id),
    -- Names and addresses of a live provider, folded to lower case.
    search_text TEXT NOT NULL,
    -- The name to show, folded: all that is looked into for callers who may know no more of a provider.
    label       TEXT NOT NULL
);

CREATE VIRTUAL TABLE vestibule_provider_search_index USING fts5 (
    search_text, content = 'vestibule_provider_search', content_rowid = 'id', columnsize = 0,
    tokenize = 'trigram case_sensitive 1'
);

CREATE TRIGGER vestibule_provider_search_insert AFTER INSERT ON vestibule_provider_search BEGIN
    INSERT INTO vestibule_provider_search_index (rowid, search_text) VALUES (new.id, new.search_text);
END;

CREATE TRIGGER vestibule_provider_search_delete AFTER DELETE ON vestibule_provider_search BEGIN
    INSERT INTO vestibule_provider_search_index (vestibule_provider_search_index, rowid, search_text)
    VALUES ('delete', old.id, old.search_text);
END;

CREATE TRIGGER vestibule_provider_search_update AFTER UPDATE OF search_text ON vestibule_provider_search BEGIN
    INSERT INTO vestibule_provider_search_index (vestibule_provider_search_index, rowid, search_text)
    VALUES ('delete', old.id, old.search_text);
    INSERT INTO vestibule_provider_search_index (rowid, search_text) VALUES (new.id, new.search_text);
END;

INSERT INTO vestibule_provider_search (idp_id, search_text, label)
SELECT id, search_text, LOWER(label) FROM vestibule_identity_providers WHERE deleted_at IS NULL;

ALTER TABLE vestibule_identity_providers DROP COLUMN search_text;
