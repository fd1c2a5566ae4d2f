//! Moments relative to now.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::domain::{timestamp::Timestamp, words::counted};

/// A moment relative to now, with the exact time on hover and for machines.
#[component]
pub fn RelativeTime(
    /// The moment.
    at: Timestamp,
) -> impl IntoView {
    let date = date(at);
    let exact = date.to_locale_string("default", &JsValue::UNDEFINED).as_string().unwrap_or_default();
    let iso = date.to_iso_string().as_string().unwrap_or_default();
    view! { <time datetime=iso title=exact>{relative(now().seconds_since(at)).unwrap_or_else(|| day(at))}</time> }
}

/// The present moment, as the browser's clock has it.
pub fn now() -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit for a long time")]
    Timestamp((js_sys::Date::now() as i64).saturating_mul(1000))
}

/// The day of a moment, in the browser's calendar and words.
pub fn day(at: Timestamp) -> String {
    let options = js_sys::Object::new();
    // Setting a member of a fresh object does not fail.
    let _ = js_sys::Reflect::set(&options, &"dateStyle".into(), &"medium".into());
    date(at).to_locale_date_string("default", &options).as_string().unwrap_or_default()
}

fn date(at: Timestamp) -> js_sys::Date {
    #[expect(clippy::cast_precision_loss, reason = "JavaScript counts in floating-point numbers")]
    js_sys::Date::new(&JsValue::from_f64(at.unix_millis() as f64))
}

/// The distance in words, in either direction; `None` when a date is clearer.
fn relative(seconds_ago: i64) -> Option<String> {
    let is_past = seconds_ago >= 0;
    let words = match seconds_ago.unsigned_abs() {
        0..45 => return Some("just now".to_owned()),
        seconds @ 45..3600 => format!("{} min", seconds.div_ceil(60).max(1)),
        seconds @ 3600..86_400 => format!("{} h", seconds / 3600),
        seconds @ 86_400..2_592_000 => counted(seconds / 86_400, "day"),
        _ => return None,
    };
    Some(if is_past { format!("{words} ago") } else { format!("in {words}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_how_long_ago() {
        let said = |seconds| relative(seconds).unwrap_or_else(|| "a date".to_owned());
        assert_eq!(said(3), "just now");
        assert_eq!(said(61), "2 min ago");
        assert_eq!(said(7300), "2 h ago");
        assert_eq!(said(90_000), "1 day ago");
        assert_eq!(said(-864_000), "in 10 days");
        assert_eq!(said(9_000_000), "a date");
    }
}
