//! An entry as a directory answers it.

use ldap3::asn1::{PL, StructureTag};

use super::ranges::{AttributeName, OpenRange};

/// An entry as a directory answers it. Attributes are found in any letter case; options such as `;binary` and ranges
/// (`member;range=0-1499`) are taken off their names, and ranged values are complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it lies (RFC 4514).
    pub dn: String,
    attributes: Vec<(String, Vec<Vec<u8>>)>,
}

impl Entry {
    /// An entry of these attributes, each with its values.
    pub fn new(dn: String, attributes: Vec<(String, Vec<Vec<u8>>)>) -> Self {
        Self { dn, attributes }
    }

    /// All values of an attribute, as bytes; none when it is absent.
    pub fn values(&self, name: &str) -> &[Vec<u8>] {
        let found = self.attributes.iter().find(|(attribute, _)| attribute.eq_ignore_ascii_case(name));
        found.map_or(&[], |(_, values)| values)
    }

    /// All values of an attribute that are text.
    pub fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.values(name).iter().filter_map(|value| std::str::from_utf8(value).ok())
    }

    /// The names of all attributes that came, as the directory writes them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().map(|(name, _)| name.as_str())
    }

    /// Adds values to an attribute, which may be new.
    pub(super) fn add(&mut self, name: &str, values: Vec<Vec<u8>>) {
        match self.attributes.iter_mut().find(|(attribute, _)| attribute.eq_ignore_ascii_case(name)) {
            Some((_, before)) => before.extend(values),
            None => self.attributes.push((name.to_owned(), values)),
        }
    }
}

/// An entry as it came, with what is still missing of it.
pub(super) struct Found {
    pub(super) entry: Entry,
    pub(super) open: Vec<OpenRange>,
}

impl Found {
    /// Reads SearchResultEntry (RFC 4511, section 4.5.2). Nothing when it is none.
    pub(super) fn decode(tag: StructureTag) -> Option<Self> {
        let mut parts = constructed(tag)?.into_iter();
        let dn = String::from_utf8(primitive(parts.next()?)?).ok()?;
        let mut plain = Entry::new(dn, Vec::new());
        let mut with_options = Vec::new();
        let mut open = Vec::new();
        for attribute in constructed(parts.next()?)? {
            let mut parts = constructed(attribute)?.into_iter();
            let name = String::from_utf8(primitive(parts.next()?)?).ok()?;
            let values: Option<Vec<_>> = constructed(parts.next()?)?.into_iter().map(primitive).collect();
            let name = AttributeName::parse(&name);
            open.extend(name.open_range());
            match name.has_options {
                false => plain.add(&name.base, values?),
                true => with_options.push((name.base, values?)),
            }
        }
        // What has no option is what most people mean, so it comes first: `cn` before `cn;lang-fr`.
        for (name, values) in with_options {
            plain.add(&name, values);
        }
        Some(Self { entry: plain, open })
    }
}

fn constructed(tag: StructureTag) -> Option<Vec<StructureTag>> {
    match tag.payload {
        PL::C(inner) => Some(inner),
        PL::P(_) => None,
    }
}

fn primitive(tag: StructureTag) -> Option<Vec<u8>> {
    match tag.payload {
        PL::P(content) => Some(content),
        PL::C(_) => None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing unwrap is a failing test")]
mod tests {
    use ldap3::asn1::TagClass;

    use super::*;

    fn tag(payload: PL) -> StructureTag {
        StructureTag { class: TagClass::Universal, id: 4, payload }
    }

    fn text(text: &str) -> StructureTag {
        tag(PL::P(text.as_bytes().to_vec()))
    }

    fn entry(attributes: &[(&str, &[&str])]) -> StructureTag {
        let attribute = |(name, values): &(&str, &[&str])| {
            tag(PL::C(vec![text(name), tag(PL::C(values.iter().map(|value| text(value)).collect()))]))
        };
        tag(PL::C(vec![text("cn=x"), tag(PL::C(attributes.iter().map(attribute).collect()))]))
    }

    #[test]
    fn options_are_taken_off_and_plain_values_come_first() {
        let found =
            Found::decode(entry(&[("cn;lang-fr", &["Élise"]), ("CN", &["Elise"]), ("jpegPhoto;binary", &["x"])]));
        let entry = found.unwrap().entry;
        assert_eq!(entry.texts("cn").collect::<Vec<_>>(), ["Elise", "Élise"]);
        assert_eq!(entry.names().collect::<Vec<_>>(), ["CN", "jpegPhoto"]);
        assert_eq!(entry.values("mail"), &[] as &[Vec<u8>]);
    }

    #[test]
    fn ranges_stay_open_until_their_end() {
        let found = Found::decode(entry(&[("member", &[]), ("member;range=0-1", &["a", "b"])])).unwrap();
        assert_eq!(found.entry.texts("member").count(), 2);
        assert_eq!(found.open, [OpenRange { attribute: "member".to_owned(), from: 2 }]);
        let found = Found::decode(entry(&[("member;Range=2-*", &["c"])])).unwrap();
        assert_eq!(found.open, []);
    }

    #[test]
    fn what_is_no_entry_is_nothing() {
        assert!(Found::decode(text("x")).is_none());
        assert!(Found::decode(tag(PL::C(vec![text("cn=x"), text("y")]))).is_none());
    }
}
