//! A slug that follows a name.

use leptos::{prelude::*, task::spawn_local_scoped_with_cancellation};

use crate::{api::slugs::suggest_slug, domain::provider::Slug};

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
    Effect::new(move || {
        let wanted = name.get();
        match Slug::from_plain_name(&wanted) {
            Some(now) => follow(now),
            // Aborted when the name changes again or the dialog is closed.
            None => spawn_local_scoped_with_cancellation(async move {
                follow(suggest_slug(wanted).await.unwrap_or_default());
            }),
        }
    });
    let before = StoredValue::new(None::<String>);
    Effect::new(move || {
        let now = slug.get();
        if before.with_value(|before| before.as_ref().is_some_and(|before| *before != now)) {
            is_typed.set(!now.is_empty() && made.with_value(|made| *made != now));
        }
        before.set_value(Some(now));
    });
}
