//! Entries whose names were taken, at the end of the run. Every other entry was stored by then, so that names which users
//! gave up are free, and users who want each other's names get them in one transaction.

use std::collections::HashSet;

use vestibule_app::domain::{
    id::UserId,
    provider::LinkExisting,
    sync::{Holder, HolderStatus, NameClaim, Policy, SettledClaims, settle},
};

use super::{
    super::{
        entries::SeenUser,
        error::RunError,
        limits::{BATCH, RunLimits},
    },
    batch::{BatchStore, Pass},
    coverage::Coverage,
    lookup::Lookup,
    record::UserRecord,
};

pub(super) struct DeferredEntries {
    entries: Vec<SeenUser>,
    policy: Policy,
}

impl DeferredEntries {
    pub(super) const fn new(entries: Vec<SeenUser>, policy: Policy) -> Self {
        Self { entries, policy }
    }

    pub(super) const fn count(&self) -> u64 {
        self.entries.len() as u64
    }

    pub(super) async fn store(
        self,
        limits: &RunLimits,
        batches: &mut BatchStore<'_>,
        record: &mut UserRecord<'_>,
        coverage: &Coverage,
    ) -> Result<(), RunError> {
        if self.entries.is_empty() {
            return Ok(());
        }
        let SettledClaims { together, refused } = self.settle(batches.lookup(coverage)).await?;
        let mut deferred: Vec<Option<SeenUser>> = self.entries.into_iter().map(Some).collect();
        let mut take = |places: Vec<usize>| -> Vec<SeenUser> {
            places.into_iter().filter_map(|place| deferred.get_mut(place)?.take()).collect()
        };
        let mut batch = Vec::new();
        for places in together {
            batch.extend(take(places));
            if batch.len() >= BATCH {
                limits.check()?;
                batches.store(record, coverage, std::mem::take(&mut batch), Pass::Settled).await?;
            }
        }
        limits.check()?;
        batches.store(record, coverage, batch, Pass::Settled).await?;
        for some in take(refused).chunks(BATCH) {
            limits.check()?;
            batches.store(record, coverage, some.to_vec(), Pass::Last).await?;
        }
        Ok(())
    }

    /// How many users whose entry was not found other entries would take over.
    pub(super) async fn count_takeovers(&self, lookup: Lookup<'_>) -> Result<u64, RunError> {
        let link_existing = self.policy.link_existing;
        if self.entries.is_empty() || link_existing == LinkExisting::None {
            return Ok(0);
        }
        let (known, names) = lookup.read(&self.entries).await?;
        let unknown = self.entries.iter().filter(|entry| !entry.is_disabled && !known.contains_key(&entry.external_id));
        let holders = unknown.filter_map(|entry| names.matching(link_existing, entry.profile.as_ref().ok()?));
        let users: HashSet<UserId> =
            holders.filter(|holder| holder.status == HolderStatus::Guarded).map(|holder| holder.user).collect();
        Ok(users.len() as u64)
    }

    /// Which of the entries get the names they want. Places are those in `entries`.
    async fn settle(&self, lookup: Lookup<'_>) -> Result<SettledClaims, RunError> {
        let Policy { link_existing, creates, .. } = self.policy;
        let (known, names) = lookup.read(&self.entries).await?;
        let (mut places, mut claims, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        for (place, entry) in self.entries.iter().enumerate() {
            let own = known.get(&entry.external_id).map(|link| link.user);
            let claim = entry.profile.as_ref().ok().and_then(|profile| {
                let user = own.or_else(|| names.taken_over(link_existing, profile));
                let (username, email) = (profile.folded_username(), profile.folded_email());
                (user.is_some() || creates).then_some(NameClaim { user, username, email })
            });
            match claim {
                Some(claim) => {
                    places.push(place);
                    claims.push(claim);
                }
                None => refused.push(place),
            }
        }
        let user = |holder: Option<Holder<UserId>>| holder.map(|holder| holder.user);
        let settled = settle(&claims, |name| user(names.username(name)), |address| user(names.email(address)));
        let to_places =
            |claims: Vec<usize>| claims.into_iter().filter_map(|claim| places.get(claim).copied()).collect::<Vec<_>>();
        refused.extend(to_places(settled.refused));
        refused.sort_unstable();
        Ok(SettledClaims { together: settled.together.into_iter().map(to_places).collect(), refused })
    }
}
