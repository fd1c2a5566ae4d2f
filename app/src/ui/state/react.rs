//! Effects and memos with one copy of the code for all uses; Leptos generates its own again for each closure.

use leptos::prelude::*;

/// Runs this soon, and again whenever a signal changes that it reads.
pub fn react(run: impl FnMut() + 'static) {
    erased(Box::new(run));
}

fn erased(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_| run());
}

/// Computes a value, and again when a signal changes that it reads. Readers are notified only when it differs.
pub fn memo<T: Send + Sync + PartialEq + 'static>(compute: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    boxed(Box::new(compute))
}

fn boxed<T: Send + Sync + PartialEq + 'static>(compute: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T> {
    Memo::new(move |_| compute())
}
