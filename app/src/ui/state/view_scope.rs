//! Tasks that end with the view that started them.

use std::future::Future;

use leptos::{
    prelude::*,
    reactive::owner::WeakOwner,
    task::{spawn_local, spawn_local_scoped_with_cancellation},
};

/// The view or effect that called [`ViewScope::current`].
#[derive(Clone, Copy)]
pub struct ViewScope(StoredValue<Option<WeakOwner>>);

impl ViewScope {
    /// The scope of the caller.
    pub fn current() -> Self {
        Self(StoredValue::new(Owner::current().map(|owner| owner.downgrade())))
    }

    /// Runs a task until the view is removed. A call to the server in it is aborted then.
    pub fn spawn(self, task: impl Future<Output = ()> + 'static) {
        if let Some(owner) = self.owner() {
            owner.with(|| spawn_local_scoped_with_cancellation(task));
        }
    }

    /// Runs a task to its end, and `then` with its output if the view is still there.
    pub fn spawn_to_end<T: 'static>(self, task: impl Future<Output = T> + 'static, then: impl FnOnce(T) + 'static) {
        spawn_local(async move {
            let output = task.await;
            if let Some(owner) = self.owner() {
                owner.with(|| then(output));
            }
        });
    }

    /// `None` after the view was removed: the stored value goes with it, while an owner can be cleared and used again.
    fn owner(self) -> Option<Owner> {
        self.0.try_get_value()??.upgrade()
    }
}
