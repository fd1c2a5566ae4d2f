//! Finding the pages that belong to a path.

use leptos::prelude::AnyView;

/// A page, or a layout with pages in its outlet. Built by [`page`] and [`layout`].
#[derive(Debug)]
pub struct Route {
    /// Segments of the path: words, `:name` for any one segment, `*` for whatever is left.
    path: &'static str,
    view: fn() -> AnyView,
    children: &'static [Route],
}

/// A page at a path, relative to the layout around.
pub const fn page(path: &'static str, view: fn() -> AnyView) -> Route {
    Route { path, view, children: &[] }
}

/// A layout, whose [`Outlet`](super::Outlet) shows one of its pages. It stays while they change.
pub const fn layout(path: &'static str, view: fn() -> AnyView, pages: &'static [Route]) -> Route {
    Route { path, view, children: pages }
}

/// The values of the `:name`s in a path.
pub(super) type Params = Vec<(&'static str, String)>;

/// A layout or page on the way to the present address.
#[derive(Debug, Clone)]
pub(super) struct Matched {
    pub(super) route: &'static Route,
    /// The values of its `:name`s.
    pub(super) params: Params,
}

impl PartialEq for Matched {
    fn eq(&self, other: &Self) -> bool {
        self.is(other.route) && self.params == other.params
    }
}

impl Matched {
    /// Whether this is the route itself, and not merely an equal one.
    pub(super) fn is(&self, route: &'static Route) -> bool {
        std::ptr::eq(self.route, route)
    }

    /// Identifies the route.
    pub(super) fn address(&self) -> usize {
        std::ptr::from_ref(self.route).addr()
    }

    /// Draws it.
    pub(super) fn draw(&self) -> AnyView {
        (self.route.view)()
    }
}

/// The layouts and the page at a path, from the outside in. The first route that matches the whole path is used.
pub(super) fn find(routes: &'static [Route], path: &str) -> Vec<Matched> {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    search(routes, &segments).unwrap_or_default()
}

fn search(routes: &'static [Route], segments: &[&str]) -> Option<Vec<Matched>> {
    routes.iter().find_map(|route| {
        let (params, rest) = begin(route.path, segments)?;
        let inner = match route.children {
            [] => rest.is_empty().then(Vec::new),
            children => search(children, rest),
        }?;
        let mut found = vec![Matched { route, params }];
        found.extend(inner);
        Some(found)
    })
}

/// The values of the pattern's names, and the segments that are left.
fn begin<'a>(pattern: &'static str, mut segments: &'a [&'a str]) -> Option<(Params, &'a [&'a str])> {
    let mut params = Params::new();
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        if part == "*" {
            return Some((params, &[]));
        }
        let (first, rest) = segments.split_first()?;
        match part.strip_prefix(':') {
            Some(name) => params.push((name, (*first).to_owned())),
            None if part == *first => {}
            None => return None,
        }
        segments = rest;
    }
    Some((params, segments))
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use super::*;

    fn nothing() -> AnyView {
        ().into_any()
    }

    const ROUTES: &[Route] = &[
        page("sign-in", nothing),
        layout(
            "",
            nothing,
            &[
                page("", nothing),
                page("providers/new", nothing),
                layout("providers/:id", nothing, &[page("", nothing), page("mapping", nothing)]),
                page("*", nothing),
            ],
        ),
    ];

    fn found(path: &str) -> Vec<&'static str> {
        find(ROUTES, path).iter().map(|matched| matched.route.path).collect()
    }

    #[test]
    fn finds_layouts_and_page() {
        assert_eq!(found("sign-in"), ["sign-in"]);
        assert_eq!(found(""), ["", ""]);
        assert_eq!(found("providers/new/"), ["", "providers/new"]);
        assert_eq!(found("providers/7"), ["", "providers/:id", ""]);
        assert_eq!(found("providers/7/mapping"), ["", "providers/:id", "mapping"]);
    }

    #[test]
    fn what_fits_nowhere_is_left_to_the_star() {
        assert_eq!(found("providers/7/nowhere"), ["", "*"]);
    }

    #[test]
    fn names_stand_for_segments() {
        assert_eq!(find(ROUTES, "providers/7/mapping")[1].params, [("id", "7".to_owned())]);
    }
}
