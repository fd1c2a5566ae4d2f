-- What searches look into, folded to lower case as the application folds: databases disagree beyond ASCII. What is
-- there already is folded as well as the database can, and anew when it is changed.
ALTER TABLE vestibule_tenants ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
ALTER TABLE vestibule_groups ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
ALTER TABLE vestibule_audit_events ADD COLUMN actor_folded TEXT NOT NULL DEFAULT '';

-- The collation of names, "C", would fold ASCII alone.
UPDATE vestibule_tenants SET search_text = LOWER(name COLLATE "default") || chr(10) || slug;
UPDATE vestibule_groups SET search_text = LOWER(name COLLATE "default");
UPDATE vestibule_audit_events SET actor_folded = LOWER(actor COLLATE "default");
