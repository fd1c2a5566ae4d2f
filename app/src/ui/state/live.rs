//! Handlers that end with the view they were made for.
//!
//! With component types erased (.cargo/config.toml), Leptos 0.8 patches elements of one kind in place and leaves their
//! earlier event listeners attached. A listener that asks whether its own view still lives does nothing then.

use leptos::prelude::*;

/// Wraps a handler so that it is deaf once the view that made it was drawn anew. Every `on:` goes through it.
pub fn live<E: 'static>(mut handler: impl FnMut(E) + 'static) -> impl FnMut(E) + 'static {
    let view = View::current();
    move |event| {
        if view.lives() {
            handler(event);
        }
    }
}

/// The view that is being drawn: what it stores goes away with it. Kept out of line, since there are many handlers.
#[derive(Clone, Copy)]
struct View(StoredValue<()>);

impl View {
    #[inline(never)]
    fn current() -> Self {
        Self(StoredValue::new(()))
    }

    #[inline(never)]
    fn lives(self) -> bool {
        self.0.try_get_value().is_some()
    }
}
