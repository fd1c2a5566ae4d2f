//! Resolves a name of the mapping: to a claim with exactly this name, or along a path into one.
//!
//! The whole name always wins (`https://acme.example/email`, `address.country`, even `emails[0]`), and so does the
//! longest name at each step into an object. Where a path fails, the reason says how to write it.

use std::borrow::Cow;

use super::read::text_of;
use crate::domain::mapping::{
    ClaimValue, Claims, Obstacle, SkipReason, SkippedClaim,
    path::{MAX_STEPS, PathStep, step},
};

/// What a name resolved to.
pub(super) struct ResolvedValue<'a> {
    pub value: Cow<'a, ClaimValue>,
    /// Items for which the path failed while it succeeded for others.
    pub left_out: Vec<SkippedClaim>,
}

/// What a provider sent.
#[derive(Clone, Copy)]
pub(super) struct SentClaims<'a> {
    claims: &'a Claims,
    /// The claims that another party holds (OpenID Connect Core 1.0, section 5.6.2), looked up once for all names.
    elsewhere: Option<&'a Claims>,
}

impl<'a> SentClaims<'a> {
    pub(super) fn new(claims: &'a Claims) -> SentClaims<'a> {
        SentClaims { claims, elsewhere: claims.get("_claim_names").and_then(ClaimValue::as_object) }
    }

    /// Resolves `name` in the claims.
    pub(super) fn find(self, name: &str) -> Result<ResolvedValue<'a>, SkipReason> {
        match self.claims.get(name) {
            Some(value) => Ok(ResolvedValue { value: Cow::Borrowed(value), left_out: Vec::new() }),
            None => self.find_inside(name),
        }
    }

    fn find_inside(self, name: &str) -> Result<ResolvedValue<'a>, SkipReason> {
        // Most names that are absent have no steps. Without an early exit the loop compares many bytes at a time.
        let has_steps = name.bytes().fold(false, |found, byte| found | matches!(byte, b'.' | b'[' | b'{'));
        let found = if has_steps { lookup(self.claims, name, name) } else { Err(SkipReason::Missing) };
        let (value, rest) = match found {
            Ok(found) => found,
            Err(SkipReason::Missing) => return Err(self.absent(name)),
            Err(reason) => return Err(reason),
        };
        if rest.matches(['[', '{']).count() > MAX_STEPS {
            return Err(SkipReason::TooManySteps);
        }
        let mut walk = Walk { name, left_out: Vec::new() };
        let value = walk.follow(Cow::Borrowed(value), rest, &[])?;
        Ok(ResolvedValue { value, left_out: walk.left_out })
    }

    /// Why a claim is absent, where the provider gives a reason.
    fn absent(self, name: &str) -> SkipReason {
        let SentClaims { claims, elsewhere } = self;
        let is_of = |claim: &str| {
            let rest = name.strip_prefix(claim);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', '{']))
        };
        if let Some(elsewhere) = elsewhere
            && let Some((claim, source)) = elsewhere.iter().find(|(claim, _)| is_of(claim))
        {
            return if claim == "groups" && is_microsoft_graph(claims, source) {
                SkipReason::TooManyGroups { sign: "_claim_names".to_owned() }
            } else {
                SkipReason::Elsewhere
            };
        }
        // Microsoft Entra ID, in the implicit flow and in SAML.
        if is_of("groups") && claims.get("hasgroups").is_some_and(is_true) {
            return SkipReason::TooManyGroups { sign: "hasgroups".to_owned() };
        }
        if name == ENTRA_GROUPS && claims.get(ENTRA_GROUPS_LINK).is_some() {
            return SkipReason::TooManyGroups { sign: "groups.link".to_owned() };
        }
        SkipReason::Missing
    }
}

