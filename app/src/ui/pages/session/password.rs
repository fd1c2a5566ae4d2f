//! Choosing a new password: entered twice, checked by its length only.

use leptos::prelude::*;

use crate::{
    domain::administrator::{MIN_PASSWORD, check_password},
    ui::components::{Field, FieldKind},
};

/// A new password while it is typed.
#[derive(Clone, Copy)]
pub struct PasswordForm {
    /// The password.
    pub first: RwSignal<String>,
    /// The password once more.
    pub second: RwSignal<String>,
    checked: RwSignal<bool>,
}

impl PasswordForm {
    /// An empty form.
    pub fn new() -> Self {
        Self {
            first: RwSignal::new(String::new()),
            second: RwSignal::new(String::new()),
            checked: RwSignal::new(false),
        }
    }

    /// The password when it is valid; otherwise the fields show their problems from now on.
    pub fn confirmed(self) -> Option<String> {
        self.checked.set(true);
        let first = self.first.get_untracked();
        (problem(&first).is_none() && mismatch(&first, &self.second.get_untracked()).is_none()).then_some(first)
    }

    /// Empties the form.
    pub fn clear(self) {
        self.first.set(String::new());
        self.second.set(String::new());
        self.checked.set(false);
    }
}

impl Default for PasswordForm {
    fn default() -> Self {
        Self::new()
    }
}

fn problem(password: &str) -> Option<String> {
    check_password(password).map(|problem| problem.message)
}

fn mismatch(first: &str, second: &str) -> Option<String> {
    (first != second).then(|| "The passwords differ. Enter the same one twice.".to_owned())
}

/// A hint about the length of a password.
fn hint(length: usize) -> String {
    match length {
        0 => format!("At least {MIN_PASSWORD} characters. Length matters most: a few words make a strong password."),
        length if length < MIN_PASSWORD => format!("{} more to go.", MIN_PASSWORD - length),
        length if length < MIN_PASSWORD + 4 => "Long enough. A few more characters make it strong.".to_owned(),
        _ => "Strong.".to_owned(),
    }
}

/// The two fields, with a hint that grows with the password.
#[component]
pub fn NewPassword(
    /// The label of the first field.
    #[prop(default = "Password")]
    label: &'static str,
    /// What is typed.
    form: PasswordForm,
) -> impl IntoView {
    let PasswordForm { first, second, checked } = form;
    let length = Memo::new(move |_| first.with(|password| password.chars().count()));
    let error = Signal::derive(move || if checked.get() { problem(&first.read()) } else { None });
    let second_error =
        Signal::derive(move || if checked.get() { mismatch(&first.read(), &second.read()) } else { None });
    // Four steps of length, drawn by classes since the content security policy forbids inline styles.
    let strength = move || match length.get() {
        0 => "strength",
        length if length < MIN_PASSWORD => "strength is-short",
        length if length < MIN_PASSWORD + 4 => "strength is-enough",
        _ => "strength is-strong",
    };
    view! {
        <Field label name="password" value=first kind=FieldKind::Password autocomplete="new-password" error />
        <div class=strength>
            <span class="strength-bar" aria-hidden="true"></span>
            <p class="field-help" aria-live="polite">{move || hint(length.get())}</p>
        </div>
        <Field
            label="Repeat the password"
            name="password_again"
            value=second
            kind=FieldKind::Password
            autocomplete="new-password"
            error=second_error
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hint_counts_down_to_the_shortest_password() {
        assert_eq!(hint(MIN_PASSWORD - 1), "1 more to go.");
        assert_eq!(hint(MIN_PASSWORD + 10), "Strong.");
    }
}
