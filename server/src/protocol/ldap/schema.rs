//! What a schema says (RFC 4512, section 4.1): the names of attributes and object classes.

use super::{Directory, Entry, LdapError, LdapErrorKind};

/// How many definitions of a kind are kept; Active Directory with Exchange has about 4000 attributes.
const MAX_DEFINITIONS: usize = 10_000;

/// The longest name that is kept.
const MAX_NAME: usize = 100;

/// The attributes and object classes that a directory knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schema {
    /// Attributes by their first name, each with whether an entry has at most one value of it.
    pub attributes: Vec<(String, bool)>,
    /// Object classes by their first name; abstract ones left out.
    pub classes: Vec<String>,
}

impl Directory {
    /// Reads the schema. It is empty when the server does not show one.
    ///
    /// # Errors
    ///
    /// The connection was lost.
    pub async fn read_schema(&mut self) -> Result<Schema, LdapError> {
        let Some(place) = self.root().subschema.clone() else { return Ok(Schema::default()) };
        match self.read(&place, &["attributeTypes", "objectClasses"]).await {
            Ok(found) => Ok(found.map(|entry| Schema::of(&entry)).unwrap_or_default()),
            Err(error) if matches!(error.kind, LdapErrorKind::Lost | LdapErrorKind::Tls) => Err(error),
            Err(_) => Ok(Schema::default()),
        }
    }
}

impl Schema {
    fn of(entry: &Entry) -> Self {
        let definitions = |name| entry.texts(name).take(MAX_DEFINITIONS).filter_map(Definition::parse);
        let in_use = |definition: &Definition| !definition.is_obsolete;
        let mut attributes: Vec<_> =
            definitions("attributeTypes").filter(in_use).map(|found| (found.name, found.is_single)).collect();
        let classes = definitions("objectClasses").filter(in_use).filter(|found| !found.is_abstract);
        let mut classes: Vec<_> = classes.map(|found| found.name).collect();
        let folded = |name: &String| name.to_ascii_lowercase();
        attributes.sort_by_cached_key(|(name, _)| folded(name));
        attributes.dedup_by(|a, b| a.0.eq_ignore_ascii_case(&b.0));
        classes.sort_by_cached_key(folded);
        classes.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
        Self { attributes, classes }
    }
}

/// What counts of a definition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Definition {
    name: String,
    is_single: bool,
    is_obsolete: bool,
    is_abstract: bool,
}

impl Definition {
    /// Reads `( 2.5.4.3 NAME ( 'cn' 'commonName' ) SUP name )`. One without a name is of no use, nor is one with a name
    /// that cannot be typed.
    fn parse(text: &str) -> Option<Self> {
        let mut found = Self::default();
        let mut tokens = tokens(text);
        let mut depth = 0_u32;
        while let Some(token) = tokens.next() {
            match token {
                Token::Open => depth += 1,
                Token::Close => depth = depth.checked_sub(1)?,
                // Keywords within the lists of values are none.
                Token::Word("NAME") if depth == 1 => {
                    found.name = match tokens.next()? {
                        Token::Quoted(name) => name.to_owned(),
                        Token::Open => {
                            depth += 1;
                            let Token::Quoted(name) = tokens.next()? else { return None };
                            name.to_owned()
                        }
                        Token::Close | Token::Word(_) => return None,
                    };
                }
                Token::Word("SINGLE-VALUE") if depth == 1 => found.is_single = true,
                Token::Word("OBSOLETE") if depth == 1 => found.is_obsolete = true,
                Token::Word("ABSTRACT") if depth == 1 => found.is_abstract = true,
                Token::Word(_) | Token::Quoted(_) => {}
            }
        }
        let is_name = |name: &str| name.len() <= MAX_NAME && vestibule_app::domain::ldap::is_attribute(name);
        is_name(&found.name).then_some(found)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Open,
    Close,
    Word(&'a str),
    /// Without the quotes. Quotes within are escaped as `\27`.
    Quoted(&'a str),
}

fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let first = rest.chars().next()?;
        let (token, after) = match first {
            '(' => (Token::Open, &rest[1..]),
            ')' => (Token::Close, &rest[1..]),
            '\'' => {
                let (inner, after) = rest[1..].split_once('\'')?;
                (Token::Quoted(inner), after)
            }
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '\'')).unwrap_or(rest.len());
                (Token::Word(&rest[..end]), &rest[end..])
            }
        };
        rest = after;
        Some(token)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(text: &str) -> Option<(String, bool)> {
        Definition::parse(text).map(|found| (found.name, found.is_single))
    }

    #[test]
    fn the_first_name_and_whether_there_is_one_value_are_read() {
        let single = "( 1.3.6.1.1.16.4 NAME 'entryUUID' DESC 'UUID of NAME (x) SINGLE-VALUE' SYNTAX 1.3.6.1.1.16.1 \
                      SINGLE-VALUE NO-USER-MODIFICATION USAGE directoryOperation )";
        assert_eq!(parsed(single), Some(("entryUUID".to_owned(), true)));
        let several = "(2.5.4.3 NAME('cn' 'commonName') DESC 'x SINGLE-VALUE' SUP name)";
        assert_eq!(parsed(several), Some(("cn".to_owned(), false)));
        for none in
            ["", "( 2.5.4.3 SUP name )", "( 1.1 NAME 'a b' )", "( 1.1 NAME", "( 1.1 NAME 'cut", ")(", "NAME 'a'"]
        {
            assert_eq!(parsed(none), None, "{none}");
        }
    }

    #[test]
    fn names_come_once_and_in_order_and_what_is_of_no_use_is_left_out() {
        let values = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect::<Vec<_>>();
        let attributes = values(&[
            "( 1.1 NAME 'sn' )",
            "( 1.2 NAME 'cn' SINGLE-VALUE )",
            "( 1.3 NAME 'SN' )",
            "( 1.4 NAME 'old' OBSOLETE )",
        ]);
        let classes = values(&["( 2.1 NAME 'top' ABSTRACT )", "( 2.2 NAME 'person' STRUCTURAL MUST ( sn $ cn ) )"]);
        let entry = Entry::new(
            String::new(),
            vec![("attributeTypes".to_owned(), attributes), ("objectClasses".to_owned(), classes)],
        );
        let schema = Schema::of(&entry);
        assert_eq!(schema.attributes, [("cn".to_owned(), true), ("sn".to_owned(), false)]);
        assert_eq!(schema.classes, ["person"]);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[ ()'A-Zé\\\\-]{0,80}") {
            let _ = Definition::parse(&text);
        }
    }
}
