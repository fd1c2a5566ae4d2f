//! Readers of single fields, with the coercions and sentences of Django REST Framework. They note every error and go
//! on, so that a caller learns of all of them at once.

use serde_json::Value;
use vestibule_app::domain::{
    mapping::{AttributeMapping, MappingProblem},
    patch::Patch,
    provider::{Origin, OriginProblem},
};

use super::{
    body::{Input, type_name},
    error::{BLANK, FieldErrors, too_long},
    suggestions::is_known,
};

const REQUIRED: &str = "This field is required.";
const NULL: &str = "This field may not be null.";
const NOT_TEXT: &str = "Not a valid string.";

/// Reads fields of a request and gathers what is wrong with them.
pub(super) struct FieldReader<'a> {
    /// Everything that was sent.
    sent: &'a Input,
    /// What is read of it: without fields that repeat what is stored.
    input: &'a Input,
    /// What was wrong so far.
    pub(super) errors: FieldErrors,
}

impl<'a> FieldReader<'a> {
    pub(super) fn new(input: &'a Input) -> Self {
        Self::of_change(input, input)
    }

    /// Reads the fields of `changed`, which are those of `sent` that do not repeat what is stored.
    pub(super) fn of_change(sent: &'a Input, changed: &'a Input) -> Self {
        Self { sent, input: changed, errors: FieldErrors::default() }
    }

    /// Notes an error when the field was not sent.
    pub(super) fn require(&mut self, name: &'static str) {
        if !self.sent.contains_key(name) {
            self.errors.push(name, REQUIRED);
        }
    }

    /// A text of at most `limit` characters that is not blank.
    pub(super) fn text(&mut self, name: &'static str, limit: usize) -> Option<String> {
        let text = self.text_or_blank(name, limit)?;
        if text.is_empty() {
            self.errors.push(name, BLANK);
            return None;
        }
        Some(text)
    }

    /// A text of at most `limit` characters that may be blank.
    pub(super) fn text_or_blank(&mut self, name: &'static str, limit: usize) -> Option<String> {
        match self.text_or_null(name, limit) {
            Patch::Set(text) => Some(text),
            Patch::Keep => None,
            Patch::Clear => {
                self.errors.push(name, NULL);
                None
            }
        }
    }

    /// A text of at most `limit` characters that may be blank or null.
    pub(super) fn text_or_null(&mut self, name: &'static str, limit: usize) -> Patch<String> {
        let text = match self.input.get(name) {
            None => return Patch::Keep,
            Some(Value::Null) => return Patch::Clear,
            Some(value) => as_text(value),
        };
        let Some(text) = text else {
            self.errors.push(name, NOT_TEXT);
            return Patch::Keep;
        };
        if text.chars().count() > limit {
            self.errors.push(name, too_long(limit));
        }
        if text.contains('\0') {
            self.errors.push(name, "Null characters are not allowed.");
        }
        Patch::Set(text)
    }

    /// Yes or no, also in words.
    pub(super) fn boolean(&mut self, name: &'static str) -> Option<bool> {
        self.boolean_of(name, self.input.get(name))
    }

    /// Yes or no, also in words, even where it repeats what is stored.
    pub(super) fn boolean_as_sent(&mut self, name: &'static str) -> Option<bool> {
        self.boolean_of(name, self.sent.get(name))
    }

    fn boolean_of(&mut self, name: &'static str, value: Option<&Value>) -> Option<bool> {
        let value = value?;
        let read = match value {
            Value::Bool(value) => Some(*value),
            Value::Number(number) if number.as_f64() == Some(1.0) => Some(true),
            Value::Number(number) if number.as_f64() == Some(0.0) => Some(false),
            Value::String(word) => match word.to_ascii_lowercase().as_str() {
                "t" | "y" | "yes" | "true" | "on" | "1" => Some(true),
                "f" | "n" | "no" | "false" | "off" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        };
        if read.is_none() {
            self.errors.push(name, if value.is_null() { NULL } else { "Must be a valid boolean." });
        }
        read
    }

    /// A list of texts, none of them blank.
    pub(super) fn texts(&mut self, name: &'static str) -> Option<Vec<String>> {
        let items = match self.input.get(name)? {
            Value::Array(items) => items,
            Value::Null => {
                self.errors.push(name, NULL);
                return None;
            }
            other => {
                let message = format!("Expected a list of items but got type \"{}\".", type_name(other));
                self.errors.push(name, message);
                return None;
            }
        };
        let mut texts = Vec::with_capacity(items.len());
        let mut wrong = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let message = match (item, as_text(item)) {
                (Value::Null, _) => NULL,
                (_, None) => NOT_TEXT,
                (_, Some(text)) if text.is_empty() => BLANK,
                (_, Some(text)) if text.contains('\0') => "Null characters are not allowed.",
                (_, Some(text)) => {
                    texts.push(text);
                    continue;
                }
            };
            wrong.push((index, message.to_owned()));
        }
        if wrong.is_empty() {
            return Some(texts);
        }
        self.errors.push_items(name, wrong);
        None
    }

