//! What an error of a service means in this dialect: which refusal it is, and at which member a problem stands.

use vestibule_app::domain::{
    problem::{Problem, ProblemCode, ServiceError},
    words::capitalised,
};

use super::{
    error::{Entry, Refusal, Result, Segment, value_error},
    ldap,
};

/// Turns the error of a service into a refusal.
pub(super) trait OrRefuse<T> {
    /// The value, or what the error means for an operation on `resource`.
    fn or_refuse(self, resource: Resource) -> Result<T>;
}

impl<T> OrRefuse<T> for std::result::Result<T, ServiceError> {
    fn or_refuse(self, resource: Resource) -> Result<T> {
        self.map_err(|error| resource.refuse(error))
    }
}

/// Refuses a body whose form has faults, together with the problems that the domain finds in what could be read.
pub(super) fn check(resource: Resource, faults: Vec<Entry>, judge: impl FnOnce() -> Vec<Problem>) -> Result<()> {
    if faults.is_empty() { Ok(()) } else { Err(resource.refuse_all(faults, &judge())) }
}

/// The kind of object that an operation is about. It words conflicts and names the fields of problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resource {
    Provider,
    Tenant,
    Group,
    GroupMapping,
    User,
    SignIn,
}

impl Resource {
    /// What an error of a service means here.
    pub(super) fn refuse(self, error: ServiceError) -> Refusal {
        match error {
            ServiceError::Unauthenticated => Refusal::NotAuthenticated,
            ServiceError::Forbidden => Refusal::Forbidden,
            ServiceError::NotFound { what } => Refusal::NotFound(format!("{} not found", capitalised(&what))),
            ServiceError::Conflict { what, .. } => {
                Refusal::Conflict(format!("{} was changed meanwhile; read it and try again", capitalised(&what)))
            }
            ServiceError::AlreadyRunning { what } => {
                Refusal::Conflict(format!("A {what} of this identity provider is already running"))
            }
            ServiceError::Invalid { problems } => self.refuse_input(problems),
            ServiceError::TooManyRequests { retry_after_seconds } => Refusal::Throttled(retry_after_seconds),
            // Operations that call out report what failed; none ends with this error.
            ServiceError::Upstream { .. } | ServiceError::Internal => Refusal::Internal,
            ServiceError::Unavailable => Refusal::Unavailable,
            ServiceError::DatabaseUnavailable { fault } => Refusal::Database(fault),
        }
    }

    /// A value in use is a conflict, unless something else is wrong too.
    fn refuse_input(self, problems: Vec<Problem>) -> Refusal {
        if !problems.is_empty() && problems.iter().all(|problem| problem.code == ProblemCode::Taken) {
            let text = match self {
                Self::Provider => "An identity provider with this name already exists",
                Self::Tenant => "A tenant with this slug already exists",
                Self::Group => "A group with this name already exists",
                Self::GroupMapping => "This group mapping already exists",
                Self::User => "A user with this name already exists",
                Self::SignIn => "This sign-in already exists",
            };
            let others: Vec<_> = problems.iter().filter_map(|problem| problem.other.as_deref()).collect();
            return Refusal::Conflict(match others.as_slice() {
                [] => text.to_owned(),
                // A name and a slug may be in use by the same object.
                [first, ..] => format!("{text}: {first}"),
            });
        }
        self.refuse_all(Vec::new(), &problems)
    }

    /// Faults of the form together with the problems that the domain finds beside them.
    pub(super) fn refuse_all(self, mut faults: Vec<Entry>, problems: &[Problem]) -> Refusal {
        let forms = faults.len();
        for problem in problems {
            let entry = self.entry(problem);
            let (of_form, of_meaning) = faults.split_at(forms);
            // A member that is missing or has the wrong form was read as something else.
            let is_hidden = of_form.iter().any(|fault| fault.hides(&entry));
            if !is_hidden && !of_meaning.iter().any(|other| other.loc.len() > 1 && other.loc == entry.loc) {
                faults.push(entry);
            }
        }
        Refusal::Invalid(faults)
    }

    fn entry(self, problem: &Problem) -> Entry {
        let mut parts = problem.field.split('.');
        let place = place(self, parts.next().unwrap_or_default());
        let mut loc: Vec<_> = std::iter::once("body").chain(place.iter().copied()).map(Segment::name).collect();
        if !place.is_empty() {
            loc.extend(parts.filter_map(|part| part.parse().ok()).map(Segment::Index));
        }
        value_error(loc, &problem.message)
    }
}

/// Where this dialect has the domain's fields, from the body inwards.
fn place(resource: Resource, field: &str) -> Vec<&'static str> {
    let names: &[(&str, &'static str)] = match resource {
        Resource::Provider => {
            if let Some(name) = ldap::setting(field) {
                return vec!["ldap_config", name];
            }
            return provider_place(field).to_vec();
        }
        Resource::Tenant => &[("name", "name"), ("slug", "slug"), ("partner", "partner_id"), ("status", "status")],
        Resource::Group => &[("name", "name"), ("description", "description"), ("tenant", "tenant_id")],
        Resource::GroupMapping => &[
            ("external_group_id", "external_group_id"),
            ("external_group_name", "external_group_name"),
            ("internal_group_id", "internal_group_id"),
        ],
        // Nothing of a user is written but whether they are blocked, which every service takes.
        Resource::User | Resource::SignIn => &[],
    };
    names.iter().filter(|(known, _)| *known == field).map(|(_, name)| *name).collect()
}

