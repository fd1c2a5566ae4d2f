//! Reading members whose values are a few words.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use vestibule_app::domain::patch::Patch;

use super::{super::error::Segment, reader::ObjectReader, words::one_of};

impl ObjectReader<'_> {
    /// One of a few words, in any letter case.
    pub(in crate::rest::scaikey) fn choice<T: Copy>(
        &self,
        name: &'static str,
        choices: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        self.choice_of(self.value(name)?, vec![Segment::name(name)], choices, &word)
    }

    /// One of a few words, or null.
    pub(in crate::rest::scaikey) fn choice_or_null<T: Copy>(
        &self,
        name: &'static str,
        choices: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Patch<T> {
        self.or_null(name, |value| self.choice_of(value, vec![Segment::name(name)], choices, &word))
    }

    /// A list of such words, or null. Items that are none of them are left out.
    pub(in crate::rest::scaikey) fn choices_or_null<T: Copy>(
        &self,
        name: &'static str,
        choices: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Patch<Vec<T>> {
        self.or_null(name, |value| {
            let Value::Array(items) = value else {
                self.note(
                    "list_type",
                    vec![Segment::name(name)],
                    "Input should be a valid list",
                    Some(Some(value)),
                    None,
                );
                return None;
            };
            let read =
                |(index, item)| self.choice_of(item, vec![Segment::name(name), Segment::Index(index)], choices, &word);
            Some(items.iter().enumerate().filter_map(read).collect())
        })
    }

    /// An object whose members are such words, or null. Members that are none of them are left out.
    pub(in crate::rest::scaikey) fn choices_by_name_or_null<T: Copy>(
        &self,
        name: &'static str,
        choices: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Patch<BTreeMap<String, T>> {
        self.or_null(name, |value| {
            let Value::Object(members) = value else {
                let msg = "Input should be a valid dictionary";
                self.note("dict_type", vec![Segment::name(name)], msg, Some(Some(value)), None);
                return None;
            };
            let read = |(key, value): (&String, &Value)| {
                let place = vec![Segment::name(name), Segment::name(key.clone())];
                Some((key.clone(), self.choice_of(value, place, choices, &word)?))
            };
            Some(members.iter().filter_map(read).collect())
        })
    }

    fn choice_of<T: Copy>(
        &self,
        value: &Value,
        place: Vec<Segment>,
        choices: &[T],
        word: &impl Fn(T) -> &'static str,
    ) -> Option<T> {
        let text = self.text_of(value, place.clone())?;
        let found = choices.iter().find(|choice| word(**choice).eq_ignore_ascii_case(&text));
        if found.is_none() {
            let expected = one_of(choices.iter().map(|choice| word(*choice)));
            let msg = format!("Input should be {expected}");
            let ctx = json!({ "expected": expected });
            self.note("literal_error", place, &msg, Some(Some(value)), Some(ctx));
        }
        found.copied()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::{super::reader, *};

    fn read<T>(body: Value, read: impl FnOnce(&ObjectReader<'_>) -> T) -> (T, Value) {
        let (value, faults) = reader::read(body.as_object().unwrap(), read);
        (value, serde_json::to_value(faults).unwrap())
    }

    #[test]
    fn a_choice_names_what_there_is() {
        let choices = ["OIDC", "SAML", "LDAP"];
        assert_eq!(read(json!({"p": "saml"}), |reader| reader.choice("p", &choices, |word| word)).0, Some("SAML"));
        let (_, faults) = read(json!({"p": "CAS"}), |reader| reader.choice("p", &choices, |word| word));
        assert_eq!(faults[0]["msg"], "Input should be 'OIDC', 'SAML' or 'LDAP'");
    }
}
