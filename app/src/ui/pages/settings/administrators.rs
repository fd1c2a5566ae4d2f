//! The people who sign in to the portal.

use leptos::prelude::*;

use super::{
    PAGE_SIZE,
    grant_fields::{GrantFields, GrantForm},
};
use crate::{
    api::{
        administrators::{create_administrator, delete_administrator, list_administrators, set_administrator_grant},
        wire::{NewAdministratorForm, SecretInput},
    },
    domain::{
        actor::{Grant, Role},
        administrator::Administrator,
        page::{Page, PageRequest},
    },
    ui::{
        components::{
            Button, ButtonKind, Card, ConfirmDialog, DataView, Dialog, DialogActions, EmptyState, Field, FieldKind,
            Form, Pagination, RelativeTime, StatusBadge, Table, Tone, Variant,
        },
        pages::session::{NewPassword, PasswordForm},
        state::{Session, Toasts, use_load, use_query, use_submit},
    },
};

/// What is done to which administrator.
#[derive(Clone, Copy)]
struct Actions {
    change: Callback<Administrator>,
    remove: Callback<Administrator>,
}

/// The administrators, adding one, changing a role and removing one.
#[component]
pub fn Administrators() -> impl IntoView {
    let query = use_query();
    let toasts = Toasts::current();
    let rows = use_load(move || list_administrators(PageRequest::numbered(query.page(), PAGE_SIZE)));
    let adding = RwSignal::new(false);
    let changing = RwSignal::new(false);
    let removing = RwSignal::new(false);
    let chosen = RwSignal::new(None::<Administrator>);

    let remove = use_submit(delete_administrator, move |()| {
        removing.set(false);
        rows.refetch();
        toasts.success("Administrator removed.");
    });
    let actions = Actions {
        change: Callback::new(move |administrator| {
            chosen.set(Some(administrator));
            changing.set(true);
        }),
        remove: Callback::new(move |administrator| {
            remove.reset();
            chosen.set(Some(administrator));
            removing.set(true);
        }),
    };
    let added = Callback::new(move |administrator: Administrator| {
        adding.set(false);
        rows.refetch();
        toasts.success(format!("{} can sign in now.", administrator.email));
    });
    let changed = Callback::new(move |administrator: Administrator| {
        changing.set(false);
        rows.refetch();
        toasts.success(format!(
            "{} is now {}.",
            administrator.email,
            administrator.grant.role.label().to_ascii_lowercase()
        ));
    });
    let confirm = move |()| {
        if let Some(administrator) = chosen.get_untracked() {
            remove.run(administrator.id);
        }
    };
    view! {
        <Card title="Administrators" lead="People who sign in to the portal with email and password.">
            <p class="card-actions">
                <Button variant=Variant::Primary on_click=move |()| adding.set(true)>"Add administrator"</Button>
            </p>
            <DataView resource=rows let:page>{table(page, actions)}</DataView>
        </Card>
        <Dialog open=adding title="Add an administrator">
            <AddAdministrator open=adding added />
        </Dialog>
        <Dialog open=changing title="Change the role">
            {move || chosen.get().map(|administrator| view! { <ChangeGrant open=changing administrator changed /> })}
        </Dialog>
        <ConfirmDialog
            open=removing
            title="Remove this administrator?"
            confirm="Remove administrator"
            busy=remove.busy
            error=remove.error
            on_confirm=confirm
        >
            <p>
                {move || chosen.get().map(|administrator| administrator.email)}
                " can no longer sign in, and their sessions end at once. Their entries in the audit log are kept."
            </p>
        </ConfirmDialog>
    }
}

fn table(page: Page<Administrator>, actions: Actions) -> AnyView {
    if page.total == 0 {
        return view! { <EmptyState title="No administrators yet" text="Administrators sign in to this portal." /> }
            .into_any();
    }
    let me = Session::current().user_now().map(|user| user.name);
    view! {
        <Table caption="Administrators">
            <thead>
                <tr>
                    <th scope="col">"Email address"</th>
                    <th scope="col">"Role"</th>
                    <th scope="col">"Added"</th>
                    <th scope="col">"Last sign-in"</th>
                    <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                </tr>
            </thead>
            <tbody>{page.items.into_iter().map(|administrator| row(administrator, me.as_deref(), actions)).collect_view()}</tbody>
        </Table>
        <Pagination total=page.total size=PAGE_SIZE noun="administrator" />
    }
    .into_any()
}

