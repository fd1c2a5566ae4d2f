//! What is known of directories: where they have users, their groups, and who is in which.

mod groups;
mod links;
mod mapped;

pub(crate) use groups::{
    StoredGroup, add_members, count_groups, count_members_among, delete_group, groups_of_user, list_groups, members_of,
    page_of_groups, put_group, remove_members,
};
pub(crate) use links::{
    HolderLink, KnownLink, MemberKey, NameHolder, NewLink, StoredLink, count, dn_of, find_holders, find_known,
    find_many, for_each_member, for_each_unvanished, id_of_user, insert, links_of_user, live_links_of, others_of,
    prefer_indexes, remove_of_user, update,
};
pub(crate) use mapped::{apply_mappings, groups_of, remove_of_provider};
