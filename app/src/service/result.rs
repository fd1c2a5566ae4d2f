//! What the methods of all services return.

use crate::domain::problem::ServiceError;

/// The result of a service method.
pub type ServiceResult<T> = Result<T, ServiceError>;
