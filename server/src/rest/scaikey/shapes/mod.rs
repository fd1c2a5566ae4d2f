//! What handlers refer to when they describe themselves: parameters of queries and answers. Bodies of requests are declared
//! where they are read.

#![expect(dead_code, reason = "describes queries")]

mod answers;
mod queries;

pub(super) use self::{answers::*, queries::*};
