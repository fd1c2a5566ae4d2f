//! The envelopes of answers.

use std::{borrow::Cow, convert::Infallible};

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::Response,
};
use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Ref, RefOr, Schema,
        schema::{ArrayBuilder, ObjectBuilder},
    },
};
use vestibule_app::domain::page::{Page, page_count};

use super::{date::rfc3339, query::PageParameters};
use crate::{
    request::RequestId,
    rest::{RestState, http::json},
};

/// Puts answers into their envelopes, with the request's id and the time.
pub(super) struct Answer {
    meta: Meta,
}

/// Metadata included in API responses.
#[derive(Serialize, ToSchema)]
#[schema(as = MetaResponse)]
struct Meta {
    /// The answer's `X-Request-ID`, which stands in the log.
    request_id: Option<String>,
    /// When it was answered.
    #[schema(format = DateTime)]
    timestamp: String,
}

/// One object.
#[derive(Serialize)]
pub(super) struct One<'a, T> {
    data: T,
    meta: &'a Meta,
}

/// A whole list.
#[derive(Serialize)]
pub(super) struct UnpagedList<'a, T> {
    data: Vec<T>,
    meta: &'a Meta,
}

/// A page of a list.
#[derive(Serialize)]
pub(super) struct Several<'a, T> {
    data: &'a [T],
    pagination: Pagination,
    meta: &'a Meta,
}

/// Pagination metadata.
#[derive(Serialize, ToSchema)]
#[schema(as = PaginationMeta)]
struct Pagination {
    #[schema(minimum = 1)]
    page: u64,
    #[schema(minimum = 1, maximum = 100)]
    per_page: u32,
    total_items: u64,
    total_pages: u64,
}

impl Answer {
    /// One object.
    pub(super) fn one<T: Serialize>(&self, status: StatusCode, data: T) -> Response {
        json(status, &One { data, meta: &self.meta })
    }

    /// A list that has no pages.
    pub(super) fn whole<'a, T, R: Serialize>(&self, items: &'a [T], row: impl Fn(&'a T) -> R) -> Response {
        json(StatusCode::OK, &UnpagedList { data: items.iter().map(row).collect(), meta: &self.meta })
    }

    /// A page of a list, each item of it as `row` shows it.
    pub(super) fn list<'a, T, R: Serialize>(
        &self,
        wanted: PageParameters,
        page: &'a Page<T>,
        row: impl Fn(&'a T) -> R,
    ) -> Response {
        let rows: Vec<_> = page.items.iter().map(row).collect();
        self.page(&rows, wanted, page.total)
    }

    /// A page of a list that has `total` items.
    pub(super) fn page<T: Serialize>(&self, data: &[T], wanted: PageParameters, total: u64) -> Response {
        let PageParameters { page, per_page } = wanted;
        let pagination = Pagination { page, per_page, total_items: total, total_pages: page_count(total, per_page) };
        json(StatusCode::OK, &Several { data, pagination, meta: &self.meta })
    }

    /// A page of a list that has nothing in it.
    pub(super) fn empty_page(&self, wanted: PageParameters) -> Response {
        self.page::<()>(&[], wanted, 0)
    }
}

impl FromRequestParts<RestState> for Answer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &RestState) -> Result<Self, Infallible> {
        let request_id = parts.extensions.get::<RequestId>().map(|id| id.0.to_string());
        Ok(Self { meta: Meta { request_id, timestamp: rfc3339(state.clock.now()) } })
    }
}

// The names of the envelopes are those that pydantic gives to generic models, which no derive can make.

type Schemas = Vec<(String, RefOr<Schema>)>;

fn refer<T: ToSchema>() -> Ref {
    Ref::from_schema_name(T::name())
}

fn register<T: ToSchema>(schemas: &mut Schemas) {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
}

/// An envelope around `data`. FastAPI declares `meta` with a default, so that it is not required; it is always there.
fn envelope(data: impl Into<RefOr<Schema>>) -> ObjectBuilder {
    ObjectBuilder::new().property("data", data).required("data").property("meta", refer::<Meta>())
}

impl<T: ToSchema> PartialSchema for One<'_, T> {
    fn schema() -> RefOr<Schema> {
        envelope(refer::<T>()).into()
    }
}

impl<T: ToSchema> ToSchema for One<'_, T> {
    fn name() -> Cow<'static, str> {
        format!("ApiResponse_{}_", T::name()).into()
    }

    fn schemas(schemas: &mut Schemas) {
        register::<T>(schemas);
        register::<Meta>(schemas);
    }
}

impl<T: ToSchema> PartialSchema for UnpagedList<'_, T> {
    fn schema() -> RefOr<Schema> {
        envelope(ArrayBuilder::new().items(refer::<T>())).into()
    }
}

impl<T: ToSchema> ToSchema for UnpagedList<'_, T> {
    fn name() -> Cow<'static, str> {
        format!("ApiResponse_list_{}__", T::name()).into()
    }

    fn schemas(schemas: &mut Schemas) {
        register::<T>(schemas);
        register::<Meta>(schemas);
    }
}

impl<T: ToSchema> PartialSchema for Several<'_, T> {
    fn schema() -> RefOr<Schema> {
        let data = ArrayBuilder::new().items(refer::<T>());
        envelope(data).property("pagination", refer::<Pagination>()).required("pagination").into()
    }
}

impl<T: ToSchema> ToSchema for Several<'_, T> {
    fn name() -> Cow<'static, str> {
        format!("PaginatedResponse_{}_", T::name()).into()
    }

    fn schemas(schemas: &mut Schemas) {
        register::<T>(schemas);
        register::<Pagination>(schemas);
        register::<Meta>(schemas);
    }
}
