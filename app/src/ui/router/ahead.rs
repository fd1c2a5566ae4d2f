//! Fetches the code of the pages that are probably opened next while the browser has nothing else to do.

use std::time::Duration;

use js_sys::Reflect;
use leptos::{leptos_dom::helpers::request_idle_callback_with_handle, prelude::*};

/// The delay in browsers that do not report when they are idle.
const WITHOUT_IDLE: Duration = Duration::from_secs(2);

/// Fetches the code that the user probably needs next. The root provides it.
#[derive(Debug, Clone, Copy)]
pub struct FetchAhead(
    /// Starts the download; does nothing when the code is there already.
    pub fn(),
);

impl FetchAhead {
    /// Calls [`when_idle`](Self::when_idle) once a page shows what it is for.
    pub fn after(is_shown: impl Fn() -> bool + 'static) {
        let Some(ahead) = use_context::<Self>() else { return };
        Effect::new(move || {
            if is_shown() {
                ahead.when_idle();
            }
        });
    }

    /// Fetches it when the browser is idle, unless the user asked the browser to save data.
    ///
    /// A failure has no effect: opening the page fetches its code again, and shows what failed.
    fn when_idle(self) {
        let Self(fetch) = self;
        if !saves_data() && request_idle_callback_with_handle(fetch).is_err() {
            set_timeout(fetch, WITHOUT_IDLE);
        }
    }
}

/// Whether the browser's `Save-Data` is on. Some browsers do not report it.
fn saves_data() -> bool {
    Reflect::get(&window().navigator(), &"connection".into())
        .and_then(|connection| Reflect::get(&connection, &"saveData".into()))
        .is_ok_and(|is_on| is_on.is_truthy())
}
