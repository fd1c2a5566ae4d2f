//! Creates a provider. Nothing is stored when the input has problems or its discovery fails.

use std::sync::Arc;

use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        audit::{AuditAction, AuditObject},
        discovery::discovery_url,
        id::{ProviderId, TenantId},
        patch::Patch,
        problem::{Problem, ProblemCode, ServiceError},
        provider::{
            ConfigInput, DiscoveryDemand, IdentityProvider, NewProvider, OidcConfig, OidcEndpoints, OidcInput,
            OidcPromises, OidcSignIn, Origin, ProviderConfig, ReservedSlugs, SignInPatch, SignInSettings, Slug,
            check_directory_mapping, check_new, detail::LastDiscovery, parse_allowed_domain,
        },
        tenant::Tenant,
    },
    service::{ServiceResult, TenantRef},
};

use super::{ProviderSecrets, WHAT, apply, changes, domains, ldap, saml, secrets};
use crate::{
    clock::Clock,
    core::{
        audit::{AuditEntry, record},
        discovery::discover,
        new_uuid,
        permission::{RowOwner, require},
        totals::Totals,
    },
    protocol::http::OutboundClient,
    store::{
        Conn, Lock, Store,
        providers::{self as rows, StoredProvider},
        tenants,
    },
};

/// How many numbered slugs are tried for a name before giving up.
const SLUG_ATTEMPTS: u32 = 1000;

/// Creates providers.
pub(super) struct ProviderCreation {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    /// Reads discovery documents.
    pub(super) outbound: OutboundClient,
    pub(super) secrets: ProviderSecrets,
    pub(super) totals: Totals,
    pub(super) reserved_slugs: ReservedSlugs,
}

impl ProviderCreation {
    pub(super) async fn create(&self, actor: &Actor, new: NewProvider) -> ServiceResult<IdentityProvider> {
        let Self { clock, outbound, secrets, .. } = self;
        let (tenant, slug) = self.settle_owner_and_slug(actor, &new).await?;
        let NewProvider {
            slug: _,
            name,
            display_name,
            owner,
            enabled,
            provisioning,
            sign_in,
            config,
            mapping,
            allowed_domains,
            allowed_redirects,
            management_url,
        } = new;
        let now = clock.now();
        let mut provider = IdentityProvider {
            id: ProviderId(new_uuid()),
            slug,
            name: name.trim().to_owned(),
            display_name: display_name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()),
            owner,
            enabled,
            provisioning,
            sign_in: sign_in.normalised(),
            config: match config {
                ConfigInput::Oidc(OidcInput { demand: _, ref discovery_url, .. }) => {
                    ProviderConfig::Oidc(blank_oidc(discovery_url))
                }
                ConfigInput::Saml(ref input) => ProviderConfig::Saml(apply::saml(input.clone())),
                ConfigInput::Ldap(ref ldap) => ProviderConfig::Ldap(apply::ldap((**ldap).clone(), None)),
            },
            mapping,
            allowed_domains: allowed_domains.iter().filter_map(|domain| parse_allowed_domain(domain).ok()).collect(),
            allowed_redirects: allowed_redirects.iter().filter_map(|text| Origin::parse(text).ok()).collect(),
            management_url: management_url.trim().to_owned(),
            created_at: now,
            updated_at: None,
            version: 1,
        };
        let mut discovery = None;
        if let (ConfigInput::Oidc(input), ProviderConfig::Oidc(oidc)) = (config, &mut provider.config) {
            let demand = input.demand;
            if demand == DiscoveryDemand::Later {
                apply::address(oidc, &input.discovery_url);
                let discovery_url = oidc.discovery_url.clone();
                apply::input(oidc, OidcInput { discovery_url, ..input });
            } else {
                let report = discover(outbound, &input.discovery_url, input.verify_tls, demand).await?;
                apply::input(oidc, input);
                apply::report(oidc, &report, demand);
                discovery = Some(LastDiscovery { at: clock.now(), report });
            }
        }
        secrets::date(None, &mut provider, now);
        let stored = StoredProvider {
            sealed_secrets: secrets.seal(&provider)?,
            warnings: apply::warning_count(discovery.as_ref(), &provider),
            changed_by: actor.name(),
            provider,
        };
        self.store_new(actor, &stored, tenant.as_ref(), discovery.as_ref()).await?;
        Ok(stored.provider)
    }

    /// Checks a new provider without creating it.
    pub(super) async fn check(&self, actor: &Actor, new: &NewProvider) -> ServiceResult<()> {
        self.settle_owner_and_slug(actor, new).await.map(drop)
    }

    /// Checks the permission and the input, and chooses the slug. Returns all problems at once, before anything is
    /// fetched.
    async fn settle_owner_and_slug(&self, actor: &Actor, new: &NewProvider) -> ServiceResult<(Option<Tenant>, Slug)> {
        let Self { store, outbound, reserved_slugs, .. } = self;
        let mut read = store.read().await?;
        let conn = &mut read.conn();
        let owned = RowOwner::load(conn, new.owner).await?;
        require(actor, Permission::ManageProviders, owned.owner(), "tenant")?;
        let tenant = get_owner(conn, new.owner).await?;
        let mut problems = check_new(new);
        let confirmed = Patch::Set(new.sign_in.confirmed_domains.clone());
        let sign_in = SignInPatch { confirmed_domains: confirmed, ..SignInPatch::default() };
        problems.extend(domains::problem(actor, &sign_in, &SignInSettings::default()));
        problems.extend(saml::problem_of_new(&new.config));
        if let ConfigInput::Ldap(config) = &new.config {
            problems.extend(ldap::problems(outbound.policy(), config, None));
            let mapping = &new.mapping;
            problems.extend(check_directory_mapping(Some(&mapping.attributes), mapping.extra_fields.as_deref(), None));
        }
        if let ConfigInput::Oidc(OidcInput { discovery_url, demand: DiscoveryDemand::Later, .. }) = &new.config {
            check_unread_address(&mut problems, discovery_url);
        }
        // A malformed name is not looked up: PostgreSQL rejects some of them.
        let name_is_fine = !problems.iter().any(|problem| problem.field == "name");
        if name_is_fine {
            problems.extend(name_taken(conn, new.owner, &new.name, None).await?);
        }
        let slug = match (&new.slug, &tenant) {
            (Some(_), Some(_)) => {
                let message = "A tenant's provider gets its slug from its name. Leave this empty.";
                problems.push(Problem::new("slug", ProblemCode::NotAllowed, message));
                None
            }
            (Some(text), None) => {
                match Slug::platform(text).and_then(|slug| reserved_slugs.check(&slug).map(|()| slug)) {
                    Ok(slug) => match rows::find_holder_of_slug(conn, slug.as_str()).await? {
                        Some(holder) => {
                            problems.push(Problem::taken("slug", "A provider with this slug", named(holder)));
                            None
                        }
                        None => Some(slug),
                    },
                    Err(problem) => {
                        problems.push(Problem::new(
                            "slug",
                            ProblemCode::Malformed,
                            format!("Invalid slug: {problem}."),
                        ));
                        None
                    }
                }
            }
            (None, _) => free_slug(conn, reserved_slugs, &new.name, tenant.as_ref()).await?,
        };
        match slug {
            Some(slug) if problems.is_empty() => Ok((tenant, slug)),
            _ => Err(ServiceError::Invalid { problems }),
        }
    }

    async fn store_new(
        &self,
        actor: &Actor,
        stored: &StoredProvider,
        tenant: Option<&Tenant>,
        discovery: Option<&LastDiscovery>,
    ) -> ServiceResult<()> {
        let Self { store, totals, .. } = self;
        let provider = &stored.provider;
        let mut tx = store.begin().await?;
        let conn = &mut tx.conn();
        // Deleting a tenant deletes its providers, and would miss this one without the lock.
        if let Some(tenant) = tenant
            && tenants::find_locked(conn, &TenantRef::Id(tenant.id), Lock::Shared).await?.is_none()
        {
            return Err(ServiceError::not_found("tenant"));
        }
        rows::insert(conn, stored).await?;
        if let Some(discovery) = discovery {
            rows::put_discovery(conn, provider.id, discovery).await?;
        }
        if let Some(tenant) = tenant {
            rows::insert_association(conn, tenant.id, provider.id, "owned", provider.created_at, &stored.changed_by)
                .await?;
        }
        let entry = AuditEntry {
            action: AuditAction::Created,
            object: AuditObject::Provider,
            id: provider.id.to_string(),
            name: provider.label(),
            tenant: provider.owner,
            changes: changes::of_new(provider),
        };
        record(conn, actor, provider.created_at, entry).await?;
        tx.commit().await?;
        totals.forget();
        Ok(())
    }
}

