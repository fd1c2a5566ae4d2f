//! The reader of an object's members.

use std::cell::RefCell;

use serde_json::{Map, Value, json};
use vestibule_app::domain::patch::Patch;

use super::{
    super::error::{Entry, Segment, value_error},
    near_miss::nearest,
    secrets::{DOTS, is_secret, redacted},
    words::{NO_TRUTH, truth_of},
};

/// Where an object's faults are noted.
type Faults = RefCell<Vec<Entry>>;

/// Reads a body, with everything that is wrong with its form.
pub(in crate::rest::scaikey) fn read<T>(
    object: &Map<String, Value>,
    read: impl FnOnce(&ObjectReader<'_>) -> T,
) -> (T, Vec<Entry>) {
    read_strictly(object, false, read)
}

/// As [`read`]; when strict, near misses of names are refused in objects inside that allow it.
pub(in crate::rest::scaikey) fn read_strictly<T>(
    object: &Map<String, Value>,
    is_strict: bool,
    read: impl FnOnce(&ObjectReader<'_>) -> T,
) -> (T, Vec<Entry>) {
    let (faults, names) = (Faults::default(), RefCell::default());
    let value = read(&ObjectReader { object, place: vec![Segment::name("body")], faults: &faults, is_strict, names });
    (value, faults.into_inner())
}

/// Reads one object of a body.
pub(in crate::rest::scaikey) struct ObjectReader<'a> {
    object: &'a Map<String, Value>,
    place: Vec<Segment>,
    faults: &'a Faults,
    /// Whether near misses of names are refused.
    is_strict: bool,
    /// The members that were looked for.
    names: RefCell<Vec<&'static str>>,
}

impl<'a> ObjectReader<'a> {
    /// Whether a member was sent, with null or another value.
    pub(in crate::rest::scaikey) fn mentions(&self, name: &'static str) -> bool {
        self.value(name).is_some()
    }

    /// Whether a member was sent as null.
    pub(in crate::rest::scaikey) fn is_null(&self, name: &'static str) -> bool {
        self.value(name).is_some_and(Value::is_null)
    }

    /// A text that must be there.
    pub(in crate::rest::scaikey) fn required_text(&self, name: &'static str) -> Option<String> {
        self.require(name);
        self.text(name)
    }

    /// A text that is not null; absent means not mentioned.
    pub(in crate::rest::scaikey) fn text(&self, name: &'static str) -> Option<String> {
        self.text_of(self.value(name)?, vec![Segment::name(name)])
    }

    /// A text, or null.
    pub(in crate::rest::scaikey) fn text_or_null(&self, name: &'static str) -> Patch<String> {
        self.or_null(name, |value| self.text_of(value, vec![Segment::name(name)]))
    }

    /// A text that is not blank; null, absent and blank mean no text.
    pub(in crate::rest::scaikey) fn optional_text(&self, name: &'static str) -> Option<String> {
        self.text_or_null(name).value().filter(|text| !text.is_empty()).cloned()
    }

    /// Whether a name has between 1 and 255 characters.
    pub(in crate::rest::scaikey) fn check_length(&self, name: &'static str, text: Option<&str>) {
        let Some(text) = text else { return };
        let (kind, msg, ctx) = match text.chars().count() {
            0 => ("string_too_short", "String should have at least 1 character", json!({ "min_length": 1 })),
            1..=255 => return,
            _ => ("string_too_long", "String should have at most 255 characters", json!({ "max_length": 255 })),
        };
        self.note(kind, vec![Segment::name(name)], msg, Some(self.object.get(name)), Some(ctx));
    }

    /// A boolean that is not null.
    pub(in crate::rest::scaikey) fn boolean(&self, name: &'static str) -> Option<bool> {
        self.boolean_of(name, self.value(name)?)
    }

    /// A boolean, or null.
    pub(in crate::rest::scaikey) fn boolean_or_null(&self, name: &'static str) -> Patch<bool> {
        self.or_null(name, |value| self.boolean_of(name, value))
    }

    /// A list of texts that is not null. `stand_in` takes the place of items that are no texts, so that the domain finds no
    /// fault in them.
    pub(in crate::rest::scaikey) fn texts(&self, name: &'static str, stand_in: &str) -> Option<Vec<String>> {
        self.texts_of(name, self.value(name)?, stand_in)
    }

    /// A list of texts, or null.
    pub(in crate::rest::scaikey) fn texts_or_null(&self, name: &'static str) -> Patch<Vec<String>> {
        self.or_null(name, |value| self.texts_of(name, value, ""))
    }

    /// An object inside, or null. A strict reader refuses near misses of the names that `read` looks for
    /// and of those in `further`, if there is such a list.
    pub(in crate::rest::scaikey) fn object_or_null<T>(
        &self,
        name: &'static str,
        further: Option<&[&'static str]>,
        read: impl FnOnce(&ObjectReader<'_>) -> T,
    ) -> Patch<T> {
        self.or_null(name, |value| match value {
            Value::Object(object) => {
                let place = [self.place.clone(), vec![Segment::name(name)]].concat();
                let names = RefCell::default();
                let reader = ObjectReader { object, place, faults: self.faults, is_strict: self.is_strict, names };
                let inner = read(&reader);
                if let (true, Some(further)) = (reader.is_strict, further) {
                    reader.refuse_near_misses(further);
                }
                Some(inner)
            }
            other => {
                let msg = "Input should be a valid dictionary or object to extract fields from";
                self.note("model_attributes_type", vec![Segment::name(name)], msg, Some(Some(other)), None);
                None
            }
        })
    }

    /// A whole number that is not negative, or null.
    pub(in crate::rest::scaikey) fn whole_or_null(&self, name: &'static str) -> Patch<u32> {
        self.or_null(name, |_| self.whole(name))
    }

    /// A whole number from 1 to 65535.
    pub(in crate::rest::scaikey) fn port(&self, name: &'static str) -> Option<u16> {
        let value = self.value(name)?;
        let port = value.as_u64().and_then(|number| u16::try_from(number).ok()).filter(|port| *port > 0);
        if port.is_none() {
            self.refuse(name, "a port is a whole number from 1 to 65535");
        }
        port
    }

    /// A whole number that is not null; one without a fraction counts as whole. The domain checks its range.
    pub(in crate::rest::scaikey) fn whole(&self, name: &'static str) -> Option<u32> {
        let value = self.value(name)?;
        let number = match value {
            Value::Number(number) => number
                .as_u64()
                .or_else(|| number.as_f64().filter(|number| number.fract() == 0.0 && *number >= 0.0).map(|n| n as u64)),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let number = number.and_then(|number| u32::try_from(number).ok());
        if number.is_none() {
            self.refuse(name, "a whole number that is not negative is needed");
        }
        number
    }

    /// Notes that a member is missing.
    pub(in crate::rest::scaikey) fn miss(&self, name: &'static str) {
        let object = Value::Object(self.object.clone());
        self.note("missing", vec![Segment::name(name)], "Field required", Some(Some(&object)), None);
    }

    /// Notes that a member is well-formed and yet not accepted.
    pub(in crate::rest::scaikey) fn refuse(&self, name: &'static str, message: &str) {
        let loc = [self.place.clone(), vec![Segment::name(name)]].concat();
        self.faults.borrow_mut().push(value_error(loc, message));
    }

    /// Refuses unknown members whose names are near misses of known ones. Other unknown members are ignored, and so are
    /// `further`, which are known and not read: a client may write back what it has read.
    fn refuse_near_misses(&self, further: &[&'static str]) {
        let known = self.names.borrow();
        let is_known = |name: &str| known.contains(&name) || further.contains(&name);
        for name in self.object.keys().filter(|name| !is_known(name)) {
            if let Some(meant) = nearest(name, known.iter().copied()) {
                let loc = [self.place.clone(), vec![Segment::name(name.clone())]].concat();
                let message = format!("there is no such member; {meant} is probably meant");
                self.faults.borrow_mut().push(value_error(loc, &message));
            }
        }
    }

    /// What was sent of a member.
    pub(super) fn value(&self, name: &'static str) -> Option<&'a Value> {
        self.names.borrow_mut().push(name);
        self.object.get(name)
    }

    pub(in crate::rest::scaikey) fn require(&self, name: &'static str) {
        if !self.mentions(name) {
            self.miss(name);
        }
    }

    pub(super) fn or_null<T>(&self, name: &'static str, read: impl FnOnce(&'a Value) -> Option<T>) -> Patch<T> {
        match self.value(name) {
            None => Patch::Keep,
            Some(Value::Null) => Patch::Clear,
            // The fault is noted, so that the value is not used.
            Some(value) => read(value).map_or(Patch::Keep, Patch::Set),
        }
    }

    pub(super) fn text_of(&self, value: &Value, place: Vec<Segment>) -> Option<String> {
        match value {
            Value::String(text) => Some(text.clone()),
            other => {
                self.note("string_type", place, "Input should be a valid string", Some(Some(other)), None);
                None
            }
        }
    }

    fn texts_of(&self, name: &'static str, value: &Value, stand_in: &str) -> Option<Vec<String>> {
        let Value::Array(items) = value else {
            self.note("list_type", vec![Segment::name(name)], "Input should be a valid list", Some(Some(value)), None);
            return None;
        };
        let read = |(index, item)| self.text_of(item, vec![Segment::name(name), Segment::Index(index)]);
        // Every wrong item is noted. The others keep their places, so that the domain checks them too.
        Some(items.iter().enumerate().map(|item| read(item).unwrap_or_else(|| stand_in.to_owned())).collect())
    }

    fn boolean_of(&self, name: &'static str, value: &Value) -> Option<bool> {
        let read = match value {
            Value::Bool(truth) => Some(*truth),
            Value::String(text) => truth_of(text),
            // A number without a fraction counts as whole.
            Value::Number(number) => match number.as_f64() {
                Some(0.0) => Some(false),
                Some(1.0) => Some(true),
                Some(other) if other.fract() != 0.0 => return self.no_boolean(name, value),
                _ => None,
            },
            Value::Null | Value::Array(_) | Value::Object(_) => return self.no_boolean(name, value),
        };
        if read.is_none() {
            self.note("bool_parsing", vec![Segment::name(name)], NO_TRUTH, Some(Some(value)), None);
        }
        read
    }

    fn no_boolean(&self, name: &'static str, value: &Value) -> Option<bool> {
        self.note("bool_type", vec![Segment::name(name)], "Input should be a valid boolean", Some(Some(value)), None);
        None
    }

    pub(super) fn note(
        &self,
        kind: &'static str,
        inside: Vec<Segment>,
        msg: &str,
        input: Option<Option<&Value>>,
        ctx: Option<Value>,
    ) {
        let is_secret = inside.iter().any(|segment| matches!(segment, Segment::Name(name) if is_secret(name)));
        let input = input.flatten().map(|value| if is_secret { Value::from(DOTS) } else { redacted(value) });
        let loc = [self.place.clone(), inside].concat();
        self.faults.borrow_mut().push(Entry { kind, loc, msg: msg.to_owned(), input, ctx });
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    fn read<T>(body: Value, read: impl FnOnce(&ObjectReader<'_>) -> T) -> (T, Value) {
        let (value, faults) = super::read(body.as_object().unwrap(), read);
        (value, serde_json::to_value(faults).unwrap())
    }

    #[test]
    fn booleans_are_read_as_pydantic_reads_them() {
        for (value, expected) in [
            (json!(true), Some(true)),
            (json!(0), Some(false)),
            (json!(1.0), Some(true)),
            (json!("YES"), Some(true)),
            (json!("off"), Some(false)),
            (json!("t"), Some(true)),
        ] {
            assert_eq!(read(json!({"enabled": value}), |reader| reader.boolean("enabled")).0, expected, "{value}");
        }
        for (value, kind) in [
            (json!("maybe"), "bool_parsing"),
            (json!(" true"), "bool_parsing"),
            (json!(""), "bool_parsing"),
            (json!(2), "bool_parsing"),
            (json!(1.5), "bool_type"),
            (json!(null), "bool_type"),
            (json!([]), "bool_type"),
        ] {
            let (read, faults) = read(json!({"enabled": value}), |reader| reader.boolean("enabled"));
            assert_eq!((read, &faults[0]["type"]), (None, &json!(kind)), "{value}");
            assert_eq!(faults[0]["loc"], json!(["body", "enabled"]));
        }
    }

    #[test]
    fn every_wrong_item_of_a_list_is_named() {
        let (_, faults) = read(json!({"a": ["x", 1, "y", null]}), |reader| reader.texts_or_null("a"));
        assert_eq!(
            faults,
            json!([
                {"type": "string_type", "loc": ["body", "a", 1], "msg": "Input should be a valid string", "input": 1},
                {"type": "string_type", "loc": ["body", "a", 3], "msg": "Input should be a valid string", "input": null},
            ])
        );
    }

    #[test]
    fn what_is_missing_inside_is_named_without_secrets() {
        let body = json!({"oidc_config": {"client_secret": "hush", "issuer": 5}});
        let (_, faults) = read(body, |reader| {
            reader.object_or_null("oidc_config", None, |inner| {
                (inner.required_text("issuer"), inner.required_text("client_id"))
            })
        });
        assert_eq!(faults[0]["loc"], json!(["body", "oidc_config", "issuer"]));
        assert_eq!(faults[1]["input"], json!({"client_secret": DOTS, "issuer": 5}));
        let (_, faults) = read(json!({"client_secret": ["hush"]}), |reader| reader.text_or_null("client_secret"));
        assert_eq!(faults[0]["input"], DOTS);
    }

    #[test]
    fn a_near_miss_names_what_was_meant_and_anything_else_is_ignored() {
        const KNOWN: [&str; 8] =
            ["urls", "url", "port", "user_filter", "bind_dn", "bind_password", "tls_verify", "scopes"];
        for (name, meant) in [
            ("user_filtr", Some("user_filter")),
            ("user_flter", Some("user_filter")),
            ("usr_filtr", Some("user_filter")),
            ("userFilter", Some("user_filter")),
            ("USER-FILTER", Some("user_filter")),
            ("filter_user", Some("user_filter")),
            ("verify_tls", Some("tls_verify")),
            ("bind_passwd", Some("bind_password")),
            ("prot", Some("port")),
            ("scope", Some("scopes")),
            ("bind_pw", None),
            ("id", None),
            ("filter", None),
            ("x_comment", None),
            ("password", None),
        ] {
            assert_eq!(nearest(name, KNOWN.into_iter()), meant, "{name}");
        }
    }

    #[test]
    fn a_near_miss_stands_at_its_place() {
        let body = json!({"user_filtr": "x", "user_filter": "y", "bind_password_set": true, "comment": 1, "hots": "a"});
        let (_, faults) = read(body, |reader| {
            reader.mentions("host");
            reader.text("bind_password");
            reader.text("user_filter");
            reader.refuse_near_misses(&["bind_password_set"]);
        });
        let places: Vec<_> = faults.as_array().unwrap().iter().map(|fault| fault["loc"][1].clone()).collect();
        assert_eq!(places, ["hots", "user_filtr"]);
        assert_eq!(faults[1]["msg"], "Value error, there is no such member; user_filter is probably meant");
    }
}
