//! Pages and components of the portal.
//!
//! - [`app`]: the root; [`routes`]: every path in one place.
//! - [`state`]: what outlives a page: session, theme, toasts, the URL's query, running calls.
//! - [`router`]: which page belongs to the address.
//! - [`layout`]: the frame around the pages.
//! - [`components`]: what pages are drawn with; its page lists all of them with an example.
//! - [`pages`]: one module for each screen, at the address it has in the other layers.
//! - `parts`: which pages are fetched when they are first shown.
//!
//! Nothing here decides about permissions: the server does. A page hides what the role cannot do, for convenience.

#![expect(unreachable_pub, reason = "`#[component]` makes the props it writes public, also within private modules")]

pub mod app;
pub mod components;
pub mod layout;
pub mod pages;
mod parts;
pub mod router;
pub mod routes;
pub mod state;

pub use app::App;

#[cfg(test)]
mod tests {
    use std::{
        fs,
        path::{Path, PathBuf},
    };

    fn sources(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).expect("a folder of the sources");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        paths.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
    }

    /// The opening tags of components in a source: from `<Name` to the `>` that ends it.
    fn component_tags(source: &str) -> impl Iterator<Item = &str> {
        source.match_indices('<').filter_map(|(at, _)| {
            let tag = &source[at..];
            let is_component = tag[1..].starts_with(|first: char| first.is_ascii_uppercase());
            let begins = source[..at].ends_with([' ', '\n', '(', '{', '>']);
            let mut depth = 0_i32;
            let mut before = ' ';
            let end = tag.char_indices().find_map(|(index, letter)| {
                match letter {
                    '{' | '(' | '[' => depth += 1,
                    '}' | ')' | ']' => depth -= 1,
                    _ => {}
                }
                let ends = letter == '>' && depth == 0 && !['=', '-'].contains(&before);
                before = letter;
                ends.then_some(index)
            })?;
            (is_component && begins).then(|| &tag[..end])
        })
    }

    // Leptos 0.8 loses such a listener and keeps the previous one (docs/adr/0008-erased-component-types.md).
    #[test]
    fn no_listener_is_given_to_a_component() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui");
        for path in sources(&folder) {
            let source = fs::read_to_string(&path).expect("a source");
            for tag in component_tags(&source) {
                assert!(
                    !tag.contains(" on:") && !tag.contains("\non:"),
                    "{} gives a listener to {tag}>",
                    path.display()
                );
            }
        }
    }

    #[test]
    fn finds_the_tags_of_components() {
        let listener = "on:click=move |_| (x)";
        let source =
            format!("view! {{ <Button disabled={{a > b}} {listener}>\"Go\"</Button> <a {listener}>\"\"</a> }}");
        let tag = format!("<Button disabled={{a > b}} {listener}");
        assert_eq!(component_tags(&source).collect::<Vec<_>>(), [tag.as_str()]);
    }
}
