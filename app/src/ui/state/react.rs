//! Doing something whenever a signal changes.

use leptos::prelude::*;

/// Does this soon, and again whenever a signal changes that it reads.
///
/// Leptos's `Effect` takes a type of its own for each use, and all of its machinery with it; here is one for all.
pub fn react(run: impl FnMut() + 'static) {
    erased(Box::new(run));
}

fn erased(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_| run());
}
