//! What pages are drawn with. Native elements throughout; every input is tied to its label, help and error.
//!
//! ```ignore
//! // Buttons and links. `href` is always relative to the portal's base, without a slash in front.
//! <Button variant=Variant::Primary kind=ButtonKind::Submit busy=save.busy>"Save provider"</Button>
//! <Button variant=Variant::Danger label="Revoke token ci" on_click=move |()| open.set(true)>"Revoke"</Button>
//! <LinkButton href="providers/new" variant=Variant::Primary>"Add provider"</LinkButton>
//!
//! // A call that a person starts, and the form around it. Fields find their problems by `name`.
//! let save = use_change(move |change| update_provider(id, version, change), |_| "Saved.", move |_version| reload());
//! <Form error=save.error on_submit=move |()| save.run(change())> … </Form>
//! <FormProblems error=save.error/>                                   // Form draws it already
//!
//! // Fields. `value` is an `RwSignal`; `error` (optional) is a `Signal<Option<String>>` of the page's own.
//! <Field label="Issuer" name="discovery_url" value=url kind=FieldKind::Url monospace=true help="…" placeholder="https://…"/>
//! <Field label="Claim" name="claim" value=claim suggestions=known/>   // Signal<Vec<String>>, offered while typing
//! <Field label="Notes" name="notes" value=notes kind=FieldKind::Lines optional=true/>
//! <SelectField label="Role" name="role" value=role choices=vec![Choice::new("platform_admin", "Platform administrator")]/>
//! <Switch label="Use PKCE" name="pkce" value=pkce help="…"/>          // RwSignal<bool>
//! <Checkbox label="Verify the TLS certificate" name="verify_tls" value=verify_tls/>
//! <ListEditor label="Allowed domains" name="allowed_domains" value=domains item="domain" empty="Every domain may sign in."/>
//! <SecretField label="Client secret" name="client_secret" state=SecretState::Set { changed_at: Some(at) } value=secret/>
//! <FieldFrame ids=FieldIds::of("x") label="X".to_owned() error=error>…own input with id=ids.input…</FieldFrame>
//!
//! // Values to take elsewhere.
//! <CopyField label="Callback URL" value=callback_url help="Register it at the provider."/>
//! <CopyButton value=slug label="slug"/>
//!
//! // Data from the server: `Load<T>`.
//! let rows = use_load(move || list_tokens(page.get()));
//! <DataView resource=rows shape=SkeletonShape::Rows skeleton=8 let:page>{draw(page)}</DataView>
//! <EmptyState title="No API tokens yet" text="…"><Button …>"Create token"</Button></EmptyState>
//! <FilteredEmpty noun="provider" search=search on_clear=move |()| clear()/>
//! <ErrorState error on_retry=move |()| rows.refetch()/>
//! <Skeleton shape=SkeletonShape::Form count=4/>
//!
//! // Tables. Every `<td>` carries data-label for the cards on narrow screens; the naming cell is a `<th scope="row">`.
//! <Table caption="Providers"><thead><tr><SortHeader label="Name" key="label" default=true/></tr></thead><tbody>…</tbody></Table>
//! <Pagination total=total size=25 noun="provider"/>                  // keeps `page` in the URL
//!
//! <NameCell label="Name" name=user.label note=user.username href=routes::user(id)/>
//! <PagedList resource=users noun="user" size=50 title="No users yet" text="…" filters=&["q"] let:users>{table(users)}</PagedList>
//!
//! // Pages and their parts.
//! <PageHeader title=name lead="…" crumbs=vec![Crumb::new("providers", "Providers")]><EnabledBadge enabled/></PageHeader>
//! <Tabs label="Parts of this provider" tabs=vec![Tab { href: "providers/1".into(), label: "Overview", exact: true }]/>
//! <NavLink href="audit">"Audit log"</NavLink>
//! <Card title="Connection" lead="…">…</Card>                          // a section with an `<h2>`
//! <Stepper steps=vec!["Connect", "Review", "Map"] current=step on_select=move |index| step.set(index)/>
//! <DetailList><Detail label="Issuer">{issuer}</Detail></DetailList>   // a `<dl>`
//!
//! // Messages.
//! <Callout tone=Tone::Warning title="The issuer differs."><p>"…advice…"</p></Callout>
//! <StatusBadge tone=Tone::Warning label="2 warnings"/> <EnabledBadge enabled=true/> <TenantBadge status/> <ProtocolBadge protocol/>
//! Toasts::current().success("Provider saved.");                       // errors stand where they happened instead
//! <RelativeTime at=timestamp/>
//!
//! // Questions.
//! <Dialog open title="New token">…<DialogActions>…</DialogActions></Dialog>
//! <ConfirmDialog open title="Delete provider" confirm="Delete provider" busy=del.busy error=del.error
//!     on_confirm=move |()| del.run(id)><p>"3 tenants use this provider."</p></ConfirmDialog>
//! <UnsavedGuard dirty=dirty/>
//! ```

mod badge;
mod button;
mod callout;
mod card;
mod copy_field;
mod data_view;
mod dialog;
mod duration;
mod field;
mod form;
mod icon;
mod list_editor;
mod page_header;
mod paged_list;
mod relative_time;
mod secret_field;
mod select;
mod states;
mod stepper;
mod switch;
mod table;
mod tabs;
mod toast_list;
mod tone;
mod unsaved_guard;

pub use badge::{EnabledBadge, ProtocolBadge, StatusBadge, TenantBadge};
pub use button::{Button, ButtonKind, LinkButton, Variant};
pub use callout::Callout;
pub use card::{Card, Detail, DetailList};
pub use copy_field::{CopyButton, CopyField};
pub use data_view::DataView;
pub use dialog::{ConfirmDialog, Dialog, DialogActions};
pub use duration::duration;
pub use field::{Field, FieldError, FieldFrame, FieldIds, FieldKind, options};
pub use form::{Form, FormErrors, FormProblems, field_id, focus};
pub use icon::{Icon, IconView};
pub use list_editor::ListEditor;
pub use page_header::{Crumb, Navigated, PageHeader};
pub use paged_list::PagedList;
pub use relative_time::{RelativeTime, day, now};
pub use secret_field::{SecretField, SecretState};
pub use select::{Choice, SelectField};
pub use states::{EmptyState, ErrorState, FilteredEmpty, Skeleton, SkeletonShape};
pub use stepper::Stepper;
pub use switch::{Checkbox, Switch};
pub use table::{NameCell, Pagination, SortHeader, Table, or_dash};
pub use tabs::{NavLink, Tab, Tabs};
pub use toast_list::ToastList;
pub use tone::Tone;
pub use unsaved_guard::UnsavedGuard;