fn row(administrator: Administrator, me: Option<&str>, actions: Actions) -> AnyView {
    let Actions { change, remove } = actions;
    let is_me = me == Some(administrator.email.as_str());
    let (to_change, to_remove) = (administrator.clone(), administrator.clone());
    let Administrator { id: _, email, grant, created_at, last_sign_in_at, version: _ } = administrator;
    let change_label = format!("Change the role of {email}");
    let remove_label = format!("Remove {email}");
    view! {
        <tr>
            <th scope="row">
                {email}
                {is_me.then(|| view! { " " <StatusBadge tone=Tone::Info label="You" /> })}
            </th>
            <td data-label="Role">{scope(&grant)}</td>
            <td data-label="Added"><RelativeTime at=created_at /></td>
            <td data-label="Last sign-in">
                {match last_sign_in_at {
                    Some(at) => view! { <RelativeTime at /> }.into_any(),
                    None => view! { "Never" }.into_any(),
                }}
            </td>
            <td class="cell-actions">
                <Button label=change_label on_click=move |()| change.run(to_change.clone())>"Change role"</Button>
                <Button label=remove_label on_click=move |()| remove.run(to_remove.clone())>"Remove"</Button>
            </td>
        </tr>
    }
    .into_any()
}

/// The scope of a grant, as text.
fn scope(grant: &Grant) -> String {
    match (&grant.partner, grant.tenant) {
        (Some(partner), _) => format!("{} of {partner}", grant.role.label()),
        (None, Some(tenant)) => format!("{} of {tenant}", grant.role.label()),
        (None, None) => grant.role.label().to_owned(),
    }
}

#[component]
fn AddAdministrator(open: RwSignal<bool>, added: Callback<Administrator>) -> impl IntoView {
    let email = RwSignal::new(String::new());
    let password = PasswordForm::new();
    let grant = GrantForm::new(Role::PlatformReader);
    let create = use_submit(create_administrator, move |administrator| added.run(administrator));
    let send = move |()| {
        let (password, grant) = (password.confirmed(), grant.confirmed());
        if let (Some(password), Some(grant)) = (password, grant) {
            create.run(NewAdministratorForm { email: email.get_untracked(), password: SecretInput(password), grant });
        }
    };
    view! {
        <Form error=create.error on_submit=send>
            <Field label="Email address" name="email" value=email kind=FieldKind::Email />
            <NewPassword label="Temporary password" form=password />
            <GrantFields form=grant />
            <DialogActions>
                <Button on_click=move |()| open.set(false)>"Cancel"</Button>
                <Button variant=Variant::Primary kind=ButtonKind::Submit busy=create.busy>"Add administrator"</Button>
            </DialogActions>
        </Form>
    }
}

#[component]
fn ChangeGrant(open: RwSignal<bool>, administrator: Administrator, changed: Callback<Administrator>) -> impl IntoView {
    let form = GrantForm::new(administrator.grant.role);
    form.fill(&administrator.grant);
    let (id, version) = (administrator.id, administrator.version);
    let change = use_submit(
        move |grant: Grant| set_administrator_grant(id, grant, version),
        move |administrator| changed.run(administrator),
    );
    let send = move |()| {
        if let Some(grant) = form.confirmed() {
            change.run(grant);
        }
    };
    view! {
        <Form error=change.error on_submit=send>
            <p>{format!("Changes what {} may do.", administrator.email)}</p>
            <GrantFields form />
            <DialogActions>
                <Button on_click=move |()| open.set(false)>"Cancel"</Button>
                <Button variant=Variant::Primary kind=ButtonKind::Submit busy=change.busy>"Change role"</Button>
            </DialogActions>
        </Form>
    }
}
