//! A slug that follows a name.

use leptos::prelude::*;

use crate::{domain::provider::Slug, ui::state::react};

/// The slug follows the name until somebody types one; emptying it hands it back.
pub fn slug_follows(name: RwSignal<String>, slug: RwSignal<String>, is_typed: RwSignal<bool>) {
    let automatic = move |name: &str| match name.trim() {
        "" => String::new(),
        name => Slug::from_name(name, None, 0).to_string(),
    };
    react(move || {
        let made = name.with(|name| automatic(name));
        if !is_typed.get_untracked() && slug.with_untracked(|now| *now != made) {
            slug.set(made);
        }
    });
    let before = StoredValue::new(None::<String>);
    react(move || {
        let now = slug.get();
        let made = name.with_untracked(|name| automatic(name));
        if before.with_value(|before| before.as_ref().is_some_and(|before| *before != now)) {
            is_typed.set(!now.is_empty() && now != made);
        }
        before.set_value(Some(now));
    });
}
