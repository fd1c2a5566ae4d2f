//! The audit log: who did what, when and from where.

use leptos::prelude::*;

use crate::{
    api::audit::list_audit,
    domain::{
        audit::{AuditAction, AuditEvent, AuditFilter, AuditObject, FieldChange},
        page::{Page, PageRequest},
        words::{capitalised, counted},
    },
    ui::{
        components::{Choice, DataView, EmptyState, FilteredEmpty, PageHeader, Pagination, RelativeTime, Table},
        pages::filters::{FilterBar, FilterSelect, SearchBox},
        routes,
        state::{Query, use_load, use_query},
    },
};

const PAGE_SIZE: u32 = 50;

/// The audit log with its filters in the URL.
#[component]
pub fn Audit() -> impl IntoView {
    let query = use_query();
    let wanted = Memo::new(move |_| (filter(query), query.page()));
    let events = use_load(move || {
        let (filter, page) = wanted.get();
        list_audit(filter, PageRequest::numbered(page, PAGE_SIZE))
    });
    let objects = std::iter::once(Choice::new("", "Everything"))
        .chain(AuditObject::ALL.iter().map(|object| Choice::new(object.as_str(), capitalised(object.label()))))
        .collect::<Vec<_>>();
    let clear = Callback::new(move |()| {
        query.set(&[("object", String::new()), ("id", String::new()), ("actor", String::new())])
    });
    view! {
        <PageHeader title="Audit log" lead="Who changed what, when and from where. Secret values are never recorded." />
        <FilterBar>
            <SearchBox label="Actor" key="actor" placeholder="Part of a name" />
            <FilterSelect label="Object" key="object" choices=objects />
        </FilterBar>
        <DataView resource=events skeleton=10 let:page>{draw(page, wanted.get_untracked().0, clear)}</DataView>
    }
}

fn filter(query: Query) -> AuditFilter {
    let text = |key| Some(query.get(key)).filter(|text| !text.is_empty());
    AuditFilter { object: query.parse("object"), object_id: text("id"), actor: text("actor") }
}

fn draw(page: Page<AuditEvent>, filter: AuditFilter, clear: Callback<()>) -> AnyView {
    if page.total == 0 {
        return if filter == AuditFilter::default() {
            view! { <EmptyState title="No activity yet" text="Every change and every sign-in is recorded here." /> }
                .into_any()
        } else {
            view! { <FilteredEmpty noun="entry" search=filter.actor.unwrap_or_default() on_clear=clear /> }.into_any()
        };
    }
    view! {
        <AuditTable events=page.items />
        <Pagination total=page.total size=PAGE_SIZE noun="entry" />
    }
    .into_any()
}

/// Entries of the audit log, their changes folded.
#[component]
pub fn AuditTable(
    /// The entries, newest first.
    events: Vec<AuditEvent>,
) -> impl IntoView {
    view! {
        <Table caption="Audit log">
            <thead>
                <tr>
                    <th scope="col">"When"</th>
                    <th scope="col">"Who"</th>
                    <th scope="col">"What"</th>
                    <th scope="col">"From"</th>
                </tr>
            </thead>
            <tbody>{events.into_iter().map(row).collect_view()}</tbody>
        </Table>
    }
}

fn row(event: AuditEvent) -> AnyView {
    let AuditEvent { id: _, at, actor, address, action, object, object_id, object_name, tenant: _, changes } = event;
    // Of sign-ins and the like, the object says nothing that the actor does not say.
    let object_label = (object != AuditObject::Session).then(|| view! { <span class="muted">{object.label()}</span> });
    let is_own_session = object == AuditObject::Session && object_name == actor;
    let name = if is_own_session || action == AuditAction::SignInFailed {
        ().into_any()
    } else {
        let list = match object {
            AuditObject::Provider => Some(routes::PROVIDERS),
            AuditObject::Tenant => Some(routes::TENANTS),
            _ => None,
        };
        match list.filter(|_| !object_id.is_empty()) {
            Some(list) => view! { <a href=format!("{list}/{object_id}")>{object_name}</a> }.into_any(),
            None => view! { <span>{object_name}</span> }.into_any(),
        }
    };
    view! {
        <tr>
            <td data-label="When" class="cell-time"><RelativeTime at /></td>
            <td data-label="Who">{actor}</td>
            <td data-label="What">
                <div class="audit-what">
                    <p>{capitalised(action.label())} " " {object_label} " " {name}</p>
                    {changes_view(changes)}
                </div>
            </td>
            <td data-label="From" class="cell-code">{address.unwrap_or_else(|| "—".to_owned())}</td>
        </tr>
    }
    .into_any()
}

fn changes_view(changes: Vec<FieldChange>) -> Option<AnyView> {
    let count = match changes.len() {
        0 => return None,
        count => counted(count, "field"),
    };
    let rows = changes
        .into_iter()
        .map(|FieldChange { field, before, after }| {
            let value = match (before, after) {
                (None, None) => view! { <span class="muted">"changed; its value is not recorded"</span> }.into_any(),
                (before, after) => before_and_after(before, after),
            };
            view! {
                <div class="detail">
                    <dt><code>{field}</code></dt>
                    <dd>{value}</dd>
                </div>
            }
        })
        .collect_view();
    Some(
        view! {
            <details class="changes">
                <summary>{count}</summary>
                <dl class="details">{rows}</dl>
            </details>
        }
        .into_any(),
    )
}

/// The old and the new value, on the screen and for screen readers.
pub fn before_and_after(before: Option<String>, after: Option<String>) -> AnyView {
    view! {
        <span class="visually-hidden">"from "</span>
        <del>{shown(before)}</del>
        <span aria-hidden="true">" → "</span>
        <span class="visually-hidden">" to "</span>
        <ins>{shown(after)}</ins>
    }
    .into_any()
}

fn shown(value: Option<String>) -> String {
    value.filter(|value| !value.is_empty()).unwrap_or_else(|| "empty".to_owned())
}
