//! Everything once more, then saving.

use leptos::prelude::*;

use super::{state::CreateState, step_frame::StepFrame};
use crate::{
    api::saml::SamlSettings,
    domain::{discovery::DiscoveryReport, provider::LdapSection, words::plural},
    ui::{
        components::{Callout, Detail, DetailList, Tone},
        pages::providers::{
            forms::{draft::Draft, ldap::LdapDraft, lists::filled, step::Step, suggested::supports_pkce, words},
            ldap::facts,
            mapping_table::MappingTable,
            testing::{TestPanel, TestRun},
        },
    },
};

/// The last step.
#[component]
pub fn ReviewStep(
    /// The state of creating.
    state: CreateState,
) -> impl IntoView {
    let draft = untrack(|| state.draft());
    let report = state.fetched.get_untracked().map(|fetched| fetched.report);
    let warnings = warnings(&draft, report.as_ref());
    let noun = words::noun(draft.protocol());
    let Draft { saml, ldap, connect, mapping, options } = draft;
    let identity = (mapping.user_field.clone(), mapping.user_claim.clone());
    let extra_claims = mapping.extra_fields.clone().unwrap_or_else(|| "–".to_owned());
    let verdict = if connect.verify_tls { "Checked" } else { "Not checked" };
    let enabled = if options.enabled { "Enabled" } else { "Disabled" };
    let owner = state.owner_name.get_untracked();
    let slug = match (options.owner, &options.typed_slug) {
        (Some(_), _) => "Made by the server, with the tenant's in front".to_owned(),
        (None, Some(typed)) => typed.clone(),
        (None, None) => match options.slug() {
            slug if slug.is_empty() => "Generated from the name".to_owned(),
            slug => format!("{slug} (or with a number, when it is taken)"),
        },
    };
    let secret = if connect.client_secret.0.is_empty() { "None (public client)" } else { "Set; not shown" };
    let scopes = std::iter::once("openid".to_owned()).chain(options.extra_scopes.iter().cloned()).collect::<Vec<_>>();
    let redirects = filled(&options.allowed_redirects);
    let domains = filled(&options.allowed_domains);
    let management_url = Some(options.management_url.trim().to_owned()).filter(|url| !url.is_empty());
    let issuer = report.as_ref().and_then(|report| report.metadata.issuer.clone()).unwrap_or_else(|| "–".to_owned());
    let is_directory = ldap.is_some();
    let is_open_id = saml.is_none() && ldap.is_none();
    let connection = match (saml, &ldap) {
        (Some(settings), _) => saml_details(settings),
        (None, Some(draft)) => facts(draft, &[LdapSection::Servers, LdapSection::Bind, LdapSection::Certificates]),
        (None, None) => view! {
            <DetailList>
                <Detail label="Issuer"><code>{issuer}</code></Detail>
                <Detail label="Address"><code>{connect.discovery_url}</code></Detail>
                <Detail label="Client ID"><code>{connect.client_id}</code></Detail>
                <Detail label="Client secret">{secret}</Detail>
                <Detail label="TLS certificate">{verdict}</Detail>
            </DetailList>
        }
        .into_any(),
    };
    // What is called options elsewhere is asked for at the beginning, and with the synchronisation.
    let options_step = Step::of_field("name", state.protocol());
    let options_title = if is_directory { "Name and access" } else { "Options" };
    let open_id = is_open_id.then(|| {
        view! {
            <Detail label="Scopes"><code>{scopes.join(" ")}</code></Detail>
            <Detail label="PKCE">{words::on_off(options.pkce)}</Detail>
            <Detail label="Logout at the provider">{words::on_off(options.post_logout_redirect)}</Detail>
        }
    });
    let run = TestRun::new();
    let test = Callback::new(move |()| run.start(untrack(|| state.draft()).to_test(), || ()));
    view! {
        <StepFrame
            state
            step=Step::Review
            lead="Check it once more. The secret is not shown."
            action="Save provider"
            busy=state.save.busy
        >
            {(!warnings.is_empty())
                .then(|| {
                    view! {
                        <Callout tone=Tone::Warning title="Worth a look before you save">
                            <ul>{warnings.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}</ul>
                        </Callout>
                    }
                })}
            <section class="card provider-review-card">
                <header class="card-header"><h3>"Test"</h3></header>
                <div class="card-body"><TestPanel run on_start=test /></div>
            </section>
            <div class="provider-review">
                <ReviewCard state step=Step::Connect title="Connection">
                    {connection}
                </ReviewCard>
                {ldap.map(|draft| ldap_cards(state, &draft))}
                <ReviewCard state step=Step::Map title="Mapping">
                    <DetailList>
                        {(!is_directory)
                            .then(|| {
                                view! {
                                    <Detail label="Users are found by">
                                        <code>{identity.0}</code>
                                        {format!(" = {} ", noun.word)}
                                        <code>{identity.1}</code>
                                    </Detail>
                                }
                            })}
                        <Detail label=format!("Extra {}", plural(noun.word))>{extra_claims}</Detail>
                    </DetailList>
                    <MappingTable mapping noun />
                </ReviewCard>
                <ReviewCard state step=options_step title=options_title>
                    <DetailList>
                        <Detail label="Name">{options.label}</Detail>
                        <Detail label="Slug">{slug}</Detail>
                        <Detail label="Owner">{owner}</Detail>
                        {open_id}
                        <Detail label="Users">{words::provisioning(options.provisioning)}</Detail>
                        {(!is_directory).then(|| view! { <Detail label="Redirect origins">{words::list(&redirects)}</Detail> })}
                        <Detail label="E-mail domains">{words::list(&domains)}</Detail>
                        {(!is_directory)
                            .then(|| view! { <Detail label="Account management">{management_url.unwrap_or_else(|| "–".to_owned())}</Detail> })}
                        <Detail label="After saving">{enabled}</Detail>
                    </DetailList>
                </ReviewCard>
            </div>
        </StepFrame>
    }
}

