//! Adds what all operations of a dialect have in common to its document, so that handlers describe only what is their own.

use utoipa::{
    IntoResponses,
    openapi::{
        HeaderBuilder, HttpMethod, Object, OpenApi, PathItem, RefOr, Required, Response,
        path::{Operation, ParameterBuilder, ParameterIn},
        schema::{ObjectBuilder, SchemaType, Type},
        security::SecurityScheme,
    },
};

/// Every operation of a description, with its path.
pub(in crate::rest) fn operations(document: &mut OpenApi) -> impl Iterator<Item = (&str, &mut Operation)> {
    document.paths.paths.iter_mut().flat_map(|(path, item)| {
        let PathItem { get, put, post, delete, options, head, patch, .. } = item;
        let operations = [get, put, post, delete, options, head, patch].into_iter().flatten();
        operations.map(move |operation| (path.as_str(), operation))
    })
}

/// Adds answers to an operation, unless it describes that status itself.
pub(in crate::rest) fn answers<R: IntoResponses>(operation: &mut Operation) {
    for (status, response) in R::responses() {
        operation.responses.responses.entry(status).or_insert(response);
    }
}

/// Adds a header that holds a text to every answer of an operation.
pub(in crate::rest) fn header(operation: &mut Operation, name: &str, description: &str) {
    let text = ObjectBuilder::new().schema_type(Type::String);
    let header = HeaderBuilder::new().schema(Some(text)).description(Some(description)).build();
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            response.headers.insert(name.to_owned(), header.clone().into());
        }
    }
}

/// Adds the parameters of an operation's path before those of its query; `describe` says what each of them is.
pub(in crate::rest) fn path_parameters(
    path: &str,
    operation: &mut Operation,
    describe: impl Fn(&str) -> (&'static str, Object),
) {
    let names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let parameters = names.map(|name| {
        let (description, schema) = describe(name);
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some(description))
            .schema(Some(schema))
            .build()
            .into()
    });
    operation.parameters.get_or_insert_default().splice(0..0, parameters);
}

/// Adds how callers authenticate.
pub(in crate::rest) fn security(document: &mut OpenApi, name: &str, scheme: SecurityScheme) {
    document.components.get_or_insert_default().add_security_scheme(name, scheme);
}

/// Describes HEAD of a path that has a GET: the same, without bodies (RFC 9110, section 9.3.2).
pub(in crate::rest) fn head(document: &mut OpenApi, path: &str, operation_id: &str, summary: &str) {
    let Some(item) = document.paths.paths.get_mut(path) else { return };
    let Some(mut operation) = item.get.clone() else { return };
    operation.operation_id = Some(operation_id.to_owned());
    operation.summary = Some(summary.to_owned());
    operation.description = None;
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(Response { content, .. }) = response {
            content.clear();
        }
    }
    let mut other = PathItem::new(HttpMethod::Head, operation);
    item.head = other.head.take();
}

/// The schema of a text that is one of a few words.
pub(in crate::rest) fn word(words: impl IntoIterator<Item = &'static str>) -> Object {
    ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).enum_values(Some(words)).build()
}
