//! What a sign-in does to the fields of a known user: one rule for all, and rules of single fields.

use leptos::prelude::*;

use super::{fields::SignInInputs, policy::choices};
use crate::{
    domain::provider::FieldUpdate,
    ui::{
        components::{Button, Choice, FieldError, FieldIds, FormErrors, SelectField, Table, focus},
        pages::providers::forms::sign_in_change::{rule_fields, rule_label},
    },
};

/// What a sign-in does to the fields of a known user.
#[component]
pub(super) fn KnownUsers(
    /// The inputs.
    inputs: SignInInputs,
) -> impl IntoView {
    let rules = inputs.rules;
    let FieldIds { input, error: error_id, .. } = FieldIds::of("update_policy");
    let error = FormErrors::of("update_policy");
    let named = Memo::new(move |_| rules.with(|rules| rules.keys().cloned().collect::<Vec<_>>()));
    let next = RwSignal::new(String::new());
    let free = Signal::derive(move || {
        let is_free = |field: &&str| named.with(|named| !named.iter().any(|known| known == field));
        let free = rule_fields().filter(is_free).map(|field| Choice::new(field, rule_label(field)));
        std::iter::once(Choice::new("", "Choose a field")).chain(free).collect::<Vec<_>>()
    });
    let add = move |()| {
        let field = next.get_untracked();
        if !field.is_empty() {
            rules.update(|rules| {
                rules.insert(field.clone(), FieldUpdate::Never);
            });
            next.set(String::new());
            request_animation_frame(move || {
                focus(&rule_id(&field));
            });
        }
    };
    view! {
        <fieldset class="provider-fieldset" id=input tabindex="-1">
            <legend>"Known users"</legend>
            <SelectField
                label="Update fields at each sign-in"
                name="update"
                value=inputs.update
                choices=choices(FieldUpdate::NAMES)
                help="Applies to mapped fields without a rule of their own. Protected fields follow the same rules."
            />
            <Show when=move || named.with(|named| !named.is_empty())>
                <Table caption="Rules of single fields">
                    <thead>
                        <tr>
                            <th scope="col">"User field"</th>
                            <th scope="col">"Updated"</th>
                            <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || named.get() key=String::clone let:field>{row(inputs, field)}</For>
                    </tbody>
                </Table>
            </Show>
            <FieldError id=error_id error />
            <div class="rule-entry">
                <SelectField label="Rule for a field" name="update_rule" value=next choices=free />
                <Button disabled=Signal::derive(move || next.with(String::is_empty)) on_click=add>"Add rule"</Button>
            </div>
        </fieldset>
    }
}

fn row(inputs: SignInInputs, field: String) -> AnyView {
    let rules = inputs.rules;
    let label = rule_label(&field);
    let rule = {
        let field = field.clone();
        Memo::new(move |_| rules.with(|rules| rules.get(&field).copied()))
    };
    let options = FieldUpdate::ALL
        .iter()
        .map(|choice| {
            view! { <option value=choice.as_str() prop:selected=move || rule.get() == Some(*choice)>{choice.label()}</option> }
        })
        .collect_view();
    let change = {
        let field = field.clone();
        move |text: String| {
            if let Ok(rule) = text.parse() {
                rules.update(|rules| {
                    rules.insert(field.clone(), rule);
                });
            }
        }
    };
    let removed = field.clone();
    let remove = move |()| {
        rules.update(|rules| {
            rules.remove(&removed);
        });
        focus("field-update_rule");
    };
    view! {
        <tr>
            <th scope="row">{label.clone()}</th>
            <td data-label="Updated">
                <select
                    class="input select"
                    id=rule_id(&field)
                    aria-label=format!("Update {label}")
                    on:change:target=move |event| change(event.target().value())
                >
                    {options}
                </select>
            </td>
            <td class="cell-actions"><Button label=format!("Remove rule for {label}") on_click=remove>"Remove"</Button></td>
        </tr>
    }
    .into_any()
}

fn rule_id(field: &str) -> String {
    format!("update-rule-{field}")
}
