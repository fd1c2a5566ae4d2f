//! Paths: the steps from a claim to a value inside it, as a mapping writes them after the claim's name.
//!
//! A claim with exactly the written name always wins, so a name that looks like a path keeps its meaning. `evaluate`
//! applies the steps; their notation is defined here:
//!
//! | Step | Takes |
//! |---|---|
//! | `.name` | the member of an object |
//! | `[0]` | one item of a list, counted from 0 |
//! | `[]` | each item of a list |
//! | `{}` | the names of an object's members |
//! | `[,]`, `[;]`, `[space]` | the parts of a text between this character |
//! | `[json]` | the value of a text that holds JSON |

/// The most steps of a path, so that following one stays cheap.
pub const MAX_STEPS: usize = 16;

/// One step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathStep {
    /// `.`, before the name of a member.
    Member,
    /// `[0]`
    Index(usize),
    /// `[]`
    Each,
    /// `{}`
    Names,
    /// `[,]`, or `[space]`
    Split(char),
    /// `[json]`
    Json,
}

/// The step at the beginning of `rest`, and what follows it; `None` when there is no step.
pub fn step(rest: &str) -> Option<(PathStep, &str)> {
    if let Some(rest) = rest.strip_prefix('.') {
        return Some((PathStep::Member, rest));
    }
    if let Some(rest) = rest.strip_prefix("{}") {
        return Some((PathStep::Names, rest));
    }
    let (inner, rest) = rest.strip_prefix('[')?.split_once(']')?;
    let step = match inner {
        "" => PathStep::Each,
        "json" => PathStep::Json,
        "space" => PathStep::Split(' '),
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => PathStep::Index(digits.parse().ok()?),
        separator => {
            let mut letters = separator.chars();
            let letter = letters.next().filter(char::is_ascii_punctuation)?;
            letters.next().is_none().then_some(PathStep::Split(letter))?
        }
    };
    Some((step, rest))
}

/// The claim into which a written name leads when no claim has the whole name, and the steps after it.
///
/// Splitting at dots is left to the caller: most names with dots are whole names.
pub fn split(name: &str) -> Option<(&str, &str)> {
    let at = name.match_indices(['[', '{']).map(|(at, _)| at).find(|at| is_path(&name[*at..]))?;
    Some(name.split_at(at))
}

/// The claim into which a written name most likely leads: the text before the first step that is not a dot.
pub fn claim_of(name: &str) -> &str {
    split(name).map_or(name, |(claim, _)| claim)
}

/// Whether `rest` consists of steps only.
fn is_path(mut rest: &str) -> bool {
    while !rest.is_empty() {
        match step(rest) {
            Some((PathStep::Member, inner)) => rest = inner.find(['.', '[', '{']).map_or("", |at| &inner[at..]),
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_read_and_nothing_else() {
        for (text, read) in [
            (".a[0]", Some((PathStep::Member, "a[0]"))),
            ("[12].x", Some((PathStep::Index(12), ".x"))),
            ("[]", Some((PathStep::Each, ""))),
            ("{}[0]", Some((PathStep::Names, "[0]"))),
            ("[,]", Some((PathStep::Split(','), ""))),
            ("[.]", Some((PathStep::Split('.'), ""))),
            ("[space]", Some((PathStep::Split(' '), ""))),
            ("[json].a", Some((PathStep::Json, ".a"))),
            ("[-1]", None),
            ("[99999999999999999999]", None),
            ("[ä]", None),
            ("[,", None),
            ("{a}", None),
            ("a", None),
            ("", None),
        ] {
            assert_eq!(step(text), read, "{text}");
        }
    }

    #[test]
    fn a_name_splits_before_its_first_step() {
        assert_eq!(claim_of("emails[0].value"), "emails");
        assert_eq!(claim_of("address.country"), "address.country");
        assert_eq!(split("groups[].displayName"), Some(("groups", "[].displayName")));
        assert_eq!(split("urn:zitadel:iam:org:project:roles{}"), Some(("urn:zitadel:iam:org:project:roles", "{}")));
        assert_eq!(split("https://x.example/[a][0]"), Some(("https://x.example/[a]", "[0]")));
        assert_eq!(split("address.country"), None);
        assert_eq!(split("odd[name]"), None);
    }
}
