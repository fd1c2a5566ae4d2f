//! What is stored of directories: links of their entries to users, their groups, and the members of those.

mod links;

mod holders;
mod scan;
mod user_links;

mod groups;
mod mapped;

mod plans;

pub(crate) use groups::{
    StoredGroup, add_members, count_groups, count_members_among, delete_group, list_groups, list_groups_of_user,
    list_groups_page, list_members, put_group, remove_members,
};
pub(crate) use holders::{HolderLink, NameHolder, find_holders};
pub(crate) use links::{
    KnownLink, NewLink, StoredLink, count_others, count_users, find_dn, find_external_id, find_known, insert_links,
    lock_links, remove_link, update_link,
};
pub(crate) use mapped::{apply_mappings, list_mapped_groups, remove_of_provider};
pub(crate) use plans::prefer_indexes;
pub(crate) use scan::{MemberKey, for_each_member, for_each_unvanished};
pub(crate) use user_links::{list_links_of_user, list_live_links_of_user};
