//! A call to the server that the user starts: whether it is running, and its error.

use std::{any::Any, future::Future, marker::PhantomData, pin::Pin};

use leptos::prelude::*;

use super::{Session, ViewScope};
use crate::api::ApiError;

/// A call to the server that the user starts, for instance by submitting a form.
pub struct Submit<I: 'static> {
    /// Whether the call is running.
    pub busy: RwSignal<bool>,
    /// How the last call failed.
    pub error: RwSignal<Option<ApiError>>,
    run: StoredValue<Box<dyn Fn(Input)>, LocalStorage>,
    input: PhantomData<fn(I)>,
}

/// The input of a call, without its type: stored with its type, the code of the store would be generated for each.
type Input = Box<dyn Any>;

impl<I: 'static> Clone for Submit<I> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I: 'static> Copy for Submit<I> {}

impl<I: 'static> Submit<I> {
    /// Starts the call, unless it runs already.
    pub fn run(self, input: I) {
        start(self.busy, self.run, Box::new(input));
    }

    /// Clears the last error, for instance when a dialog opens.
    pub fn reset(self) {
        self.error.set(None);
    }
}

fn start(busy: RwSignal<bool>, run: StoredValue<Box<dyn Fn(Input)>, LocalStorage>, input: Input) {
    if !busy.get_untracked() {
        run.try_with_value(|run| run(input));
    }
}

/// Prepares a call: `call` is the server function, `done` is called with its result. Leaving the page does not abort the
/// call, because it may already have an effect.
///
/// ```ignore
/// let save = use_submit(|name: String| rename(id, name), move |_| toasts.success("Name saved."));
/// view! { <Form error=save.error on_submit=move || save.run(name.get_untracked())>…</Form> }
/// ```
pub fn use_submit<I, O, F>(call: impl Fn(I) -> F + 'static, done: impl Fn(O) + Clone + 'static) -> Submit<I>
where
    I: 'static,
    O: 'static,
    F: Future<Output = Result<O, ApiError>> + 'static,
{
    prepare(Ends::Completed, call, done)
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
    let parts = CallParts {
        busy: RwSignal::new(false),
        error: RwSignal::new(None),
        session: use_context::<Session>(),
        scope: ViewScope::current(),
        ends,
    };
    let CallParts { busy, error, .. } = parts;
    let run = move |input: Input| {
        let Ok(input) = input.downcast() else { return };
        let (running, done) = (call(*input), done.clone());
        parts.start(Box::pin(async move {
            let value = running.await?;
            Ok(Box::new(move || done(value)) as Done)
        }));
    };
    Submit { busy, error, run: StoredValue::new_local(Box::new(run)), input: PhantomData }
}

type Done = Box<dyn FnOnce()>;

/// What all calls share. One copy of this code for all calls saves a good part of the portal's size.
#[derive(Clone, Copy)]
struct CallParts {
    busy: RwSignal<bool>,
    error: RwSignal<Option<ApiError>>,
    session: Option<Session>,
    scope: ViewScope,
    ends: Ends,
}

impl CallParts {
    fn start(self, running: Pin<Box<dyn Future<Output = Result<Done, ApiError>>>>) {
        self.busy.set(true);
        self.error.set(None);
        match self.ends {
            Ends::Completed => self.scope.spawn_to_end(running, move |answer| self.end(answer)),
            Ends::WithView => self.scope.spawn(async move { self.end(running.await) }),
        }
    }

    fn end(self, answer: Result<Done, ApiError>) {
        self.busy.try_set(false);
        match answer {
            Ok(done) => done(),
            Err(failure) => {
                if let Some(session) = self.session {
                    session.observe(&failure);
                }
                self.error.try_set(Some(failure));
            }
        }
    }
}
