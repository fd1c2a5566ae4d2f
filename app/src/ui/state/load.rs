//! Data from the server that a page shows: loaded when the page appears, and again when what it depends on changes.

use std::{future::Future, marker::PhantomData, pin::Pin, sync::Arc};

use leptos::{prelude::*, task::spawn_local_scoped_with_cancellation};

use super::{Session, held::Data, react};
use crate::api::ApiError;

/// Data from the server. [`DataView`](crate::ui::components::DataView) draws it.
///
/// ```ignore
/// let rows = Load::new(move || list_tokens(PageRequest::numbered(query.page(), PAGE_SIZE)));
/// view! { <DataView resource=rows let:page>{table(page)}</DataView> }
/// ```
pub struct Load<T: 'static> {
    any: AnyLoad,
    data: PhantomData<fn() -> T>,
}

impl<T> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Load<T> {}

impl<T: Clone + Send + Sync + 'static> Load<T> {
    /// Calls `fetch` now and whenever a signal that it reads changes. A call
    /// that is still running is then aborted, and so it is when the page is left.
    pub fn new<F>(fetch: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<T, ApiError>> + 'static,
    {
        let fetch = move || -> Fetching {
            let fetching = fetch();
            Box::pin(async move { Ok(Arc::new(fetching.await?) as Data) })
        };
        Self { any: AnyLoad::new(Box::new(fetch)), data: PhantomData }
    }

    /// The last answer; nothing before the first one. Tracked.
    pub fn get(self) -> Option<Result<T, ApiError>> {
        self.with(|answer| answer.map(|answer| answer.cloned().map_err(Clone::clone)))
    }

    /// The last answer without a copy of it. Tracked.
    pub fn with<R>(self, read: impl FnOnce(Option<Result<&T, &ApiError>>) -> R) -> R {
        self.any.answer.with(|answer| match answer {
            None => read(None),
            Some(Err(error)) => read(Some(Err(error))),
            Some(Ok(data)) => read(data.downcast_ref().map(Ok)),
        })
    }

    /// Loads again; what is shown stays meanwhile.
    pub fn refetch(self) {
        self.any.refetch();
    }

    /// The same without its type.
    pub fn any(self) -> AnyLoad {
        self.any
    }
}

type Fetching = Pin<Box<dyn Future<Output = Result<Data, ApiError>>>>;

/// A [`Load`] without its type. The code is here once for all types: a copy for each was a tenth of the portal.
#[derive(Clone, Copy)]
pub struct AnyLoad {
    /// The last answer; nothing before the first one.
    pub answer: RwSignal<Option<Result<Data, ApiError>>>,
    /// Whether a call runs.
    pub busy: RwSignal<bool>,
    again: Trigger,
}

impl AnyLoad {
    fn new(fetch: Box<dyn Fn() -> Fetching>) -> Self {
        let load = Self { answer: RwSignal::new(None), busy: RwSignal::new(true), again: Trigger::new() };
        let session = use_context::<Session>();
        react(move || {
            load.again.track();
            load.start(session, fetch());
        });
        load
    }

    /// Loads again; what is shown stays meanwhile.
    pub fn refetch(self) {
        self.again.notify();
    }

    fn start(self, session: Option<Session>, fetching: Fetching) {
        self.busy.set(true);
        // Dropped when the effect runs again or the page is removed, which aborts the request.
        spawn_local_scoped_with_cancellation(async move {
            let answer = fetching.await;
            if let (Some(session), Err(error)) = (session, &answer) {
                session.observe(error);
            }
            self.busy.try_set(false);
            self.answer.try_set(Some(answer));
        });
    }
}
