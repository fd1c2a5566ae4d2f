//! What waits to be written, up to a bound: by number, and by size, since claims can be long.

use std::collections::VecDeque;

use vestibule_app::domain::sign_in::AttemptOutcome;

use crate::store::sign_in::attempts::RecordedAttempt;

/// How many attempts wait at most.
const CAPACITY: usize = 2000;
/// How many bytes of sealed texts wait at most.
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// An attempt that waits.
pub(super) struct WaitingAttempt {
    pub(super) recorded: RecordedAttempt,
    /// How often it could not be written.
    failed: u8,
}

impl WaitingAttempt {
    fn bytes(&self) -> usize {
        self.recorded.person.as_ref().map_or(0, String::len)
    }
}

/// Attempts that wait. Half of the room is for those that have ended: a flood of starts does not displace failures.
pub(super) struct Waiting {
    attempts: VecDeque<WaitingAttempt>,
    bytes: usize,
    capacity: usize,
    max_bytes: usize,
}

impl Default for Waiting {
    fn default() -> Self {
        Self { attempts: VecDeque::new(), bytes: 0, capacity: CAPACITY, max_bytes: MAX_BYTES }
    }
}

impl Waiting {
    /// Returns false when there is no room.
    pub(super) fn push(&mut self, recorded: RecordedAttempt) -> bool {
        let is_start = recorded.attempt.outcome == AttemptOutcome::Started;
        let capacity = if is_start { self.capacity / 2 } else { self.capacity };
        let waiting = WaitingAttempt { recorded, failed: 0 };
        let has_room = self.attempts.len() < capacity && self.bytes + waiting.bytes() <= self.max_bytes;
        if has_room {
            self.bytes += waiting.bytes();
            self.attempts.push_back(waiting);
        }
        has_room
    }

    /// The first ones, by identifier: nodes that write the same attempts do not lock them in opposite orders.
    pub(super) fn take(&mut self, number: usize) -> Vec<WaitingAttempt> {
        let mut batch: Vec<_> = self.attempts.drain(..number.min(self.attempts.len())).collect();
        self.bytes -= batch.iter().map(WaitingAttempt::bytes).sum::<usize>();
        batch.sort_by_key(|waiting| waiting.recorded.attempt.id);
        batch
    }

    /// Puts attempts that could not be written back to the front; returns how many are dropped, since they failed too often
    /// or there is no room any more.
    pub(super) fn put_back(&mut self, batch: Vec<WaitingAttempt>, retries: u8) -> usize {
        let number = batch.len();
        let mut kept = 0;
        for waiting in batch.into_iter().rev() {
            let bytes = waiting.bytes();
            let has_room = self.attempts.len() < self.capacity && self.bytes + bytes <= self.max_bytes;
            if waiting.failed < retries && has_room {
                self.bytes += bytes;
                kept += 1;
                self.attempts.push_front(WaitingAttempt { failed: waiting.failed + 1, ..waiting });
            }
        }
        number - kept
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;
    use vestibule_app::domain::{
        id::SignInId,
        sign_in::{AttemptKind, SignInAttempt},
        timestamp::Timestamp,
    };

    use super::*;

    fn recorded(id: u128, outcome: AttemptOutcome, sealed: usize) -> RecordedAttempt {
        let attempt = SignInAttempt {
            id: SignInId(Uuid::from_u128(id)),
            reference: id.to_string(),
            kind: AttemptKind::Real,
            outcome,
            reason: None,
            tenant: None,
            provider: None,
            user: None,
            started_at: Timestamp(0),
            ended_at: None,
        };
        let person = (sealed > 0).then(|| "x".repeat(sealed));
        RecordedAttempt { attempt, steps: Vec::new(), person, evidence: "address" }
    }

    fn bounded(capacity: usize) -> Waiting {
        Waiting { capacity, max_bytes: 100, ..Waiting::default() }
    }

    fn references(batch: &[WaitingAttempt]) -> Vec<&str> {
        batch.iter().map(|waiting| waiting.recorded.attempt.reference.as_str()).collect()
    }

    #[test]
    fn what_comes_beyond_the_bound_is_dropped() {
        let mut waiting = bounded(3);
        let ended = AttemptOutcome::Failed;
        let accepted: Vec<_> = [4, 3, 2, 1].map(|id| waiting.push(recorded(id, ended, 0))).into();
        assert_eq!(accepted, [true, true, true, false]);
        assert_eq!(references(&waiting.take(2)), ["3", "4"]);
        assert!(waiting.push(recorded(1, ended, 0)));
        assert_eq!(waiting.take(100).len(), 2);
        assert!(waiting.take(100).is_empty());
    }

    #[test]
    fn starts_leave_room_for_ends() {
        let mut waiting = bounded(4);
        let accepted: Vec<_> = [1, 2, 3].map(|id| waiting.push(recorded(id, AttemptOutcome::Started, 0))).into();
        assert_eq!(accepted, [true, true, false]);
        assert!(waiting.push(recorded(4, AttemptOutcome::SignedIn, 0)));
    }

    #[test]
    fn long_claims_count_by_their_size() {
        let mut waiting = bounded(10);
        let accepted: Vec<_> = [1, 2].map(|id| waiting.push(recorded(id, AttemptOutcome::SignedIn, 60))).into();
        assert_eq!(accepted, [true, false]);
        waiting.take(1);
        assert!(waiting.push(recorded(3, AttemptOutcome::SignedIn, 60)));
    }

    #[test]
    fn what_could_not_be_written_comes_first_and_not_for_ever() {
        let mut waiting = bounded(3);
        for id in [1, 2] {
            waiting.push(recorded(id, AttemptOutcome::Failed, 10));
        }
        let batch = waiting.take(2);
        for id in [3, 4] {
            waiting.push(recorded(id, AttemptOutcome::Failed, 0));
        }
        assert_eq!(waiting.put_back(batch, 1), 1, "there is room for one more");
        let batch = waiting.take(1);
        assert_eq!(references(&batch), ["2"]);
        assert_eq!(waiting.put_back(batch, 1), 1, "it failed twice");
        assert_eq!(references(&waiting.take(9)), ["3", "4"]);
    }
}
