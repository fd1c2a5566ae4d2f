//! Durations.

/// A duration in milliseconds, seconds with one decimal, or minutes and seconds.
pub fn duration(ms: u64) -> String {
    match ms {
        0..1000 => format!("{ms} ms"),
        1000..60_000 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        _ => format!("{} min {} s", ms / 60_000, ms / 1000 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_durations_are_shown_in_larger_units() {
        assert_eq!([7, 999, 1250, 61_000].map(duration), ["7 ms", "999 ms", "1.2 s", "1 min 1 s"]);
    }
}