/// The problem that another provider of the owner has this name.
pub(super) async fn name_taken(
    conn: &mut Conn<'_>,
    owner: Option<TenantId>,
    name: &str,
    except: Option<ProviderId>,
) -> ServiceResult<Option<Problem>> {
    let holder = rows::find_holder_of_name(conn, owner, name.trim(), except).await?;
    Ok(holder.map(|holder| Problem::taken("name", "A provider with this name", named(holder))))
}

/// A provider by its label and its slug.
fn named((label, slug): (String, String)) -> String {
    format!("{label} ({slug})")
}

/// Checks the form of an address whose document is not read now.
pub(super) fn check_unread_address(problems: &mut Vec<Problem>, address: &str) {
    const FIELD: &str = "discovery_url";
    if let Err(error) = discovery_url(address)
        && !problems.iter().any(|problem| problem.field == FIELD)
    {
        problems.push(Problem::new(FIELD, ProblemCode::Malformed, format!("Invalid address: {error}.")));
    }
}

async fn get_owner(conn: &mut Conn<'_>, owner: Option<TenantId>) -> ServiceResult<Option<Tenant>> {
    let Some(id) = owner else { return Ok(None) };
    let tenant = tenants::find(conn, id).await?;
    tenant.map(Some).ok_or_else(|| ServiceError::invalid("owner", ProblemCode::Unknown, "This tenant does not exist."))
}

async fn free_slug(
    conn: &mut Conn<'_>,
    reserved: &ReservedSlugs,
    name: &str,
    tenant: Option<&Tenant>,
) -> ServiceResult<Option<Slug>> {
    for attempt in 0..SLUG_ATTEMPTS {
        let slug = Slug::from_name(name, tenant.map(|tenant| tenant.slug.as_str()), attempt);
        if !reserved.contains(&slug) && !rows::is_slug_taken(conn, slug.as_str()).await? {
            return Ok(Some(slug));
        }
    }
    Err(ServiceError::Conflict { what: WHAT.to_owned(), by: None })
}

fn blank_oidc(discovery_url: &str) -> OidcConfig {
    OidcConfig {
        discovery_url: discovery_url.to_owned(),
        issuer: None,
        client_id: String::new(),
        client_secret: None,
        has_client_secret: false,
        client_secret_changed_at: None,
        extra_scopes: None,
        verify_tls: true,
        pkce: true,
        post_logout_redirect: true,
        promised: OidcPromises::default(),
        overrides: OidcEndpoints::default(),
        sign_in: OidcSignIn::default(),
        endpoints: OidcEndpoints::default(),
    }
}
