//! Which entries a log keeps when there are more than it has room for.

use vestibule_app::domain::sync::{EntryAction, SyncEntry};

/// The positions of the entries that are kept, by rank. The first entries of each rank are kept, and a better rank
/// displaces a worse one, so the result does not depend on the order in which ranks arrive.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    positions: [Vec<u32>; Rank::COUNT],
    pub(super) next: u32,
}

/// What is kept first when there is not room for everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Failed,
    Skipped,
    Changed,
}

impl Rank {
    const COUNT: usize = 3;

    pub(super) fn of(entry: &SyncEntry) -> Self {
        match (entry.action, entry.code) {
            (EntryAction::Failed, _) => Self::Failed,
            (EntryAction::Skipped, _) | (_, Some(_)) => Self::Skipped,
            _ => Self::Changed,
        }
    }
}

impl Kept {
    fn count(&self) -> usize {
        self.positions.iter().map(Vec::len).sum()
    }

    /// Makes room for one more entry of a rank. Returns its position and the one it displaces, or `None` when there is no
    /// room.
    pub(super) fn admit(&mut self, rank: Rank, room: usize) -> Option<(u32, Option<(Rank, u32)>)> {
        let mut removed = None;
        if self.count() >= room {
            let worse = [Rank::Changed, Rank::Skipped].into_iter().filter(|worse| *worse > rank);
            removed = worse.filter_map(|worse| Some((worse, self.positions[worse as usize].pop()?))).next();
            removed?;
        }
        let position = self.next;
        self.next += 1;
        self.positions[rank as usize].push(position);
        Some((position, removed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_take_the_room_of_what_is_less_urgent_in_whatever_order_they_come() {
        const ROOM: usize = 4;
        let kept = |ranks: &[Rank]| {
            let mut kept = Kept::default();
            for rank in ranks {
                kept.admit(*rank, ROOM);
            }
            kept.positions.map(|positions| positions.len())
        };
        use Rank::{Changed, Failed, Skipped};
        assert_eq!(kept(&[Changed; 9]), [0, 0, 4]);
        assert_eq!(kept(&[Changed, Changed, Changed, Changed, Failed, Skipped, Failed]), [2, 1, 1]);
        assert_eq!(kept(&[Failed, Failed, Skipped, Changed, Changed, Changed, Changed]), [2, 1, 1]);
        assert_eq!(kept(&[Skipped, Skipped, Skipped, Skipped, Skipped, Failed, Changed]), [1, 3, 0]);
        assert_eq!(kept(&[Failed; 9]), [4, 0, 0]);
    }
}
