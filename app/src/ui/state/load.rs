//! Data from the server that a page shows: loaded when the page appears, and again when what it depends on changes.
//!
//! Leptos's resource finishes a call before it starts the next one, also when a signal that the call read has changed
//! or the page was left. Here such a call is dropped, which aborts its request.

use std::{future::Future, rc::Rc};

use futures::{
    channel::oneshot,
    future::{self, Either, LocalBoxFuture, select},
};
use leptos::prelude::*;

use super::Session;
use crate::api::ApiError;

/// Data from the server. [`DataView`](crate::ui::components::DataView) draws it.
pub type Load<T> = LocalResource<Answer<T>>;

type Answer<T> = Result<T, ApiError>;

/// Calls `fetch` now and whenever a signal changes that it reads.
///
/// ```ignore
/// let rows = use_load(move || list_tokens(PageRequest::numbered(query.page(), PAGE_SIZE)));
/// view! { <DataView resource=rows let:page>{table(page)}</DataView> }
/// ```
pub fn use_load<T, F>(fetch: impl Fn() -> F + 'static) -> Load<T>
where
    T: 'static,
    F: Future<Output = Answer<T>> + 'static,
{
    let session = use_context::<Session>();
    let calls = Calls::<Answer<T>> { running: StoredValue::new_local(None), next: StoredValue::new_local(None) };
    let fetch = Rc::new(fetch);
    let again = fetch.clone();
    let is_begun = StoredValue::new(false);
    let load = LocalResource::new(move || {
        // The effect below makes the first call, and one for each change of a signal; `refetch` makes the others.
        let call = calls.take_next().unwrap_or_else(|| -> Call<Answer<T>> {
            if is_begun.try_get_value() == Some(true) {
                Box::pin(untrack(|| again()))
            } else {
                Box::pin(future::pending())
            }
        });
        let newest = calls.run(call);
        async move {
            // Without an answer, the page was left, and no view reads this error.
            let answer = newest.await.unwrap_or(Err(ApiError::Offline));
            if let (Some(session), Err(error)) = (session, &answer) {
                session.observe(error);
            }
            answer
        }
    });
    // The effect reads the signals that it tracks, so no change before its first run is missed.
    Effect::new(move || {
        let call = fetch();
        is_begun.set_value(true);
        if !calls.replace(Box::pin(call)) {
            load.refetch();
        }
    });
    load
}

/// The calls of one [`Load`]. They are dropped with the page.
struct Calls<A: 'static> {
    /// Passes a newer call to the one that is running.
    running: StoredValue<Option<oneshot::Sender<Call<A>>>, LocalStorage>,
    /// The call that the resource makes next.
    next: StoredValue<Option<Call<A>>, LocalStorage>,
}

type Call<A> = LocalBoxFuture<'static, A>;

impl<A> Clone for Calls<A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for Calls<A> {}

impl<A> Calls<A> {
    fn take_next(self) -> Option<Call<A>> {
        self.next.try_update_value(Option::take).flatten()
    }

    /// Replaces the running call. When none is running, the resource has to run again.
    fn replace(self, call: Call<A>) -> bool {
        let call = match self.running.try_update_value(Option::take).flatten() {
            Some(running) => match running.send(call) {
                Ok(()) => return true,
                Err(call) => call,
            },
            None => call,
        };
        self.next.try_set_value(Some(call));
        false
    }

    /// The answer of the call, or of a newer one that replaces it; `None` when the page is left.
    fn run(self, mut call: Call<A>) -> impl Future<Output = Option<A>> {
        let mut newer = self.listen();
        async move {
            loop {
                match select(newer, call).await {
                    Either::Left((newest, _replaced)) => {
                        call = newest.ok()?;
                        newer = self.listen();
                    }
                    Either::Right((answer, _)) => {
                        self.running.try_set_value(None);
                        return Some(answer);
                    }
                }
            }
        }
    }

    fn listen(self) -> oneshot::Receiver<Call<A>> {
        let (sender, receiver) = oneshot::channel();
        self.running.try_set_value(Some(sender));
        receiver
    }
}
