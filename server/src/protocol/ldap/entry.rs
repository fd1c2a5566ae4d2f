//! An entry as a directory answers it.

use ldap3::asn1::{PL, StructureTag};
use vestibule_app::domain::{ldap::short_name, sync::Values};

use super::ranges::{AttributeName, OpenRange};

/// An entry as a directory answers it. Attributes are found by any of their names, in any letter case. One that is asked
/// for with options (`givenName;lang-en`) has the values that came with those at least; one without has all, those that
/// came without first (RFC 4512, section 2.5.2). Ranges (`member;range=0-1499`) are complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it lies (RFC 4514).
    pub dn: String,
    /// Those with fewer options come first.
    attributes: Vec<Attribute>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Attribute {
    base: String,
    options: Vec<String>,
    values: Vec<Vec<u8>>,
}

impl Entry {
    /// An entry of these attributes, each with its values.
    pub fn new(dn: String, attributes: Vec<(String, Vec<Vec<u8>>)>) -> Self {
        let mut entry = Self { dn, attributes: Vec::with_capacity(attributes.len()) };
        for (name, values) in attributes {
            entry.add(AttributeName::parse(&name), values);
        }
        entry
    }

    /// All values of an attribute, as bytes; none when it is absent.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        let (base, options) = name.split_once(';').unwrap_or((name, ""));
        let is_there = self.attributes.iter().any(|attribute| attribute.base.eq_ignore_ascii_case(base));
        // Servers answer by the short name, whatever they were asked for.
        let base = if is_there { base } else { short_name(base).unwrap_or(base) };
        let wanted = self.attributes.iter().filter(move |attribute| {
            attribute.base.eq_ignore_ascii_case(base)
                && (options.is_empty()
                    || options
                        .split(';')
                        .all(|wanted| attribute.options.iter().any(|option| option.eq_ignore_ascii_case(wanted))))
        });
        wanted.flat_map(|attribute| &attribute.values).map(Vec::as_slice)
    }

    /// All values of an attribute that are text.
    pub fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.values(name).filter_map(|value| std::str::from_utf8(value).ok())
    }

    /// The values of an attribute: those that are text, and how many are not.
    pub fn read(&self, name: &str) -> Values<'_> {
        let mut read = Values::default();
        for value in self.values(name) {
            match std::str::from_utf8(value) {
                Ok(text) => read.texts.push(text),
                Err(_) => read.others += 1,
            }
        }
        read
    }

    /// The names of all attributes that came, as the directory writes them. Those with options are named without them too.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let mut names: Vec<String> = Vec::with_capacity(self.attributes.len());
        for Attribute { base, options, values: _ } in &self.attributes {
            if !names.iter().any(|name| name.eq_ignore_ascii_case(base)) {
                names.push(base.clone());
            }
            if !options.is_empty() {
                names.push(format!("{base};{}", options.join(";")));
            }
        }
        names.into_iter()
    }

    /// Adds values to an attribute, which may be new.
    pub(super) fn add(&mut self, name: AttributeName, values: Vec<Vec<u8>>) {
        let AttributeName { base, options, .. } = name;
        let is_it =
            |attribute: &&mut Attribute| attribute.base.eq_ignore_ascii_case(&base) && attribute.options == options;
        if let Some(attribute) = self.attributes.iter_mut().find(is_it) {
            attribute.values.extend(values);
            return;
        }
        let order = |options: &[String]| (options.len(), options.to_vec());
        let place = match options.is_empty() {
            // What has no option is what most people mean.
            true => self.attributes.partition_point(|attribute| attribute.options.is_empty()),
            false => self.attributes.partition_point(|attribute| order(&attribute.options) < order(&options)),
        };
        self.attributes.insert(place, Attribute { base, options, values });
    }
}

/// An entry as it came, with what is still missing of it.
pub(super) struct Found {
    pub(super) entry: Entry,
    pub(super) open: Vec<OpenRange>,
}

impl Found {
    /// Reads a SearchResultEntry (RFC 4511, section 4.5.2). `None` for anything else.
    pub(super) fn decode(tag: StructureTag) -> Option<Self> {
        let mut parts = constructed(tag)?.into_iter();
        let dn = String::from_utf8(primitive(parts.next()?)?).ok()?;
        let mut entry = Entry::new(dn, Vec::new());
        let mut open = Vec::new();
        for attribute in constructed(parts.next()?)? {
            let mut parts = constructed(attribute)?.into_iter();
            let name = String::from_utf8(primitive(parts.next()?)?).ok()?;
            let values: Option<Vec<_>> = constructed(parts.next()?)?.into_iter().map(primitive).collect();
            let name = AttributeName::parse(&name);
            open.extend(name.open_range());
            entry.add(name, values?);
        }
        Some(Self { entry, open })
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
    fn plain_values_come_before_those_with_options_whatever_the_server_sends_first() {
        let found = Found::decode(entry(&[
            ("cn;lang-fr;x-a", &["C"]),
            ("cn;lang-FR", &["Élise"]),
            ("CN", &["Elise"]),
            ("cn;lang-de", &["Elsa"]),
            ("jpegPhoto;binary", &["x"]),
        ]));
        let entry = found.unwrap().entry;
        assert_eq!(entry.texts("cn").collect::<Vec<_>>(), ["Elise", "Elsa", "Élise", "C"]);
        assert_eq!(entry.texts("cn;lang-fr").collect::<Vec<_>>(), ["Élise", "C"]);
        assert_eq!(entry.texts("CN;X-A;lang-fr").collect::<Vec<_>>(), ["C"]);
        assert_eq!(entry.texts("cn;lang-es").count(), 0);
        assert_eq!(entry.texts("jpegphoto").count(), 1);
        let names = ["CN", "jpegPhoto", "jpegPhoto;binary", "cn;lang-de", "cn;lang-fr", "cn;lang-fr;x-a"];
        let mut found: Vec<_> = entry.names().collect();
        found.sort_unstable();
        let mut names = names.map(str::to_owned);
        names.sort_unstable();
        assert_eq!(found, names);
        assert_eq!(entry.values("mail").count(), 0);
    }

    #[test]
    fn an_attribute_is_found_by_its_other_names() {
        let entry = Found::decode(entry(&[("givenName;lang-en", &["Ada"]), ("sn", &["Lovelace"])])).unwrap().entry;
        assert_eq!(entry.texts("2.5.4.42").collect::<Vec<_>>(), ["Ada"]);
        assert_eq!(entry.texts("surname").collect::<Vec<_>>(), ["Lovelace"]);
        assert_eq!(entry.read("2.5.4.42;lang-en").texts, ["Ada"]);
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
