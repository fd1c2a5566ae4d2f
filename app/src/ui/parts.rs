//! Pages whose code is fetched when one of them is first shown.
//!
//! A first visit downloads what signing in and the list of providers need. The other pages come in five parts: pages
//! that share most of their code are in one part, since each set of parts that share code has a file of its own
//! (docs/adr/0017-pages-in-parts.md). No page needs two parts. A split function returns pointers to the functions that
//! draw the pages, so that a route draws with its own owner and context once the part is loaded.

use leptos::{
    prelude::*,
    wasm_split::{SplitLoaderError, wasm_split},
};

use super::{
    pages::{
        Audit,
        groups::TenantGroups,
        overview::Overview,
        providers::{
            create::{CreateLdap, CreateOidc, CreateSaml},
            detail::{
                ProviderAccess, ProviderActivity, ProviderConnection, ProviderDanger, ProviderGroups, ProviderMapping,
                ProviderOverview, ProviderPage, ProviderSignIn, ProviderTenants, ProviderTest,
            },
            sync::ProviderSync,
        },
        session::SetUp,
        settings::{Account, Administrators, Settings, Tokens},
        sign_ins::{SignInList, SignInPage},
        tenants::{
            TenantList,
            detail::{TenantDanger, TenantOverview, TenantPage, TenantProviders},
        },
        users::{UserList, UserPage},
    },
    router::Draw,
};

/// The pages that create a provider.
pub(super) struct ProviderCreation {
    pub(super) oidc: Draw,
    pub(super) saml: Draw,
    pub(super) ldap: Draw,
}

/// Fetches the pages that create a provider.
#[wasm_split(provider_creation, wasm_split_path = ::leptos::wasm_split, fallible, preload(preload_provider_creation))]
pub(super) fn provider_creation() -> Result<ProviderCreation, SplitLoaderError> {
    Ok(ProviderCreation {
        oidc: || CreateOidc().into_any(),
        saml: || CreateSaml().into_any(),
        ldap: || CreateLdap().into_any(),
    })
}

/// The tabs of a provider that are forms ([`ProviderTab::is_form`]). Most of their inputs are in a
/// file that the creation uses too. The page around the tabs is here and in [`ProviderTabs`], so that a tab needs only
/// its own part.
///
/// [`ProviderTab::is_form`]: super::routes::ProviderTab::is_form
pub(super) struct ProviderForms {
    pub(super) page: Draw,
    pub(super) connection: Draw,
    pub(super) mapping: Draw,
    pub(super) access: Draw,
    pub(super) sign_in: Draw,
}

/// Fetches the tabs of a provider that are forms.
#[wasm_split(provider_forms, wasm_split_path = ::leptos::wasm_split, fallible, preload(preload_provider_forms))]
pub(super) fn provider_forms() -> Result<ProviderForms, SplitLoaderError> {
    Ok(ProviderForms {
        page: || ProviderPage().into_any(),
        connection: || ProviderConnection().into_any(),
        mapping: || ProviderMapping().into_any(),
        access: || ProviderAccess().into_any(),
        sign_in: || ProviderSignIn().into_any(),
    })
}

/// The other tabs of a provider.
pub(super) struct ProviderTabs {
    pub(super) page: Draw,
    pub(super) overview: Draw,
    pub(super) tenants: Draw,
    pub(super) groups: Draw,
    pub(super) sync: Draw,
    pub(super) test: Draw,
    pub(super) activity: Draw,
    pub(super) danger: Draw,
}

/// Fetches the other tabs of a provider.
#[wasm_split(provider_tabs, wasm_split_path = ::leptos::wasm_split, fallible, preload(preload_provider_tabs))]
pub(super) fn provider_tabs() -> Result<ProviderTabs, SplitLoaderError> {
    Ok(ProviderTabs {
        page: || ProviderPage().into_any(),
        overview: || ProviderOverview().into_any(),
        tenants: || ProviderTenants().into_any(),
        groups: || ProviderGroups().into_any(),
        sync: || ProviderSync().into_any(),
        test: || ProviderTest().into_any(),
        activity: || ProviderActivity().into_any(),
        danger: || ProviderDanger().into_any(),
    })
}

/// The start page, and the attempts to sign in.
pub(super) struct SignInPages {
    pub(super) overview: Draw,
    pub(super) sign_ins: Draw,
    pub(super) sign_in: Draw,
}

/// Fetches the start page and the attempts to sign in.
#[wasm_split(sign_in_pages, wasm_split_path = ::leptos::wasm_split, fallible)]
pub(super) fn sign_in_pages() -> Result<SignInPages, SplitLoaderError> {
    Ok(SignInPages {
        overview: || Overview().into_any(),
        sign_ins: || SignInList().into_any(),
        sign_in: || SignInPage().into_any(),
    })
}

/// The pages that neither a first visit nor a provider shows.
pub(super) struct OtherPages {
    pub(super) set_up: Draw,
    pub(super) tenants: Draw,
    pub(super) tenant: Draw,
    pub(super) tenant_overview: Draw,
    pub(super) tenant_providers: Draw,
    pub(super) tenant_groups: Draw,
    pub(super) tenant_danger: Draw,
    pub(super) users: Draw,
    pub(super) user: Draw,
    pub(super) audit: Draw,
    pub(super) settings: Draw,
    pub(super) account: Draw,
    pub(super) tokens: Draw,
    pub(super) administrators: Draw,
}

/// Fetches the pages of tenants, users, the audit log and settings.
#[wasm_split(other_pages, wasm_split_path = ::leptos::wasm_split, fallible)]
pub(super) fn other_pages() -> Result<OtherPages, SplitLoaderError> {
    Ok(OtherPages {
        set_up: || SetUp().into_any(),
        tenants: || TenantList().into_any(),
        tenant: || TenantPage().into_any(),
        tenant_overview: || TenantOverview().into_any(),
        tenant_providers: || TenantProviders().into_any(),
        tenant_groups: || TenantGroups().into_any(),
        tenant_danger: || TenantDanger().into_any(),
        users: || UserList().into_any(),
        user: || UserPage().into_any(),
        audit: || Audit().into_any(),
        settings: || Settings().into_any(),
        account: || Account().into_any(),
        tokens: || Tokens().into_any(),
        administrators: || Administrators().into_any(),
    })
}
