//! A slug that follows a name.

use leptos::{prelude::*, task::spawn_local};

use crate::{api::slugs::suggest_slug, domain::provider::Slug, ui::state::react};

/// The slug follows the name until it is edited; clearing it restores that. The server transliterates names in other
/// alphabets; while it cannot be reached there is no slug.
pub fn slug_follows(name: RwSignal<String>, slug: RwSignal<String>, is_typed: RwSignal<bool>) {
    let made = StoredValue::new(String::new());
    let follow = move |now: String| {
        made.set_value(now.clone());
        if !is_typed.get_untracked() && slug.with_untracked(|before| *before != now) {
            slug.set(now);
        }
    };
    react(move || {
        let wanted = name.get();
        match Slug::from_plain_name(&wanted) {
            Some(now) => follow(now),
            None => spawn_local(async move {
                let now = suggest_slug(wanted.clone()).await.unwrap_or_default();
                // The dialog may be closed by now, and the name may be another one.
                if name.try_get_untracked() == Some(wanted) {
                    follow(now);
                }
            }),
        }
    });
    let before = StoredValue::new(None::<String>);
    react(move || {
        let now = slug.get();
        if before.with_value(|before| before.as_ref().is_some_and(|before| *before != now)) {
            is_typed.set(!now.is_empty() && made.with_value(|made| *made != now));
        }
        before.set_value(Some(now));
    });
}
