//! A call to the server that the user starts: whether it is running, and its error.

use std::future::Future;

use leptos::prelude::*;

use super::{Session, Toasts, ViewScope};
use crate::api::ApiError;

/// A call to the server that the user starts, for instance by submitting a form.
pub struct Submit<I: 'static> {
    /// Whether the call is running.
    pub busy: RwSignal<bool>,
    /// How the last call failed.
    pub error: RwSignal<Option<ApiError>>,
    start: StoredValue<Box<dyn Fn(I)>, LocalStorage>,
}

impl<I: 'static> Clone for Submit<I> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I: 'static> Copy for Submit<I> {}

impl<I: 'static> Submit<I> {
    /// Starts the call, unless it runs already.
    pub fn run(self, input: I) {
        if !self.busy.get_untracked() {
            self.start.try_with_value(|start| start(input));
        }
    }

    /// Clears the last error, for instance when a dialog opens.
    pub fn reset(self) {
        self.error.set(None);
    }
}

/// Prepares a call: `call` is the server function, `done` is called with its result. Leaving the view does not abort
/// the call, because it may already have an effect. `done` is called only while the view that prepared the call is
/// there, so it may use everything of that view. A tab or a dialog can be gone while the page around it stays: what
/// concerns the page (reloading its state, recording a new version) belongs to `call`, and so does what has to follow in
/// any case. `call` uses nothing of the view, except what ignores that it is gone: signals that are set, `refetch`,
/// `try_run`.
pub fn use_submit<I, O, F>(call: impl Fn(I) -> F + 'static, done: impl Fn(O) + Clone + 'static) -> Submit<I>
where
    I: 'static,
    O: 'static,
    F: Future<Output = Result<O, ApiError>> + 'static,
{
    prepare(Ends::Completed, call, done)
}

/// Prepares a call like [`use_submit`] and reports its success in a toast, also when the page was left. `success` makes
/// the text from the result, and uses nothing of the page.
///
/// ```ignore
/// let save = use_change(|name: String| rename(id, name), |_| "Name saved.", move |_| open.set(false));
/// view! { <Form error=save.error on_submit=move |()| save.run(name.get_untracked())>…</Form> }
/// ```
pub fn use_change<I, O, F, S>(
    call: impl Fn(I) -> F + 'static,
    success: impl Fn(&O) -> S + Clone + 'static,
    done: impl Fn(O) + Clone + 'static,
) -> Submit<I>
where
    I: 'static,
    O: 'static,
    F: Future<Output = Result<O, ApiError>> + 'static,
    S: Into<String>,
{
    let toasts = Toasts::current();
    let call = move |input: I| {
        let (running, success) = (call(input), success.clone());
        async move { running.await.inspect(|output| toasts.success(success(output))) }
    };
    use_submit(call, done)
}

/// Prepares a call that only reads: like [`use_submit`], but leaving the page aborts it.
pub fn use_lookup<I, O, F>(call: impl Fn(I) -> F + 'static, done: impl Fn(O) + Clone + 'static) -> Submit<I>
where
    I: 'static,
    O: 'static,
    F: Future<Output = Result<O, ApiError>> + 'static,
{
    prepare(Ends::WithView, call, done)
}

/// When a call ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// With its response, because it may have an effect.
    Completed,
    /// At the latest when the view is removed.
    WithView,
}

fn prepare<I, O, F>(ends: Ends, call: impl Fn(I) -> F + 'static, done: impl Fn(O) + Clone + 'static) -> Submit<I>
where
    I: 'static,
    O: 'static,
    F: Future<Output = Result<O, ApiError>> + 'static,
{
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None));
    let session = use_context::<Session>();
    let scope = ViewScope::current();
    let start = move |input: I| {
        busy.set(true);
        error.set(None);
        let running = call(input);
        let running = async move {
            running.await.inspect_err(|failure| {
                if let Some(session) = session {
                    session.observe(failure);
                }
            })
        };
        let done = done.clone();
        let end = move |answer: Result<O, ApiError>| {
            busy.try_set(false);
            match answer {
                Ok(value) => done(value),
                Err(failure) => {
                    error.try_set(Some(failure));
                }
            }
        };
        match ends {
            Ends::Completed => scope.spawn_to_end(running, end),
            Ends::WithView => scope.spawn(async move { end(running.await) }),
        }
    };
    Submit { busy, error, start: StoredValue::new_local(Box::new(start)) }
}
