-- Whom people who sign in are linked to, and what is updated: JSON, in which an absent member has its default.
ALTER TABLE vestibule_identity_providers ADD COLUMN sign_in TEXT NOT NULL DEFAULT '{}';
