//! Ranking: for each field the listed claims first, then those of offered scopes, then those known of the product.

use super::{
    Candidate, Confidence, FieldSuggestion, SuggestionInput, SuggestionReason, Vendor,
    knowledge::{KnownClaim, known_claims, remark_on_listed, vendor_scope},
    scopes::{SINGLE_PURPOSE, standard_scope},
    table::aliases,
};
use crate::domain::mapping::UserField;

/// The claims that could fill each field, best first; fields without a candidate are left out.
///
/// A listed claim with the common name comes before alternatives, and high confidence before low. A claim appears once
/// for each field.
pub fn rank(input: &SuggestionInput<'_>) -> Vec<FieldSuggestion> {
    let context = Context::new(input);
    UserField::ALL
        .into_iter()
        .map(|field| FieldSuggestion { field, candidates: context.candidates(field) })
        .filter(|suggestion| !suggestion.candidates.is_empty())
        .collect()
}

/// How many listed claims are considered. Providers list dozens; a document of a megabyte must not take a minute.
const MAX_CLAIMS: usize = 500;

struct Context<'a> {
    /// The listed claims with their normalised names.
    claims: Vec<(&'a str, String)>,
    lists_claims: bool,
    scopes: Option<&'a [String]>,
    vendor: Option<Vendor>,
}

impl<'a> Context<'a> {
    fn new(input: &SuggestionInput<'a>) -> Context<'a> {
        let listed = input.claims_supported.unwrap_or_default();
        Context {
            claims: listed.iter().take(MAX_CLAIMS).map(|claim| (claim.as_str(), comparable(claim))).collect(),
            lists_claims: !listed.is_empty(),
            scopes: input.scopes_supported,
            vendor: Vendor::recognise(input.issuer),
        }
    }

    fn candidates(&self, field: UserField) -> Vec<Candidate> {
        let mut found = Vec::new();
        self.add_listed(field, &mut found);
        self.add_known(field, &mut found);
        self.add_promised(field, &mut found);
        // Within one confidence the order of the sources is kept.
        let (mut first, last): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|candidate| candidate.confidence != Confidence::Low);
        first.extend(last);
        first
    }

    fn add_listed(&self, field: UserField, found: &mut Vec<Candidate>) {
        let names = aliases(field);
        for (position, name) in names.iter().enumerate() {
            let spelling = comparable(name);
            let exact = self.claims.iter().filter(|(claim, _)| claim == name);
            let other = self.claims.iter().filter(|(claim, same)| claim != name && *same == spelling);
            for (claim, _) in exact.chain(other) {
                let why = if position == 0 && claim == name {
                    SuggestionReason::Exact
                } else {
                    SuggestionReason::Alternative
                };
                self.add(found, field, claim, why, Confidence::High);
            }
            // A path into an object that is listed as a whole, such as `address.country`.
            if let Some((object, _)) = name.split_once('.')
                && self.claims.iter().any(|(claim, _)| *claim == object)
            {
                self.add(found, field, name, SuggestionReason::Alternative, Confidence::Low);
            }
        }
        for name in names {
            let spelling = comparable(name);
            for (claim, _) in &self.claims {
                if let Some((_, last)) = claim.rsplit_once('/')
                    && comparable(last) == spelling
                {
                    self.add(found, field, claim, SuggestionReason::Alternative, Confidence::Low);
                }
            }
        }
    }

    fn add_known(&self, field: UserField, found: &mut Vec<Candidate>) {
        let Some(vendor) = self.vendor else { return };
        for known in known_claims(vendor).iter().filter(|known| known.field == field) {
            let KnownClaim { field: _, claim, scope, confidence, note } = known;
            let listed = self.claims.iter().any(|(listed, _)| listed == claim);
            if found.iter().any(|candidate| candidate.claim == *claim) {
                continue;
            }
            let offered = scope.and_then(|scope| self.offered(scope));
            found.push(Candidate {
                claim: (*claim).to_owned(),
                why: if listed { SuggestionReason::Alternative } else { SuggestionReason::KnownProvider(vendor) },
                // A provider that lists scopes without the required one was configured not to send the claim.
                confidence: if scope.is_some() && offered.is_none() { Confidence::Low } else { *confidence },
                scope: offered,
                note: note.map(str::to_owned),
            });
        }
    }

    /// Only where the document lists some claims: otherwise its list says nothing.
    fn add_promised(&self, field: UserField, found: &mut Vec<Candidate>) {
        let usual = aliases(field)[0];
        for (claim, scope) in SINGLE_PURPOSE {
            let offered = self.scopes.is_some_and(|scopes| scopes.iter().any(|listed| listed == scope));
            if claim == usual && self.lists_claims && offered {
                self.add(found, field, claim, SuggestionReason::OnlyWithScope(scope.to_owned()), Confidence::Low);
            }
        }
    }

    fn add(
        &self,
        found: &mut Vec<Candidate>,
        field: UserField,
        claim: &str,
        why: SuggestionReason,
        confidence: Confidence,
    ) {
        if found.iter().any(|candidate| candidate.claim == claim) {
            return;
        }
        let own_scope = self.vendor.and_then(|vendor| vendor_scope(vendor, claim));
        let scope = own_scope.or_else(|| standard_scope(claim)).and_then(|scope| self.offered(scope));
        // Research federations name scopes after single claims.
        let scope = scope.or_else(|| self.scopes?.iter().find(|listed| *listed == claim).cloned());
        let remark = self.vendor.and_then(|vendor| remark_on_listed(vendor, field, claim));
        let (confidence, note) = match remark {
            Some((Confidence::Low, note)) => (Confidence::Low, Some(note.to_owned())),
            Some((Confidence::High, note)) => (confidence, Some(note.to_owned())),
            None => (confidence, None),
        };
        found.push(Candidate { claim: claim.to_owned(), why, confidence, scope, note });
    }

    /// The scope, unless the provider lists its scopes without it.
    fn offered(&self, scope: &str) -> Option<String> {
        let offered = self.scopes.is_none_or(|scopes| scopes.iter().any(|listed| listed == scope));
        offered.then(|| scope.to_owned())
    }
}

/// A normalised claim name: without letter case, `_` and `-`.
fn comparable(claim: &str) -> String {
    claim.chars().filter(|letter| !matches!(letter, '_' | '-')).flat_map(char::to_lowercase).collect()
}
