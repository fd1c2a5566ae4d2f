//! Answers of refused requests, as every operation of a dialect may give them.

/// Declares a type for each answer: its status and headers, its meaning in words, and its body.
macro_rules! responses {
    ($($(#[$meaning:meta])* $name:ident { $($response:tt)* } $body:ty;)+) => {$(
        $(#[$meaning])*
        #[derive(utoipa::IntoResponses)]
        #[response($($response)*)]
        #[expect(dead_code, reason = "describes an answer")]
        pub(in crate::rest) struct $name($body);
    )+};
}
pub(in crate::rest) use responses;