/// The value to which the names at the beginning of `rest` lead, and the remaining steps.
///
/// Takes the longest name at each step without backtracking: linear in the length of the name.
fn lookup<'a, 'n>(
    mut object: &'a Claims,
    name: &'n str,
    mut rest: &'n str,
) -> Result<(&'a ClaimValue, &'n str), SkipReason> {
    'members: loop {
        if let Some(value) = object.get(rest) {
            return Ok((value, ""));
        }
        let mut obstacle = None;
        for (at, _) in rest.rmatch_indices(['.', '[', '{']) {
            let (member, steps) = rest.split_at(at);
            let Some(value) = object.get(member) else { continue };
            match (step(steps), value) {
                (Some((PathStep::Member, inner)), ClaimValue::Object(members)) => {
                    (object, rest) = (members, inner);
                    continue 'members;
                }
                // Null counts as absent, and so does everything inside it.
                (Some((PathStep::Member, _)), ClaimValue::Null) => {}
                (Some((PathStep::Member, inner)), value) => {
                    obstacle.get_or_insert_with(|| no_members(value, written(name, steps), inner));
                }
                (Some(_), value) => return Ok((value, steps)),
                (None, _) => {
                    obstacle.get_or_insert_with(|| SkipReason::NotAStep { step: steps.to_owned() });
                }
            }
        }
        return Err(obstacle.unwrap_or(SkipReason::Missing));
    }
}

/// The part of `name` before `rest`, which is its end.
fn written<'n>(name: &'n str, rest: &str) -> &'n str {
    name.get(..name.len() - rest.len()).unwrap_or(name)
}

/// Why `.inner` does not apply to the value at `place`, and what to write instead.
fn no_members(value: &ClaimValue, place: &str, inner: &str) -> SkipReason {
    let first = inner.split(['.', '[', '{']).next().unwrap_or_default();
    let write = match value {
        ClaimValue::List(_) if !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(format!("{place}[{first}]{}", &inner[first.len()..]))
        }
        ClaimValue::List(_) => Some(format!("{place}[].{inner}")),
        ClaimValue::Text(text) if is_json(text) => Some(format!("{place}[json].{inner}")),
        _ => None,
    };
    leads_into(place, value, write)
}

fn leads_into(place: &str, value: &ClaimValue, write: Option<String>) -> SkipReason {
    SkipReason::LeadsInto(Box::new(Obstacle { place: place.to_owned(), found: value.kind(), write }))
}

/// Whether a text is a list or an object in JSON.
pub(super) fn is_json(text: &str) -> bool {
    let first = text.bytes().find(|byte| !byte.is_ascii_whitespace());
    let is_bracketed = matches!(first, Some(b'{' | b'['));
    is_bracketed && ClaimValue::parse(text).is_ok()
}

/// Follows the steps of one name.
struct Walk<'n> {
    name: &'n str,
    left_out: Vec<SkippedClaim>,
}

impl<'n> Walk<'n> {
    /// Follows `rest`, the end of the name, from `value` on. `items` are the list positions that were entered.
    fn follow<'a>(
        &mut self,
        mut value: Cow<'a, ClaimValue>,
        mut rest: &'n str,
        items: &[usize],
    ) -> Result<Cow<'a, ClaimValue>, SkipReason> {
        while !rest.is_empty() {
            let place = written(self.name, rest);
            let Some((next, after)) = step(rest) else {
                return Err(SkipReason::NotAStep { step: rest.to_owned() });
            };
            let obstacle = |value: &ClaimValue, write| leads_into(place, value, write);
            rest = after;
            value = match next {
                PathStep::Member => {
                    let (inner, steps) = member(value, self.name, place, after)?;
                    rest = steps;
                    inner
                }
                PathStep::Index(index) => narrow(value, |value| item(value, index))?,
                PathStep::Each => return self.each(&value, rest, items).map(Cow::Owned),
                PathStep::Names => match &*value {
                    ClaimValue::Object(members) => {
                        Cow::Owned(ClaimValue::List(members.names().map(ClaimValue::from).collect()))
                    }
                    ClaimValue::Null => return Err(SkipReason::Empty),
                    list @ ClaimValue::List(_) => return Err(obstacle(list, Some(format!("{place}[]{{}}{after}")))),
                    other => return Err(obstacle(other, None)),
                },
                PathStep::Split(separator) => match &*value {
                    ClaimValue::List(items) if items.len() > 1 => {
                        let split = &self.name[place.len()..];
                        return Err(obstacle(&value, Some(format!("{place}[]{split}"))));
                    }
                    _ => Cow::Owned(split(&value, separator)?),
                },
                PathStep::Json => match &*value {
                    ClaimValue::Text(text) => Cow::Owned(ClaimValue::parse(text).map_err(|_| SkipReason::NotJson)?),
                    // The value was sent as JSON and not as a text of it: some providers send either.
                    _ => value,
                },
            };
        }
        Ok(value)
    }

    /// Follows `rest` from each item of a list, and joins the results into one list.
    fn each(&mut self, value: &ClaimValue, rest: &'n str, items: &[usize]) -> Result<ClaimValue, SkipReason> {
        let single = std::slice::from_ref(value);
        let list = match value {
            ClaimValue::Null => return Err(SkipReason::Empty),
            ClaimValue::List(list) => list.as_slice(),
            // Some providers send a list of one item as the item.
            _ => single,
        };
        let mut values = Vec::with_capacity(list.len());
        let mut first = None;
        for (index, item) in list.iter().enumerate() {
            let path: Vec<usize> = items.iter().copied().chain([index]).collect();
            match self.follow(Cow::Borrowed(item), rest, &path).map(Cow::into_owned) {
                Ok(ClaimValue::List(inner)) if !rest.is_empty() => values.extend(inner),
                Ok(value) => values.push(value),
                Err(reason) => {
                    first.get_or_insert_with(|| reason.clone());
                    self.left_out.push(SkippedClaim { claim: self.place(&path), reason });
                }
            }
        }
        match first {
            Some(reason) if values.is_empty() => Err(reason),
            _ => Ok(ClaimValue::List(values)),
        }
    }

    /// The name with the positions of `items` in place of its first `[]`.
    fn place(&self, items: &[usize]) -> String {
        items.iter().fold(self.name.to_owned(), |name, index| name.replacen("[]", &format!("[{index}]"), 1))
    }
}

