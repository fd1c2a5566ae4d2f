//! The steps of a task.

use leptos::prelude::*;

/// The steps of a task as an ordered list; on narrow screens "Step 2 of 5: Connection".
#[component]
pub fn Stepper(
    /// The steps in order.
    steps: Vec<&'static str>,
    /// The present one, counted from 0.
    #[prop(into)]
    current: Signal<usize>,
    /// Called when the user returns to a finished step; without it, steps are plain text.
    #[prop(optional, into)]
    on_select: Option<Callback<usize>>,
) -> impl IntoView {
    let count = steps.len();
    let names = steps.clone();
    let narrow = move || {
        let index = current.get();
        format!("Step {} of {count}: {}", index + 1, names.get(index).copied().unwrap_or_default())
    };
    let items = steps
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            let marker = move || if index < current.get() { "✓".to_owned() } else { (index + 1).to_string() };
            let words = move || match on_select {
                Some(select) if index < current.get() => {
                    view! { <button type="button" class="link" on:click=move |_| select.run(index)>{name}</button> }.into_any()
                }
                Some(_) | None => view! { <span>{name}</span> }.into_any(),
            };
            view! {
                <li class="step" class:is-done=move || index < current.get() aria-current=move || (index == current.get()).then_some("step")>
                    <span class="step-marker" aria-hidden="true">{marker}</span>
                    {words}
                    {move || (index < current.get()).then(|| view! { <span class="visually-hidden">" (done)"</span> })}
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="stepper">
            <ol class="stepper-wide" aria-label="Steps">{items}</ol>
            <p class="stepper-narrow">{narrow}</p>
        </div>
    }
}
