//! The frame of a step: a heading that takes the focus, a form, and the buttons.

use leptos::prelude::*;

use super::state::CreateState;
use crate::ui::{
    components::{Button, ButtonKind, Form, Variant},
    pages::providers::forms::step::Step,
};

/// A step's heading, form and buttons. Submitting the form continues.
#[component]
pub fn StepFrame(
    /// The state of creating.
    state: CreateState,
    /// The step.
    step: Step,
    /// A line below the heading.
    lead: &'static str,
    /// The label of the button that continues.
    #[prop(default = "Continue")]
    action: &'static str,
    /// Whether the button's action is running.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Called instead of continuing, where a step has to do something first.
    #[prop(optional, into)]
    on_submit: Option<Callback<()>>,
    /// The inputs.
    children: Children,
) -> impl IntoView {
    let heading = NodeRef::<leptos::html::H2>::new();
    Effect::new(move || {
        if let (Some(heading), true) = (heading.get(), state.has_moved.get_untracked()) {
            let _ = heading.focus();
        }
    });
    let submit = on_submit.unwrap_or_else(|| Callback::new(move |()| state.go_on()));
    let title = step.title(state.protocol());
    let back = step.previous(state.protocol()).map(|previous| {
        view! { <Button on_click=move |()| state.go_to(previous)>"Back"</Button> }
    });
    view! {
        <section class="provider-step">
            <h2 class="provider-step-title" tabindex="-1" node_ref=heading>{title}</h2>
            <p class="provider-step-lead">{lead}</p>
            <Form error=state.error_of(step) on_submit=submit label=title.to_owned()>
                {children()}
                <div class="provider-step-actions">
                    {back}
                    <Button variant=Variant::Primary kind=ButtonKind::Submit busy>{action}</Button>
                </div>
            </Form>
        </section>
    }
}
