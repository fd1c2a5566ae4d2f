//! Tests of the server through its public doors, in one binary so that it is linked once.

mod outbound;
mod providers;
mod support;
mod waldur;