    /// A list of origins, as they were entered. The first wrong one ends the check.
    pub(super) fn origins(&mut self, name: &'static str) -> Option<Vec<String>> {
        let origins = self.texts(name)?;
        if let Some(message) = origins.iter().find_map(|url| Origin::parse(url).err().map(|flaw| words(url, flaw))) {
            self.errors.push(name, message);
            return None;
        }
        Some(origins)
    }

    /// User fields to claims.
    pub(super) fn mapping(&mut self, name: &'static str) -> Option<AttributeMapping> {
        let value = self.input.get(name)?;
        match AttributeMapping::parse_only(value, is_known) {
            Ok(mapping) => Some(mapping),
            Err(problems) => {
                for problem in problems {
                    let message = match problem {
                        MappingProblem::Null => NULL.to_owned(),
                        MappingProblem::NotAnObject { .. } => {
                            format!("Expected a dictionary of items but got type \"{}\".", type_name(value))
                        }
                        MappingProblem::UnknownFields { names } => {
                            format!("Invalid attribute mapping keys: {}", names.join(","))
                        }
                        MappingProblem::NotAString { field, .. } => {
                            format!("Attribute mapping value for '{field}' must be a string.")
                        }
                        MappingProblem::Blank { field } => {
                            format!("Attribute mapping value for '{field}' is empty string.")
                        }
                    };
                    self.errors.push(name, message);
                }
                None
            }
        }
    }
}

