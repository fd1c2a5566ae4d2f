-- Each sign-in reads the memberships of a user by one provider. By the index of providers, SQLite would read all of them.
DROP INDEX vestibule_group_members_user;
CREATE INDEX vestibule_group_members_user ON vestibule_group_members (user_id, idp_id);
