//! The path that the portal is mounted at.
//!
//! Links in the markup are relative (`href="providers"`) and the document's `<base>` resolves them. Code that navigates
//! uses [`use_go`], which takes the same relative paths.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// The mount path without a slash at the end; empty at the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(pub String);

impl Base {
    /// The base of the running portal.
    pub fn current() -> Self {
        use_context::<Self>().unwrap_or_else(|| Self(String::new()))
    }

    /// A full path as one relative to the base, without a slash in front.
    pub fn strip<'a>(&self, path: &'a str) -> &'a str {
        path.strip_prefix(&self.0).unwrap_or(path).trim_start_matches('/')
    }

    /// A relative path as a full one.
    pub fn join(&self, path: &str) -> String {
        format!("{}/{}", self.0, path.trim_start_matches('/'))
    }
}

/// The router's way to go to an address.
pub(super) type Navigate = Box<dyn Fn(&str, NavigateOptions)>;

/// Navigates within the portal.
#[derive(Clone, Copy)]
pub struct Go(StoredValue<Navigate, LocalStorage>);

impl Go {
    /// Goes to a path relative to the base, such as `providers/new`.
    pub fn to(self, path: &str) {
        self.with(path, NavigateOptions::default());
    }

    /// Goes there and leaves no trace of the present page in the history.
    pub fn replace(self, path: &str) {
        self.with(path, NavigateOptions { replace: true, ..NavigateOptions::default() });
    }

    fn with(self, path: &str, options: NavigateOptions) {
        let path = format!("/{}", path.trim_start_matches('/'));
        self.0.try_with_value(|navigate| navigate(&path, options));
    }
}

/// A way to navigate from code.
pub fn use_go() -> Go {
    let navigate = use_navigate();
    Go(StoredValue::new_local(Box::new(move |path: &str, options| navigate(path, options))))
}

/// Whether a path may be returned to after signing in: within the portal, never another origin.
pub fn is_safe_return(path: &str) -> bool {
    !path.is_empty() && !path.contains("//") && !path.contains('\\') && !path.contains(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_and_joins_the_mount_path() {
        let base = Base("/internal/sso".to_owned());
        assert_eq!(base.strip("/internal/sso/providers/1"), "providers/1");
        assert_eq!(base.join("providers"), "/internal/sso/providers");
        assert_eq!(Base(String::new()).join("providers"), "/providers");
    }

    #[test]
    fn returns_only_to_the_portal() {
        assert!(is_safe_return("providers?page=2"));
        for foreign in ["", "//evil.example", "https://evil.example", "javascript:alert(1)", "/\\evil.example"] {
            assert!(!is_safe_return(foreign), "{foreign} was accepted");
        }
    }
}
