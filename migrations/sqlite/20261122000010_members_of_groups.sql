-- Whether users came, went or moved since the members of a directory's groups were worked out. A group whose entry did
-- not change has the same members until then.
ALTER TABLE vestibule_sync_state ADD COLUMN members_stale BOOLEAN NOT NULL DEFAULT TRUE;
