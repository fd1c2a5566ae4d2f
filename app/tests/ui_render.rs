//! Renders components without a browser and looks at the markup that assistive technology depends on.
//! Runs with `cargo test -p vestibule-app --features ssr,ui`.
#![cfg(all(feature = "ssr", feature = "ui"))]

use leptos::prelude::*;
use vestibule_app::{
    api::ApiError,
    domain::{
        connection::{StepName, StepStatus, TestRecord, TestReport, TestStep, TestTrigger},
        id::ConnectionTestId,
        problem::{Problem, ProblemCode, ServiceError},
        timestamp::Timestamp,
    },
    ui::{
        components::{
            Button, Callout, EnabledBadge, Field, FieldIds, Form, ListEditor, Skeleton, StatusBadge, Stepper, Tone,
        },
        pages::{
            groups::InternalGroup,
            providers::testing::{HealthChart, StepList},
        },
    },
};

fn render<V: IntoView>(draw: impl FnOnce() -> V) -> String {
    Owner::new().with(|| draw().into_view().to_html())
}

fn refused(field: &str, message: &str) -> Signal<Option<ApiError>> {
    let problems = vec![Problem::new(field, ProblemCode::Malformed, message)];
    Signal::stored(Some(ServiceError::Invalid { problems }.into()))
}

#[test]
fn a_field_names_its_help_and_its_error() {
    let html = render(|| {
        let value = RwSignal::new(String::new());
        view! {
            <Form error=refused("client_id", "Enter the client id.") on_submit=|()| ()>
                <Field label="Client id" name="client_id" value=value help="From the provider." />
            </Form>
        }
    });
    assert!(html.contains(r#"for="field-client_id""#), "{html}");
    assert!(html.contains(r#"aria-describedby="field-client_id-error field-client_id-help""#), "{html}");
    assert!(html.contains(r#"aria-invalid="true""#), "{html}");
    assert!(html.contains(r#"id="field-client_id-error""#), "{html}");
}

#[test]
fn a_field_without_problem_is_not_marked_invalid() {
    let html = render(|| view! { <Field label="Name" name="label" value=RwSignal::new(String::new()) /> });
    assert!(!html.contains("aria-invalid"), "{html}");
    assert!(!html.contains("aria-describedby"), "{html}");
}

#[test]
fn a_problem_with_a_row_stands_at_that_row() {
    let html = render(|| {
        let value = RwSignal::new(vec!["a.example".to_owned(), "b".to_owned()]);
        view! {
            <Form error=refused("allowed_domains.1", "This is no domain.") on_submit=|()| ()>
                <ListEditor label="Allowed domains" name="allowed_domains" value=value item="domain" />
            </Form>
        }
    });
    assert!(html.contains(r#"aria-describedby="field-allowed_domains-1-error""#), "{html}");
    assert!(!html.contains(r#"id="field-allowed_domains-0-error""#), "{html}");
}

#[test]
fn a_badge_says_in_words_what_its_colour_says() {
    assert!(render(|| view! { <EnabledBadge enabled=false /> }).contains("Disabled"));
    assert!(render(|| view! { <StatusBadge tone=Tone::Warning label="2 warnings" /> }).contains("2 warnings"));
}

#[test]
fn only_a_danger_interrupts_screen_readers() {
    assert!(render(|| view! { <Callout tone=Tone::Danger title="It failed." /> }).contains(r#"role="alert""#));
    assert!(!render(|| view! { <Callout tone=Tone::Info title="Good to know." /> }).contains("role="));
}

#[test]
fn a_busy_button_says_so_and_keeps_its_words() {
    let html = render(|| view! { <Button busy=Signal::stored(true)>"Save provider"</Button> });
    assert!(html.contains(r#"aria-disabled="true""#), "{html}");
    assert!(html.contains("Save provider"), "{html}");
}

#[test]
fn the_present_step_is_marked() {
    let html = render(|| view! { <Stepper steps=vec!["Connect", "Review"] current=1_usize /> });
    assert_eq!(html.matches(r#"aria-current="step""#).count(), 1, "{html}");
    assert!(html.contains("Step 2 of 2: Review"), "{html}");
}

#[test]
fn a_skeleton_is_heard_as_loading() {
    assert!(render(|| view! { <Skeleton /> }).contains("Loading"));
}

#[test]
fn a_step_says_in_words_how_it_ended() {
    let step = TestStep {
        name: StepName::Keys,
        status: StepStatus::Failed,
        ms: 12,
        message: "No key.".to_owned(),
        advice: "Ask the provider.".to_owned(),
    };
    let html = render(|| view! { <StepList steps=vec![step] running=Some(StepName::Scopes) /> });
    for text in ["Signing keys", ": Failed", "12 ms", "No key.", "Ask the provider.", "Scopes", "running"] {
        assert!(html.contains(text), "{text}: {html}");
    }
}

#[test]
fn a_chart_is_hidden_and_its_words_are_not() {
    let report =
        TestReport { steps: Vec::new(), warnings: Vec::new(), certificates: Vec::new(), sample: Vec::new(), ms: 20 };
    let test = TestRecord {
        id: ConnectionTestId(uuid::Uuid::nil()),
        at: Timestamp(0),
        trigger: TestTrigger::Manual,
        by: String::new(),
        report,
    };
    let html = render(|| view! { <HealthChart tests=vec![test] /> });
    assert!(html.contains(r#"aria-hidden="true""#), "{html}");
    assert!(html.contains("The last 1 test, the newest at the right: 1 worked."), "{html}");
}

#[test]
fn an_unknown_group_is_flagged_in_words() {
    let known = render(|| view! { <InternalGroup id="grp_1".to_owned() name=Some("Staff".to_owned()) /> });
    assert!(known.contains("Staff") && !known.contains("Unknown"), "{known}");
    let unknown = render(|| view! { <InternalGroup id="grp_1".to_owned() name=None /> });
    assert!(unknown.contains("grp_1") && unknown.contains("Unknown group"), "{unknown}");
}

#[test]
fn suggestions_are_offered_beside_the_field() {
    let html = render(|| {
        let known = Signal::stored(vec!["engineers".to_owned()]);
        view! { <Field label="Group" name="group" value=RwSignal::new(String::new()) suggestions=known /> }
    });
    assert!(html.contains(r#"list="field-group-list""#), "{html}");
    assert!(html.contains(r#"<datalist id="field-group-list"><option value="engineers">"#), "{html}");
}

#[test]
fn ids_of_nested_fields_are_valid() {
    assert_eq!(FieldIds::of("allowed_redirects.0").input, "field-allowed_redirects-0");
}