/// What only directories have, each with the way back to its step.
fn ldap_cards(state: CreateState, draft: &LdapDraft) -> AnyView {
    const CARDS: [(Step, &str, &[LdapSection]); 4] = [
        (Step::Product, "Directory", &[LdapSection::Product]),
        (Step::Users, "Users", &[LdapSection::UserSearch, LdapSection::UserAttributes, LdapSection::Limits]),
        (Step::Groups, "Groups", &[LdapSection::Groups]),
        (Step::Options, "Synchronisation", &[LdapSection::Schedule, LdapSection::Effects]),
    ];
    let card = |(step, title, mut list): (Step, &'static str, &'static [LdapSection])| {
        if step == Step::Groups && draft.text("sync_groups") == "true" {
            list = &[LdapSection::Groups, LdapSection::GroupSearch];
        }
        let facts = facts(draft, list);
        view! { <ReviewCard state step title>{facts}</ReviewCard> }
    };
    CARDS.into_iter().map(card).collect_view().into_any()
}

/// The settings of a SAML provider.
fn saml_details(settings: SamlSettings) -> AnyView {
    let SamlSettings { entity_id, sso_url, slo_url, sign_requests, want_assertions_signed, name_id_format, .. } =
        settings;
    view! {
        <DetailList>
            <Detail label="Entity ID"><code>{entity_id}</code></Detail>
            <Detail label="Sign-on URL"><code>{sso_url}</code></Detail>
            <Detail label="Logout URL"><code>{Some(slo_url).filter(|url| !url.is_empty()).unwrap_or_else(|| "–".to_owned())}</code></Detail>
            <Detail label="Signed assertions">{if want_assertions_signed { "Demanded" } else { "Not demanded" }}</Detail>
            <Detail label="Sign requests">{words::on_off(sign_requests)}</Detail>
            <Detail label="Name ID format"><code>{name_id_format}</code></Detail>
        </DetailList>
    }
    .into_any()
}

/// A step's input, with the way back to it.
#[component]
fn ReviewCard(
    /// The state of creating.
    state: CreateState,
    /// The step that edits it.
    step: Step,
    /// The heading.
    title: &'static str,
    /// What was entered.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card provider-review-card">
            <header class="card-header">
                <h3>{title}</h3>
                <button type="button" class="button button-secondary button-small" on:click=move |_| state.go_to(step)>
                    {format!("Change {}", title.to_ascii_lowercase())}
                </button>
            </header>
            <div class="card-body">{children()}</div>
        </section>
    }
}

/// What deserves a look before saving.
fn warnings(draft: &Draft, report: Option<&DiscoveryReport>) -> Vec<String> {
    let mut warnings: Vec<String> =
        report.into_iter().flat_map(DiscoveryReport::warnings).map(ToString::to_string).collect();
    let is_unchecked = match &draft.ldap {
        Some(ldap) => ldap.text("tls_verify") != "true",
        None => draft.saml.is_none() && !draft.connect.verify_tls,
    };
    if draft.ldap.as_ref().is_some_and(LdapDraft::has_plain_connection) {
        warnings.push("The connection is not encrypted: the password can be read on the way.".to_owned());
    }
    if is_unchecked {
        warnings.push("The TLS certificate is not checked: use this for tests only.".to_owned());
    }
    if draft.saml.as_ref().is_some_and(|settings| !settings.want_assertions_signed) {
        warnings.push("Assertions need no signature: anybody can write one.".to_owned());
    }
    if draft.mapping.attributes.is_empty() {
        warnings.push("No user field is mapped: users get nothing but their identity.".to_owned());
    }
    if draft.options.pkce && report.is_some_and(|report| !supports_pkce(report)) {
        warnings.push("PKCE is on, and the provider does not say that it supports it.".to_owned());
    }
    if draft.ldap.is_none() && filled(&draft.options.allowed_redirects).is_empty() {
        warnings.push(
            "No redirect origin is allowed: after signing in, everybody lands at the default address.".to_owned(),
        );
    }
    warnings
}