fn provider_place(field: &str) -> &'static [&'static str] {
    match field {
        "name" | "slug" => &["name"],
        "display_name" => &["display_name"],
        "owner" => &["tenant_id"],
        "oidc" => &["oidc_config"],
        "saml" => &["saml_config"],
        "ldap" => &["ldap_config"],
        "discovery_url" | "issuer" => &["oidc_config", "issuer"],
        "client_id" => &["oidc_config", "client_id"],
        "client_secret" => &["oidc_config", "client_secret"],
        "extra_scopes" => &["oidc_config", "scopes"],
        "authorization_endpoint" => &["oidc_config", "authorization_endpoint"],
        "token_endpoint" => &["oidc_config", "token_endpoint"],
        "userinfo_endpoint" => &["oidc_config", "userinfo_endpoint"],
        "jwks_uri" => &["oidc_config", "jwks_uri"],
        "token_endpoint_auth_method" => &["oidc_config", "token_endpoint_auth_method"],
        "response_mode" => &["oidc_config", "response_mode"],
        "id_token_signing_algs" => &["oidc_config", "id_token_signing_algs"],
        "allowed_issuers" => &["oidc_config", "allowed_issuers"],
        "userinfo" => &["oidc_config", "userinfo"],
        "max_age" => &["oidc_config", "max_age"],
        "prompt" => &["oidc_config", "prompt"],
        "acr_values" => &["oidc_config", "acr_values"],
        "entity_id" => &["saml_config", "entity_id"],
        "sso_url" => &["saml_config", "sso_url"],
        "slo_url" => &["saml_config", "slo_url"],
        "certificate" | "certificates" => &["saml_config", "certificate"],
        "name_id_format" => &["saml_config", "name_id_format"],
        // No other claim that identifies a user can be chosen here.
        "user_claim" => &["ldap_config", "external_id_attribute"],
        "attributes" | "mapping" | "attribute_mapping" => &["attribute_mapping"],
        "allowed_domains" => &["allowed_domains"],
        "confirmed_domains" => &["confirmed_domains"],
        "update_policy" => &["update_policy"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use serde_json::json;

    use super::*;

    fn invalid(problems: &[(&str, ProblemCode)]) -> ServiceError {
        let problem = |(field, code): &(&str, ProblemCode)| Problem::new(*field, *code, "M.");
        ServiceError::Invalid { problems: problems.iter().map(problem).collect() }
    }

    #[test]
    fn what_is_taken_is_a_conflict_unless_more_is_wrong() {
        let taken = ("name", ProblemCode::Taken);
        let conflict = Refusal::Conflict("An identity provider with this name already exists".to_owned());
        assert_eq!(Resource::Provider.refuse(invalid(&[taken])), conflict);
        let both = Resource::Provider.refuse(invalid(&[taken, ("client_id", ProblemCode::Blank)]));
        assert!(matches!(both, Refusal::Invalid(entries) if entries.len() == 2));
    }

    #[test]
    fn a_fault_of_the_form_hides_no_other_place() {
        let missing = |loc: &[&'static str]| Entry {
            kind: "missing",
            loc: loc.iter().copied().map(Segment::name).collect(),
            msg: "Field required".to_owned(),
            input: None,
            ctx: None,
        };
        let problem = |field: &str| Problem::new(field, ProblemCode::Malformed, "M.");
        let others = |loc: &[&'static str], fields: &[&str]| {
            let problems: Vec<_> = fields.iter().map(|field| problem(field)).collect();
            let Refusal::Invalid(entries) = Resource::Provider.refuse_all(vec![missing(loc)], &problems) else {
                panic!("not refused as invalid");
            };
            entries.len() - 1
        };
        assert_eq!(others(&["body", "name"], &["name", "client_id", "base_dn"]), 2);
        assert_eq!(others(&["body", "ldap_config"], &["base_dn", "urls.0", "allowed_domains.1"]), 1);
        assert_eq!(others(&["body", "ldap_config", "base_dn"], &["ldap", "urls", "base_dn"]), 2);
        assert_eq!(others(&["body", "name"], &[""]), 1);
    }

    #[test]
    fn problems_stand_where_this_dialect_has_the_field() {
        let Refusal::Invalid(entries) = Resource::Provider.refuse(invalid(&[
            ("discovery_url", ProblemCode::Malformed),
            ("urls.3", ProblemCode::Malformed),
            ("allowed_domains.1", ProblemCode::Malformed),
            ("something", ProblemCode::Malformed),
        ])) else {
            panic!("not refused as invalid");
        };
        let places: Vec<_> = entries.iter().map(|entry| serde_json::to_value(&entry.loc).unwrap()).collect();
        assert_eq!(
            places,
            [
                json!(["body", "oidc_config", "issuer"]),
                json!(["body", "ldap_config", "urls", 3]),
                json!(["body", "allowed_domains", 1]),
                json!(["body"]),
            ]
        );
        let text = serde_json::to_string(&entries[0]).unwrap();
        assert_eq!(text, r#"{"type":"value_error","loc":["body","oidc_config","issuer"],"msg":"Value error, M."}"#);
    }
}
