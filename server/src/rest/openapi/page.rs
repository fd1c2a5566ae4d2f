//! A description as a page: plain HTML, readable without a script.

use maud::{DOCTYPE, Markup, html};
use serde_json::{Map, Value};
use utoipa::openapi::Info;

use super::schema::{limits, text, words};

/// The page's style sheet.
pub(super) const STYLE: &str = include_str!("page.css");
/// What its path ends with.
pub(super) const STYLE_NAME: &str = "style.css";

const METHODS: [&str; 6] = ["get", "head", "post", "put", "patch", "delete"];

/// The list of all descriptions.
pub(super) fn overview(dialects: &[(&str, Info)]) -> Markup {
    frame(
        "APIs",
        html! {
            header { h1 { "APIs" } p { "The APIs of this server." } }
            main {
                @for (name, info) in dialects {
                    section {
                        h2 { a href=(name) { (info.title) } }
                        @if let Some(description) = &info.description { (paragraphs(description)) }
                        p { a href=(format!("../openapi/{name}.json")) { "OpenAPI document" } }
                    }
                }
            }
        },
    )
}

/// A description.
pub(super) fn document(name: &str, document: &Value) -> Markup {
    let info = &document["info"];
    let operations = operations(document);
    let schemas = document["components"]["schemas"].as_object();
    frame(
        &text(&info["title"]),
        html! {
            header {
                p { a href="./" { "All APIs" } }
                h1 { (text(&info["title"])) }
                @if let Some(description) = info["description"].as_str() { (paragraphs(description)) }
                p { a href=(format!("../openapi/{name}.json")) { "OpenAPI document" } }
            }
            nav aria-label="Operations" {
                ul {
                    @for (method, path, operation) in &operations {
                        li { a href=(format!("#{}", anchor(operation))) { (badge(method)) code { (path) } } }
                    }
                }
            }
            main {
                @for (method, path, operation) in &operations { (self::operation(method, path, operation)) }
                @if let Some(schemas) = schemas {
                    h2 { "Schemas" }
                    @for (name, schema) in schemas {
                        section id=(format!("schema-{name}")) {
                            h3 { (name) }
                            @if let Some(description) = schema["description"].as_str() { (paragraphs(description)) }
                            (fields(schema))
                        }
                    }
                }
            }
        },
    )
}

fn frame(title: &str, content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { (title) " · Vestibule" }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                link rel="stylesheet" href=(STYLE_NAME);
            }
            body { (content) }
        }
    }
}

/// Method, path and operation of each, in the document's order.
fn operations(document: &Value) -> Vec<(&'static str, &str, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            METHODS.into_iter().filter_map(move |method| Some((method, path.as_str(), item.get(method)?)))
        })
        .collect()
}

fn anchor(operation: &Value) -> String {
    text(&operation["operationId"])
}

fn badge(method: &str) -> Markup {
    html! { b class=(format!("method {method}")) { (method.to_uppercase()) } }
}

fn operation(method: &str, path: &str, operation: &Value) -> Markup {
    let id = anchor(operation);
    html! {
        section id=(id) aria-labelledby=(format!("{id}-title")) {
            h2 id=(format!("{id}-title")) { (badge(method)) " " code { (path) } }
            @if let Some(summary) = operation["summary"].as_str() { p { strong { (summary) } } }
            @if let Some(description) = operation["description"].as_str() { (paragraphs(description)) }
            @if let Some(parameters) = operation["parameters"].as_array().filter(|list| !list.is_empty()) {
                h3 { "Parameters" }
                (parameter_table(parameters))
            }
            @if let Some(content) = operation["requestBody"]["content"].as_object() {
                h3 { "Body" }
                (contents(content))
            }
            h3 { "Answers" }
            table {
                thead { tr { th scope="col" { "Status" } th scope="col" { "Meaning" } th scope="col" { "Body" } } }
                tbody {
                    @for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
                        tr {
                            td { code { (status) } }
                            td { (text(&answer["description"])) (headers(answer)) }
                            td { @if let Some(content) = answer["content"].as_object() { (contents(content)) } }
                        }
                    }
                }
            }
        }
    }
}

fn parameter_table(parameters: &[Value]) -> Markup {
    html! {
        table {
            thead { tr { th scope="col" { "Name" } th scope="col" { "In" } th scope="col" { "Type" } th scope="col" { "Meaning" } } }
            tbody {
                @for parameter in parameters {
                    tr {
                        td { code { (text(&parameter["name"])) } (required(parameter["required"] == true)) }
                        td { (text(&parameter["in"])) }
                        td { (kind(&parameter["schema"])) }
                        td { (description(&parameter["description"])) }
                    }
                }
            }
        }
    }
}

fn headers(answer: &Value) -> Markup {
    html! {
        @for (name, header) in answer["headers"].as_object().into_iter().flatten() {
            br; code { (name) } ": " (description(&header["description"]))
        }
    }
}

fn contents(content: &Map<String, Value>) -> Markup {
    html! {
        @for (media, body) in content {
            p { code { (media) } ": " (kind(&body["schema"])) }
            @if body["schema"]["properties"].is_object() { (fields(&body["schema"])) }
        }
    }
}

/// The fields of an object; nothing for other schemas.
fn fields(schema: &Value) -> Markup {
    let Some(properties) = schema["properties"].as_object() else {
        return html! { @if schema["type"] != "object" { p { (kind(schema)) } } };
    };
    let is_required = |name: &str| schema["required"].as_array().is_some_and(|list| list.iter().any(|one| one == name));
    html! {
        table {
            thead { tr { th scope="col" { "Field" } th scope="col" { "Type" } th scope="col" { "Meaning" } } }
            tbody {
                @for (name, property) in properties {
                    tr {
                        td { code { (name) } (required(is_required(name))) }
                        td { (kind(property)) }
                        td { (description(&property["description"])) }
                    }
                }
            }
        }
    }
}

fn required(is_required: bool) -> Markup {
    html! { @if is_required { " " span class="required" { "required" } } }
}

/// A schema's type, as a link where it is described elsewhere, with its limits.
fn kind(schema: &Value) -> Markup {
    let (words, refers) = words(schema);
    let limits = limits(schema);
    html! {
        @match refers {
            Some(name) => a href=(format!("#schema-{name}")) { (words) },
            None => (words),
        }
        @if !limits.is_empty() { br; small { (limits.join(", ")) } }
    }
}

fn description(value: &Value) -> Markup {
    html! { @if let Some(text) = value.as_str() { (inline(text)) } }
}

fn paragraphs(text: &str) -> Markup {
    html! { @for paragraph in text.split("\n\n") { p { (inline(paragraph)) } } }
}

/// Text with `code` between backticks.
fn inline(text: &str) -> Markup {
    html! {
        @for (index, part) in text.split('`').enumerate() {
            @if index % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_description_says_is_text_and_never_markup() {
        let page = document(
            "x",
            &json!({
                "info": {"title": "<script>", "description": "a `<b>` c"},
                "paths": {"/a/{b}": {"get": {"operationId": "\"><i>", "responses": {"200": {"description": "<u>"}}}}},
            }),
        );
        let page = page.into_string();
        for markup in ["<script>", "<b>", "<i>", "<u>"] {
            assert!(!page.contains(markup), "{markup} got through");
        }
        assert!(page.contains("<code>&lt;b&gt;</code>"));
    }
}