/// Texts without the white space around them, and numbers as they are written; nothing else is text.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn words(url: &str, flaw: OriginProblem) -> String {
    match flaw {
        OriginProblem::NotAUrl | OriginProblem::Unusable(_) => {
            format!("Invalid redirect URL {url}: Enter a valid URL.")
        }
        OriginProblem::Scheme => format!("Invalid URL scheme for {url}. Only http and https are allowed."),
        OriginProblem::HttpsRequired => format!("HTTPS required for {url}. HTTP is only allowed for localhost."),
        OriginProblem::Path => {
            format!("Redirect URL must not contain a path: {url}. Only origin (scheme + domain + port) is allowed.")
        }
        OriginProblem::Query => format!("Redirect URL must not contain query parameters: {url}"),
        OriginProblem::Fragment => format!("Redirect URL must not contain fragments: {url}"),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use serde_json::json;

    use super::*;

    /// The value that is read from `value`, or the errors as the caller sees them.
    fn read<T: std::fmt::Debug>(value: Value, with: impl FnOnce(&mut FieldReader<'_>) -> T) -> Result<T, Value> {
        let input = Input::from_iter([("field".to_owned(), value)]);
        let mut reader = FieldReader::new(&input);
        let read = with(&mut reader);
        let errors = serde_json::to_value(&reader.errors).unwrap();
        if errors == json!({}) { Ok(read) } else { Err(errors["field"].clone()) }
    }

    #[test]
    fn text_is_trimmed_and_numbers_become_text() {
        for (value, text) in [(json!("  a b "), "a b"), (json!(5), "5"), (json!(1.5), "1.5"), (json!(-0.5), "-0.5")] {
            assert_eq!(read(value, |reader| reader.text("field", 10)), Ok(Some(text.to_owned())));
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for value in [json!(true), json!([]), json!({}), json!(["a"])] {
            assert_eq!(read(value, |reader| reader.text("field", 10)), Err(json!([NOT_TEXT])));
        }
        assert_eq!(read(json!(null), |reader| reader.text("field", 10)), Err(json!([NULL])));
        assert_eq!(read(json!("  "), |reader| reader.text("field", 10)), Err(json!([BLANK])));
    }

    #[test]
    fn length_counts_characters_and_errors_add_up() {
        assert_eq!(read(json!("ääääääääää"), |reader| reader.text("field", 10)), Ok(Some("ä".repeat(10))));
        let messages = json!(["Ensure this field has no more than 3 characters.", "Null characters are not allowed."]);
        assert_eq!(read(json!("b\0cc"), |reader| reader.text("field", 3)), Err(messages));
    }

    #[test]
    fn null_and_blank_stay_apart_where_both_are_allowed() {
        assert_eq!(read(json!(null), |reader| reader.text_or_null("field", 3)), Ok(Patch::Clear));
        assert_eq!(read(json!("  "), |reader| reader.text_or_null("field", 3)), Ok(Patch::Set(String::new())));
        assert_eq!(read(json!(""), |reader| reader.text_or_blank("field", 3)), Ok(Some(String::new())));
        assert_eq!(read(json!(null), |reader| reader.text_or_blank("field", 3)), Err(json!([NULL])));
    }

    #[test]
    fn booleans_know_words() {
        for value in [json!(true), json!(1), json!(1.0), json!("YES"), json!("On"), json!("t")] {
            assert_eq!(read(value, |reader| reader.boolean("field")), Ok(Some(true)));
        }
        for value in [json!(false), json!(0), json!("no"), json!("F"), json!("0")] {
            assert_eq!(read(value, |reader| reader.boolean("field")), Ok(Some(false)));
        }
        for value in [json!(2), json!(""), json!(" yes "), json!([1]), json!({})] {
            assert_eq!(read(value, |reader| reader.boolean("field")), Err(json!(["Must be a valid boolean."])));
        }
        assert_eq!(read(json!(null), |reader| reader.boolean("field")), Err(json!([NULL])));
    }

    #[test]
    fn wrong_items_are_named_by_their_place() {
        let items = json!(["a", "", null, 5, true]);
        let errors = json!({"1": [BLANK], "2": [NULL], "4": [NOT_TEXT]});
        assert_eq!(read(items, |reader| reader.texts("field")), Err(errors));
        for (value, name) in [(json!("x"), "str"), (json!({}), "dict"), (json!(5), "int"), (json!(true), "bool")] {
            let message = format!("Expected a list of items but got type \"{name}\".");
            assert_eq!(read(value, |reader| reader.texts("field")), Err(json!([message])));
        }
    }

    #[test]
    fn the_first_wrong_origin_is_explained() {
        for (url, message) in [
            ("not a url", "Invalid redirect URL not a url: Enter a valid URL."),
            ("ftp://a.example.com", "Invalid URL scheme for ftp://a.example.com. Only http and https are allowed."),
            ("http://a.example.com", "HTTPS required for http://a.example.com. HTTP is only allowed for localhost."),
            (
                "https://a.example.com/x",
                "Redirect URL must not contain a path: https://a.example.com/x. Only origin (scheme + domain + port) is allowed.",
            ),
            ("https://a.example.com?b", "Redirect URL must not contain query parameters: https://a.example.com?b"),
            ("https://a.example.com#b", "Redirect URL must not contain fragments: https://a.example.com#b"),
        ] {
            let items = json!(["https://good.example.com/", url, "also bad"]);
            assert_eq!(read(items, |reader| reader.origins("field")), Err(json!([message])));
        }
    }

    #[test]
    fn a_mapping_is_judged_as_a_whole() {
        let value = json!({"zip": "a", "groups": "g", "email": 7, "gender": " ", "first_name": "given_name"});
        let messages = json!([
            "Invalid attribute mapping keys: groups,zip",
            "Attribute mapping value for 'email' must be a string.",
            "Attribute mapping value for 'gender' is empty string.",
        ]);
        assert_eq!(read(value, |reader| reader.mapping("field")), Err(messages));
        assert_eq!(read(json!(null), |reader| reader.mapping("field")), Err(json!([NULL])));
        let message = "Expected a dictionary of items but got type \"list\".";
        assert_eq!(read(json!([]), |reader| reader.mapping("field")), Err(json!([message])));
    }
}
