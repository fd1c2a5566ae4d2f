//! API tokens: what other programs authenticate with.

use leptos::prelude::*;

use super::{
    PAGE_SIZE,
    grant_fields::{GrantFields, GrantForm},
};
use crate::{
    api::tokens::{CreatedToken, create_token, list_tokens, revoke_token},
    domain::{
        actor::Role,
        id::TokenId,
        page::{Page, PageRequest},
        token::{ApiToken, NewApiToken},
    },
    ui::{
        components::{
            Button, ButtonKind, Callout, Card, Choice, ConfirmDialog, CopyField, DataView, Dialog, DialogActions,
            EmptyState, Field, Form, Pagination, RelativeTime, SelectField, StatusBadge, Table, Tone, Variant, day,
            now,
        },
        state::{Toasts, use_load, use_query, use_submit},
    },
};

const DAY_SECONDS: i64 = 24 * 60 * 60;

/// The API tokens, creating one and revoking one.
#[component]
pub fn Tokens() -> impl IntoView {
    let query = use_query();
    let toasts = Toasts::current();
    let tokens = use_load(move || list_tokens(PageRequest::numbered(query.page(), PAGE_SIZE)));
    let creating = RwSignal::new(false);
    let created = RwSignal::new(None::<CreatedToken>);
    let shown = RwSignal::new(false);
    let chosen = RwSignal::new(None::<(TokenId, String)>);
    let revoking = RwSignal::new(false);

    let revoke = use_submit(revoke_token, move |()| {
        revoking.set(false);
        tokens.refetch();
        toasts.success("Token revoked.");
    });
    let ask = Callback::new(move |token: (TokenId, String)| {
        revoke.reset();
        chosen.set(Some(token));
        revoking.set(true);
    });
    let confirm = move |()| {
        if let Some((id, _)) = chosen.get_untracked() {
            revoke.run(id);
        }
    };
    let made = Callback::new(move |token: CreatedToken| {
        creating.set(false);
        created.set(Some(token));
        shown.set(true);
        tokens.refetch();
    });
    // The token itself is dropped when the dialog closes.
    Effect::new(move || {
        if !shown.get() {
            created.set(None);
        }
    });

    view! {
        <Card title="API tokens" lead="Programs send them in the Authorization header. Only a hash of each is stored.">
            <p class="card-actions">
                <Button variant=Variant::Primary on_click=move |()| creating.set(true)>"Create token"</Button>
            </p>
            <DataView resource=tokens let:page>{table(page, ask)}</DataView>
        </Card>
        <Dialog open=creating title="Create an API token">
            <NewToken open=creating made />
        </Dialog>
        <Dialog open=shown persistent=true title="Copy the token now">
            {move || {
                created
                    .get()
                    .map(|CreatedToken { token, secret }| {
                        view! {
                            <div class="dialog-body">
                                <Callout tone=Tone::Warning title="This is the only time the token is shown.">
                                    <p>"Store it where the program reads it. If it is lost, revoke it and create another."</p>
                                </Callout>
                                <CopyField label=format!("Token “{}”", token.name) value=secret />
                            </div>
                            <DialogActions>
                                <Button variant=Variant::Primary on_click=move |()| shown.set(false)>"I have stored it"</Button>
                            </DialogActions>
                        }
                    })
            }}
        </Dialog>
        <ConfirmDialog
            open=revoking
            title="Revoke this token?"
            confirm="Revoke token"
            busy=revoke.busy
            error=revoke.error
            on_confirm=confirm
        >
            <p>
                "Programs that use “" {move || chosen.get().map(|(_, name)| name)} "” are rejected from then on. This cannot be undone."
            </p>
        </ConfirmDialog>
    }
}

fn table(page: Page<ApiToken>, ask: Callback<(TokenId, String)>) -> AnyView {
    if page.total == 0 {
        return view! { <EmptyState title="No API tokens yet" text="Programs use tokens to manage providers through the APIs." /> }
            .into_any();
    }
    view! {
        <Table caption="API tokens">
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Role"</th>
                    <th scope="col">"Created"</th>
                    <th scope="col">"Last used"</th>
                    <th scope="col">"Expires"</th>
                    <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                </tr>
            </thead>
            <tbody>{page.items.into_iter().map(|token| row(token, ask)).collect_view()}</tbody>
        </Table>
        <Pagination total=page.total size=PAGE_SIZE noun="token" />
    }
    .into_any()
}

fn row(token: ApiToken, ask: Callback<(TokenId, String)>) -> AnyView {
    let expires = match token.expires_at {
        None => view! { "Never" }.into_any(),
        Some(_) if token.is_expired(now()) => view! { <StatusBadge tone=Tone::Warning label="Expired" /> }.into_any(),
        Some(end) => day(end).into_any(),
    };
    let ApiToken { id, name, grant, created_by, created_at, expires_at: _, last_used_at } = token;
    let label = format!("Revoke token {name}");
    let named = (id, name.clone());
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td data-label="Role">{grant.role.label()}</td>
            <td data-label="Created"><RelativeTime at=created_at />" by " {created_by}</td>
            <td data-label="Last used">
                {match last_used_at {
                    Some(at) => view! { <RelativeTime at /> }.into_any(),
                    None => view! { "Never" }.into_any(),
                }}
            </td>
            <td data-label="Expires">{expires}</td>
            <td class="cell-actions"><Button label on_click=move |()| ask.run(named.clone())>"Revoke"</Button></td>
        </tr>
    }
    .into_any()
}

#[component]
fn NewToken(open: RwSignal<bool>, made: Callback<CreatedToken>) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let lifetime = RwSignal::new("90".to_owned());
    let grant = GrantForm::new(Role::PlatformReader);
    let create = use_submit(create_token, move |token| made.run(token));
    let send = move |()| {
        let Some(grant) = grant.confirmed() else { return };
        let lifetime_seconds = lifetime.get_untracked().parse::<i64>().ok().map(|days| days * DAY_SECONDS);
        create.run(NewApiToken { name: name.get_untracked().trim().to_owned(), grant, lifetime_seconds });
    };
    let lifetimes = vec![
        Choice::new("30", "30 days"),
        Choice::new("90", "90 days"),
        Choice::new("365", "365 days"),
        Choice::new("never", "Never"),
    ];
    view! {
        <Form error=create.error on_submit=send>
            <Field label="Name" name="name" value=name help="Names the program in the audit log." />
            <GrantFields form=grant />
            <SelectField label="Expires after" name="lifetime_seconds" value=lifetime choices=lifetimes />
            <DialogActions>
                <Button on_click=move |()| open.set(false)>"Cancel"</Button>
                <Button variant=Variant::Primary kind=ButtonKind::Submit busy=create.busy>"Create token"</Button>
            </DialogActions>
        </Form>
    }
}
