//! The relying party under test.

use vestibule::domain::provider::ResponseMode;

use super::super::{
    browser::{Browser, Place},
    form_post::form_of,
    misbehaviour::Misbehaviour,
    requests::place_with,
    trace::{reference_of, trace},
};
use crate::support::Answer;

/// An instance with one provider.
pub(super) struct Client {
    pub(super) place: Place,
    mode: ResponseMode,
}

impl Client {
    pub(super) async fn new(mode: ResponseMode) -> Self {
        Self { place: place_with(|oidc| oidc.sign_in.response_mode = mode).await, mode }
    }

    /// Signs in with a new browser, and a session begins.
    pub(super) async fn accepts(&self) {
        let mut browser = Browser::default();
        let callback = browser.begin(&self.place, "").await;
        let answer = self.finish(&mut browser, &callback).await;
        assert_eq!(answer.status, 303, "{}{}", answer.text(), self.place.logged());
        assert!(browser.user(&self.place.app).await.is_some());
    }

    /// Signs in with a new browser at a provider that misbehaves: no session begins, no user is left behind, and
    /// administrators read why.
    pub(super) async fn refuses(&self, how: Misbehaviour) {
        self.place.openid.misbehave(how);
        self.is_refused(how.reason()).await;
    }

    /// Signs in with a new browser, and is refused for a reason.
    pub(super) async fn is_refused(&self, reason: &str) {
        let mut browser = Browser::default();
        let callback = browser.begin(&self.place, "").await;
        self.refused(browser, &callback, reason).await;
    }

    /// Comes back with an error of the provider.
    pub(super) async fn refuses_error(&self, error: &str) {
        let mut browser = Browser::default();
        let state = browser.begin(&self.place, "").await.pop().expect("the state");
        let description = ("error_description".to_owned(), "Error response".to_owned());
        let callback = [("error".to_owned(), error.to_owned()), description, state];
        self.refused(browser, &callback, &format!("the provider answered {error}")).await;
    }

    async fn refused(&self, mut browser: Browser, callback: &[(String, String)], reason: &str) {
        let answer = self.finish(&mut browser, callback).await;
        assert!(answer.text().contains("Try again"), "{}", answer.text());
        assert!(browser.session().is_none() && self.place.users().await.is_empty());
        self.place.check_reason(reason);
        let trace = trace(&self.place.app, &reference_of(&answer)).await;
        assert!(trace["steps"].to_string().contains(reason), "{trace}");
    }

    /// Comes back from the provider.
    async fn finish(&self, browser: &mut Browser, callback: &[(String, String)]) -> Answer {
        match self.mode {
            ResponseMode::Query => browser.finish(&self.place, callback).await,
            ResponseMode::FormPost => {
                let page = browser.post_across_sites(&self.place.app, &self.place.callback(), callback).await;
                let (action, fields) = form_of(&page);
                browser.post(&self.place.app, &action, &fields).await
            }
        }
    }
}
