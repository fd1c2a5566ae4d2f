//! Which groups of the tenant a person is in, by the group mappings of the provider.

use std::collections::BTreeSet;

use super::subject::AuthenticatedSubject;
use crate::domain::{
    group::GroupMapping,
    id::GroupId,
    mapping::{Claims, SkipReason, SkippedClaim, read_groups},
};

/// The groups of the tenant that a sign-in is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupMemberships {
    /// The person is in these, by this provider.
    pub member_of: BTreeSet<GroupId>,
    /// Nobody knows whether the person is in these: a membership stays as it is.
    pub unknown: BTreeSet<GroupId>,
    /// The claims that do not say in which groups the person is, although they should.
    pub skipped: Vec<SkippedClaim>,
}

/// Reads the groups of a person who signs in. A claim that is absent names no groups, unless the provider may have more to
/// say, or says that there are too many groups for a token.
pub fn mapped_groups(mappings: &[GroupMapping], subject: &AuthenticatedSubject) -> GroupMemberships {
    let mut memberships = GroupMemberships::default();
    for claim in group_claims(mappings) {
        let of_claim = mappings.iter().filter(|mapping| mapping.claim == claim);
        let known = of_claim.filter_map(|mapping| Some((mapping, mapping.internal_group_id.parse::<GroupId>().ok()?)));
        match read_groups(claim, &subject.claims) {
            Ok(sent) => {
                let fits = |mapping: &GroupMapping| sent.iter().any(|sent| is_same(sent, &mapping.external_group_id));
                memberships.member_of.extend(known.filter(|(mapping, _)| fits(mapping)).map(|(_, group)| group));
            }
            Err(SkipReason::Missing | SkipReason::Empty) if subject.is_complete => {}
            Err(reason) => {
                memberships.unknown.extend(known.map(|(_, group)| group));
                memberships.skipped.push(SkippedClaim { claim: claim.to_owned(), reason });
            }
        }
    }
    memberships
}

/// The claims that list groups, each once.
pub fn group_claims(mappings: &[GroupMapping]) -> BTreeSet<&str> {
    mappings.iter().map(|mapping| mapping.claim.as_str()).collect()
}

/// Whether one of the claims that list groups is not there at all.
pub fn lacks_groups(mappings: &[GroupMapping], claims: &Claims) -> bool {
    group_claims(mappings).into_iter().any(|claim| matches!(read_groups(claim, claims), Err(SkipReason::Missing)))
}

/// Groups are compared exactly; the letters of a UUID have no case.
fn is_same(sent: &str, mapped: &str) -> bool {
    let (sent, mapped) = (sent.trim(), mapped.trim());
    sent == mapped || (uuid::Uuid::try_parse(mapped).is_ok() && sent.eq_ignore_ascii_case(mapped))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test may panic")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{
        id::{GroupMappingId, ProviderId, TenantId},
        timestamp::Timestamp,
    };

    fn group(number: u128) -> GroupId {
        GroupId(uuid::Uuid::from_u128(number))
    }

    fn mapping(claim: &str, external: &str, internal: &str) -> GroupMapping {
        GroupMapping {
            id: GroupMappingId(uuid::Uuid::nil()),
            tenant: TenantId(uuid::Uuid::nil()),
            provider: ProviderId(uuid::Uuid::nil()),
            claim: claim.to_owned(),
            external_group_id: external.to_owned(),
            external_group_name: None,
            internal_group_id: internal.to_owned(),
            internal_group_name: None,
            created_at: Timestamp(0),
        }
    }

    fn mappings() -> [GroupMapping; 4] {
        [
            mapping("groups", "ops", &group(1).to_string()),
            mapping("groups", "9122040d-6c67-4c5b-b112-36a304b66dad", &group(2).to_string()),
            mapping("realm_access.roles", "admin", &group(3).to_string()),
            mapping("groups", "ops", "a text of the application"),
        ]
    }

    fn read(claims: &serde_json::Value, is_complete: bool) -> (Vec<GroupId>, Vec<GroupId>, usize) {
        let subject = AuthenticatedSubject {
            issuer: String::new(),
            subject: "a1".to_owned(),
            claims: Claims::parse(&claims.to_string()).unwrap(),
            is_complete,
            authenticated_at: None,
            methods: Vec::new(),
            context: None,
            session: None,
        };
        let GroupMemberships { member_of, unknown, skipped } = mapped_groups(&mappings(), &subject);
        (member_of.into_iter().collect(), unknown.into_iter().collect(), skipped.len())
    }

    #[test]
    fn a_person_is_in_the_mapped_groups_that_the_provider_sends() {
        let sent = json!({
            "groups": ["ops", "OPS", "9122040D-6C67-4C5B-B112-36A304B66DAD", "other"],
            "realm_access": {"roles": ["admin"]},
        });
        assert_eq!(read(&sent, true), (vec![group(1), group(2), group(3)], vec![], 0));
        for (sent, member_of) in [
            (json!({"groups": "ops"}), vec![group(1)]),
            (json!({"groups": ["Ops", "ops2", "op"]}), vec![]),
            (json!({"groups": []}), vec![]),
            (json!({"groups": null}), vec![]),
            (json!({}), vec![]),
        ] {
            assert_eq!(read(&sent, true), (member_of, vec![], 0), "{sent}");
        }
    }

    #[test]
    fn what_the_provider_does_not_say_stays_as_it_is() {
        let both = vec![group(1), group(2)];
        for sent in [
            json!({"_claim_names": {"groups": "s"}, "_claim_sources": {"s": {"endpoint": "https://graph.microsoft.com/x"}}}),
            json!({"_claim_names": {"groups": "s"}, "_claim_sources": {"s": {"endpoint": "https://other.example/x"}}}),
            json!({"hasgroups": true}),
            json!({"groups": {"name": "ops"}}),
            json!({"groups": [{"name": "ops"}]}),
            json!({"groups": true}),
        ] {
            assert_eq!(read(&sent, true), (vec![], both.clone(), 1), "{sent}");
        }
        let all = vec![group(1), group(2), group(3)];
        assert_eq!(read(&json!({}), false), (vec![], all, 2), "the userinfo endpoint may have said more");
    }
}
