//! Entry point of the portal: finds out where it is mounted and mounts it there.

use leptos::prelude::*;
use vestibule_app::{domain::web_url::WebUrl, ui::App};

fn main() {
    console_error_panic_hook::set_once();
    let base = base_path();
    // Server functions want an address that lives as long as the program; there is one per page load.
    server_fn::client::set_server_url(Box::leak(base.clone().into_boxed_str()));
    mount_to_body(move || view! { <App base=base.clone() /> });
}

/// The path of the document's `<base>` without the slash at its end: the server writes the mount path there.
fn base_path() -> String {
    let address = document().base_uri().ok().flatten().unwrap_or_default();
    let path = WebUrl::parse(&address).map(|url| url.path).unwrap_or_default();
    path.trim_end_matches('/').to_owned()
}
