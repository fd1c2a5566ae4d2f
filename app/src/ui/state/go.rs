//! Going to another page from code.

use leptos::prelude::*;

use crate::ui::router::Router;

/// Navigates within the portal.
#[derive(Clone, Copy)]
pub struct Go(Router);

impl Go {
    /// Goes to a path relative to the base, such as `providers/new`.
    pub fn to(self, path: &str) {
        self.0.push(path);
    }

    /// Goes there and leaves no trace of the present page in the history.
    pub fn replace(self, path: &str) {
        self.0.replace(path);
    }
}

/// A way to navigate from code.
pub fn use_go() -> Go {
    Go(expect_context())
}

/// Whether a path may be returned to after signing in: within the portal, never another origin.
pub fn is_safe_return(path: &str) -> bool {
    !path.is_empty() && !path.contains("//") && !path.contains('\\') && !path.contains(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returns_only_to_the_portal() {
        assert!(is_safe_return("providers?page=2"));
        for foreign in ["", "//evil.example", "https://evil.example", "javascript:alert(1)", "/\\evil.example"] {
            assert!(!is_safe_return(foreign), "{foreign} was accepted");
        }
    }
}
