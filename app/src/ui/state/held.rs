//! A signal for a value of a type that few places share.

use std::{any::Any, marker::PhantomData, sync::Arc};

use leptos::prelude::*;

/// Values without their type, as [`Held`] and [`Load`](super::Load) keep them.
pub type Data = Arc<dyn Any + Send + Sync>;

/// A signal like `RwSignal`, whose code is one copy for all types. For types that are used in many places anyway, such
/// as `bool` and `String`, `RwSignal` adds nothing.
pub struct Held<T: 'static> {
    data: RwSignal<Data>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Held<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Held<T> {}

impl<T: Clone + Send + Sync + 'static> Held<T> {
    /// Holds this at first.
    pub fn new(value: T) -> Self {
        Self { data: RwSignal::new(Arc::new(value)), of: PhantomData }
    }

    /// A copy of what is held. Tracked.
    pub fn get(self) -> T {
        held::<T>(&self.data.get()).clone()
    }

    /// A copy of what is held.
    pub fn get_untracked(self) -> T {
        held::<T>(&self.data.get_untracked()).clone()
    }

    /// A part of what is held. Tracked.
    pub fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        read(held(&self.data.get()))
    }

    /// A part of what is held.
    pub fn with_untracked<R>(self, read: impl FnOnce(&T) -> R) -> R {
        read(held(&self.data.get_untracked()))
    }

    /// Sets the value. Does nothing when the page that it belongs to was removed.
    pub fn set(self, value: T) {
        self.data.try_set(Arc::new(value));
    }

    /// Changes the value. Does nothing when the page that it belongs to was removed.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        if let Some(data) = self.data.try_get_untracked() {
            let mut value = held::<T>(&data).clone();
            change(&mut value);
            self.set(value);
        }
    }
}

fn held<T: 'static>(data: &Data) -> &T {
    data.downcast_ref().expect("it was made for values of this type")
}