fn narrow<'a>(
    value: Cow<'a, ClaimValue>,
    pick: impl FnOnce(&ClaimValue) -> Result<&ClaimValue, SkipReason>,
) -> Result<Cow<'a, ClaimValue>, SkipReason> {
    match value {
        Cow::Borrowed(value) => pick(value).map(Cow::Borrowed),
        Cow::Owned(value) => pick(&value).cloned().map(Cow::Owned),
    }
}

/// The member that `inner` names, and the steps after it.
fn member<'a, 'n>(
    value: Cow<'a, ClaimValue>,
    name: &'n str,
    place: &str,
    inner: &'n str,
) -> Result<(Cow<'a, ClaimValue>, &'n str), SkipReason> {
    match value {
        Cow::Borrowed(ClaimValue::Object(members)) => {
            lookup(members, name, inner).map(|(value, rest)| (Cow::Borrowed(value), rest))
        }
        Cow::Owned(ClaimValue::Object(members)) => {
            lookup(&members, name, inner).map(|(value, rest)| (Cow::Owned(value.clone()), rest))
        }
        value if *value == ClaimValue::Null => Err(SkipReason::Missing),
        value => Err(no_members(&value, place, inner)),
    }
}

/// An item of a list. A single value is its own first item: some providers send a list only for several values.
fn item(value: &ClaimValue, index: usize) -> Result<&ClaimValue, SkipReason> {
    let items = match value {
        ClaimValue::Null => return Err(SkipReason::Empty),
        ClaimValue::List(items) if items.is_empty() => return Err(SkipReason::Empty),
        ClaimValue::List(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    items.get(index).ok_or(SkipReason::NoSuchItem { index, count: items.len() })
}

/// The parts of a text, trimmed, without empty ones.
fn split(value: &ClaimValue, separator: char) -> Result<ClaimValue, SkipReason> {
    let value = super::unwrap_single(value)?;
    let text = text_of(value)?;
    let parts = text.split(separator).map(str::trim).filter(|part| !part.is_empty());
    Ok(ClaimValue::List(parts.map(ClaimValue::from).collect()))
}

fn is_true(value: &ClaimValue) -> bool {
    match value {
        ClaimValue::Bool(is_true) => *is_true,
        ClaimValue::Text(text) => text == "true",
        _ => false,
    }
}

const ENTRA_GROUPS: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups";
const ENTRA_GROUPS_LINK: &str = "http://schemas.microsoft.com/claims/groups.link";

/// Whether the source of a claim is Microsoft Graph, where Entra ID refers to above 150 or 200 groups.
fn is_microsoft_graph(claims: &Claims, source: &ClaimValue) -> bool {
    let ClaimValue::Text(source) = source else { return false };
    let sources = claims.get("_claim_sources").and_then(ClaimValue::as_object);
    let source = sources.and_then(|sources| sources.get(source)).and_then(ClaimValue::as_object);
    match source.and_then(|source| source.get("endpoint")) {
        Some(ClaimValue::Text(endpoint)) => endpoint.contains("graph."),
        _ => false,
    }
}
