-- Tenants and providers are never removed, only marked as deleted, and whoever writes users holds both. A check of these
-- references for every user and link took a sixth of the time in which a directory is read for the first time.
ALTER TABLE vestibule_users DROP CONSTRAINT vestibule_users_tenant_id_fkey;
ALTER TABLE vestibule_users DROP CONSTRAINT vestibule_users_origin_idp_id_fkey;
ALTER TABLE vestibule_directory_links DROP CONSTRAINT vestibule_directory_links_idp_id_fkey;
-- Groups of directories, and who is in them, are written by the run that holds the provider and by nobody else.
ALTER TABLE vestibule_directory_memberships DROP CONSTRAINT vestibule_directory_memberships_directory_group_id_fkey;
