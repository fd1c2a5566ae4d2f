//! Search filters (RFC 4515): validates those of the settings, and combines them for searches.

use std::borrow::Cow;

use ldap3::{ldap_escape, parse_filter};
use vestibule_app::domain::provider::LdapConfig;

/// How deep a filter may be nested; the library's parser recurses, and so does ours.
const MAX_DEPTH: usize = 32;

/// What is wrong with a filter. Places are counted in characters, from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterFault {
    /// It is no filter at all.
    #[error("This is not a search filter. Write it in parentheses, such as (department=Sales) (RFC 4515).")]
    Malformed,
    /// A clause is not a condition.
    #[error(
        "{clause:?} at character {at} is not a condition. Write an attribute, an operator (=, >=, <=, ~= or :=) and a value, \
         such as department=Sales, without blanks around the operator (RFC 4515)."
    )]
    Clause {
        /// What stands there.
        clause: String,
        /// Where it begins.
        at: usize,
    },
    /// A value holds a parenthesis.
    #[error(
        "The value of {attribute} holds the parenthesis {found:?} at character {at}. Within a value write \\28 for ( and \
         \\29 for )."
    )]
    Parenthesis {
        /// Whose value.
        attribute: String,
        /// The parenthesis.
        found: char,
        /// Where it stands.
        at: usize,
    },
    /// A backslash means nothing.
    #[error(
        "The backslash at character {at} needs two hexadecimal digits after it. Write \\5c for a backslash, \\2a for *, \
         \\28 for ( and \\29 for )."
    )]
    Escape {
        /// Where it stands.
        at: usize,
    },
    /// Something that was opened is not closed.
    #[error("The parenthesis that opens at character {at} is not closed.")]
    Open {
        /// Where it opens.
        at: usize,
    },
    /// Something stands where a parenthesis has to.
    #[error(
        "Expected a parenthesis at character {at}, before {found:?}. Each condition stands in parentheses of its own."
    )]
    Stray {
        /// What stands there.
        found: String,
        /// Where.
        at: usize,
    },
    /// A list of conditions stands where there has to be one.
    #[error("The filter ends at character {at}, before {found:?}. To demand several conditions, write (&(…)(…)).")]
    Rest {
        /// What stands there.
        found: String,
        /// Where.
        at: usize,
    },
    /// It is nested deeper than anybody needs.
    #[error("The filter is nested deeper than {MAX_DEPTH} levels.")]
    TooDeep,
    /// Another product would put something in here.
    #[error("Nothing is put in for {0}: write the filter as the directory is to read it.")]
    Placeholder(String),
    /// A list of conditions is empty.
    #[error("A list of conditions is empty: (&) and (|) match everything or nothing.")]
    EmptyList,
}

/// Sees that a text is a filter that means what it says. Blanks and line breaks between its clauses are let through, as
/// servers' own tools do.
///
/// # Errors
///
/// What is wrong with it, as a sentence.
pub fn check_filter(filter: &str) -> Result<(), FilterFault> {
    if let Some(placeholder) = placeholder(filter) {
        return Err(FilterFault::Placeholder(placeholder.to_owned()));
    }
    let plain = normalised(filter)?;
    // Whatever else the library that sends it has against it.
    if plain.contains('\0') || parse_filter(&plain).is_err() {
        return Err(FilterFault::Malformed);
    }
    Ok(())
}

/// The filter without the blanks between its clauses, which the standard does not allow.
///
/// # Errors
///
/// What is wrong with how it is put together.
fn normalised(filter: &str) -> Result<String, FilterFault> {
    let mut reader = FilterReader { text: filter, at: 0, plain: String::with_capacity(filter.len()) };
    reader.skip_blanks();
    if reader.rest().is_empty() || !reader.rest().starts_with('(') {
        return Err(FilterFault::Malformed);
    }
    reader.clause(0)?;
    reader.skip_blanks();
    if reader.rest().is_empty() {
        return Ok(reader.plain);
    }
    Err(match reader.rest().starts_with('(') {
        true => FilterFault::Rest { found: reader.excerpt(), at: reader.place(reader.at) },
        false => FilterFault::Stray { found: reader.excerpt(), at: reader.place(reader.at) },
    })
}

/// Reads a filter from its front to its end.
struct FilterReader<'a> {
    text: &'a str,
    /// How many bytes are read.
    at: usize,
    plain: String,
}

impl<'a> FilterReader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// A place in bytes as people count.
    fn place(&self, at: usize) -> usize {
        self.text[..at].chars().count() + 1
    }

    /// Some of what comes next.
    fn excerpt(&self) -> String {
        self.rest().chars().take(20).collect()
    }

    fn skip_blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    /// Reads `(…)`, whose parenthesis is next.
    fn clause(&mut self, depth: usize) -> Result<(), FilterFault> {
        if depth == MAX_DEPTH {
            return Err(FilterFault::TooDeep);
        }
        let opened = self.at;
        self.take(1);
        self.skip_blanks();
        match self.rest().chars().next() {
            Some('&' | '|') => self.list(depth, opened),
            Some('!') => {
                self.take(1);
                self.skip_blanks();
                match self.rest().chars().next() {
                    Some('(') => self.clause(depth + 1)?,
                    Some(')') => return Err(FilterFault::EmptyList),
                    _ => return Err(self.stray(opened)),
                }
                self.skip_blanks();
                self.close(opened)
            }
            Some(_) => self.item(opened),
            None => Err(FilterFault::Open { at: self.place(opened) }),
        }
    }

    fn list(&mut self, depth: usize, opened: usize) -> Result<(), FilterFault> {
        self.take(1);
        self.skip_blanks();
        let mut is_empty = true;
        while self.rest().starts_with('(') {
            is_empty = false;
            self.clause(depth + 1)?;
            self.skip_blanks();
        }
        if is_empty && self.rest().starts_with(')') {
            return Err(FilterFault::EmptyList);
        }
        self.close(opened)
    }

    /// Reads a condition up to the parenthesis that ends it.
    fn item(&mut self, opened: usize) -> Result<(), FilterFault> {
        let begun = self.at;
        let operator = self.rest().find(['=', '(', ')']).map(|length| begun + length);
        let Some(operator) = operator else { return Err(FilterFault::Open { at: self.place(opened) }) };
        let attribute = self.text[begun..operator].trim_end_matches(['>', '<', '~', ':']);
        if !self.text[operator..].starts_with('=')
            || attribute.is_empty()
            || attribute.contains([' ', '\t', '\r', '\n'])
        {
            let clause = self.rest().split([')', '(']).next().unwrap_or_default().chars().take(40).collect();
            return Err(FilterFault::Clause { clause, at: self.place(begun) });
        }
        let value = operator + 1;
        let ended = value + self.text[value..].find(['(', ')']).unwrap_or(self.text.len() - value);
        let parenthesis = |at: usize, found: char| FilterFault::Parenthesis {
            attribute: attribute.to_owned(),
            found,
            at: self.place(at),
        };
        if self.text[ended..].starts_with('(') {
            return Err(parenthesis(ended, '('));
        }
        if ended == self.text.len() {
            return Err(FilterFault::Open { at: self.place(opened) });
        }
        let given = &self.text[value..ended];
        for (at, _) in given.match_indices('\\') {
            let digits = given.as_bytes().get(at + 1..at + 3);
            if !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
                return Err(FilterFault::Escape { at: self.place(value + at) });
            }
        }
        // Text after a value's end belonged to it: `(cn=a) b)`.
        let after = self.text[ended + 1..].trim_start_matches([' ', '\t', '\r', '\n']);
        let goes_on = after.split(['(', ')']).next().unwrap_or_default();
        if !goes_on.is_empty() && after.contains(')') && !looks_like_a_condition(goes_on) {
            return Err(parenthesis(ended, ')'));
        }
        self.take(ended + 1 - begun);
        Ok(())
    }

    fn close(&mut self, opened: usize) -> Result<(), FilterFault> {
        match self.rest().chars().next() {
            Some(')') => {
                self.take(1);
                Ok(())
            }
            _ => Err(self.stray(opened)),
        }
    }

    fn stray(&self, opened: usize) -> FilterFault {
        match self.rest().is_empty() {
            true => FilterFault::Open { at: self.place(opened) },
            false => FilterFault::Stray { found: self.excerpt(), at: self.place(self.at) },
        }
    }

    /// Takes so many bytes as they are.
    fn take(&mut self, bytes: usize) {
        self.plain.push_str(&self.text[self.at..self.at + bytes]);
        self.at += bytes;
    }
}

fn looks_like_a_condition(text: &str) -> bool {
    let is_of_attribute = |byte: u8| byte.is_ascii_alphanumeric() || b"-;.:".contains(&byte);
    text.split_once('=').is_some_and(|(attribute, _)| {
        let attribute = attribute.trim_end_matches(['>', '<', '~', ':', ' ']);
        !attribute.is_empty() && attribute.bytes().all(is_of_attribute)
    })
}

/// A filter of the settings as it is sent. One that was stored before it was checked is sent as it is, and the server says
/// what is wrong with it.
pub fn sent(filter: &str) -> Cow<'_, str> {
    normalised(filter).map_or(Cow::Borrowed(filter), Cow::Owned)
}

/// Filters that all hold; what is one alone stays alone. Nothing holds for every entry.
pub fn all_of<'a>(filters: impl IntoIterator<Item = &'a str>) -> String {
    let filters: Vec<&str> = filters.into_iter().collect();
    match filters.as_slice() {
        [] => "(objectClass=*)".to_owned(),
        [one] => (*one).to_owned(),
        many => format!("(&{})", many.concat()),
    }
}

/// A filter for entries that have this value.
pub fn equals(attribute: &str, value: &str) -> String {
    format!("({attribute}={})", ldap_escape(value))
}

/// Finds the users of a directory.
pub fn users_filter(config: &LdapConfig) -> String {
    of_classes(&config.user_classes(), config.user_filter.as_deref())
}

/// Finds the groups of a directory.
pub fn groups_filter(config: &LdapConfig) -> String {
    of_classes(&config.group_classes(), config.groups.filter.as_deref())
}

fn of_classes(classes: &[&str], filter: Option<&str>) -> String {
    let classes: Vec<String> = classes.iter().map(|class| equals("objectClass", class)).collect();
    let filter = filter.map(sent);
    all_of(classes.iter().map(String::as_str).chain(filter.as_deref()))
}

/// `%s`, `%u`, `{0}`, `${name}`: other products replace it with the name of the user who signs in.
fn placeholder(filter: &str) -> Option<&str> {
    for (at, c) in filter.char_indices() {
        let rest = &filter[at..];
        let found = match c {
            '{' => rest.find('}').map(|end| &rest[..=end]),
            '%' if rest[1..].starts_with('(') => rest.find(')').map(|end| &rest[..=end]),
            '%' => rest[1..].chars().next().filter(char::is_ascii_alphabetic).map(|_| &rest[..2]),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing unwrap is a failing test")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn filters_are_read_and_others_turned_down() {
        for filter in [
            "(department=Sales)",
            "(&(objectClass=person)(!(cn=x*y*z)))",
            "(userAccountControl:1.2.840.113556.1.4.803:=2)",
            "(cn=a\\2ab)",
            "(|(mail=*)(uid>=5))",
        ] {
            assert_eq!(check_filter(filter), Ok(()), "{filter}");
        }
        for filter in ["", " ", "cn=x", "hello", "(cn=x\0)"] {
            assert_eq!(check_filter(filter), Err(FilterFault::Malformed), "{filter}");
        }
        for filter in ["(&)", "(|)", "(!)", "( & )", "(&(cn=x)(|))"] {
            assert_eq!(check_filter(filter), Err(FilterFault::EmptyList), "{filter}");
        }
        let deep = format!("{}(cn=x){}", "(!".repeat(40), ")".repeat(40));
        assert_eq!(check_filter(&deep), Err(FilterFault::TooDeep));
    }

    #[test]
    fn blanks_between_clauses_are_let_through_and_not_sent() {
        for (filter, plain) in [
            ("(&(objectClass=person) (uid=*))", "(&(objectClass=person)(uid=*))"),
            (" ( & (cn=a b)\n\t( | (uid=x)\r\n (! (sn=y) ) ) ) ", "(&(cn=a b)(|(uid=x)(!(sn=y))))"),
            // A blank of a value is one of the value's.
            ("(cn= x )", "(cn= x )"),
            ("( cn=x)", "(cn=x)"),
        ] {
            assert_eq!(check_filter(filter), Ok(()), "{filter}");
            assert_eq!(sent(filter), plain);
        }
        let config = LdapConfig { user_filter: Some("( | (ou=x) (ou=y) )".to_owned()), ..LdapConfig::default() };
        assert_eq!(users_filter(&config), "(&(objectClass=inetOrgPerson)(|(ou=x)(ou=y)))");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        for (filter, words) in [
            (
                "(memberOf=cn=Jane Roe (EXT),dc=example,dc=com)",
                "The value of memberOf holds the parenthesis '(' at character 23. Within a value write \\28 for ( and \\29",
            ),
            ("(&(cn=a) b)(uid=*))", "The value of cn holds the parenthesis ')' at character 8."),
            ("(memberOf=cn=Jane EXT),dc=x)", "The value of memberOf holds the parenthesis ')' at character 22."),
            ("(cn=a\\zz)", "The backslash at character 6 needs two hexadecimal digits"),
            ("(cn=é\\)", "The backslash at character 6 needs"),
            ("(cn=x", "The parenthesis that opens at character 1 is not closed."),
            ("(&(cn=x)", "The parenthesis that opens at character 1 is not closed."),
            ("(&(cn=x)(uid=y", "The parenthesis that opens at character 9 is not closed."),
            ("(cn=x))", "Expected a parenthesis at character 7, before \")\""),
            ("(cn=x)(cn=y)", "The filter ends at character 7, before \"(cn=y)\". To demand several conditions"),
            ("(&(cn=x)uid=y)", "character 9, before \"uid=y)\""),
            ("(&(cn=x)(hello))", "\"hello\" at character 10 is not a condition."),
            ("(=x)", "\"=x\" at character 2 is not a condition."),
            ("(cn = x)", "\"cn = x\" at character 2 is not a condition."),
            ("(!cn=x)", "Expected a parenthesis at character 3"),
        ] {
            let message = check_filter(filter).unwrap_err().to_string();
            assert!(message.contains(words), "{filter}: {message}");
        }
    }

    #[test]
    fn placeholders_of_other_products_are_turned_down() {
        for (filter, found) in [
            ("(uid=%s)", "%s"),
            ("(uid={0})", "{0}"),
            ("(sAMAccountName=${user})", "{user}"),
            ("(uid=%(user)s)", "%(user)"),
        ] {
            assert_eq!(check_filter(filter), Err(FilterFault::Placeholder(found.to_owned())), "{filter}");
        }
        assert_eq!(check_filter("(discount=50%)"), Ok(()));
    }

    #[test]
    fn classes_and_filter_must_all_hold() {
        let mut config = LdapConfig::default();
        assert_eq!(users_filter(&config), "(objectClass=inetOrgPerson)");
        config.user_object_classes = vec!["person".to_owned(), "weird)(class".to_owned()];
        config.user_filter = Some("(ou=x)".to_owned());
        assert_eq!(users_filter(&config), "(&(objectClass=person)(objectClass=weird\\29\\28class)(ou=x))");
        assert_eq!(groups_filter(&config), "(objectClass=groupOfNames)");
    }

    proptest! {
        #[test]
        fn any_value_can_be_looked_for(value in any::<String>()) {
            // Whatever a value holds, it stays one value of one condition.
            prop_assert!(parse_filter(equals("cn", &value)).is_ok() || value.is_empty());
            let combined = all_of([equals("cn", &value).as_str(), "(objectClass=person)"]);
            prop_assert!(parse_filter(combined).is_ok());
        }

        #[test]
        fn what_the_library_reads_is_sent_as_it_is(text in "\\(([&|!]?\\((cn|ou)[><~]?=[a-z*]{1,3}\\)|[a-z]{1,2}=[a-z ]{1,3})\\)") {
            if parse_filter(&text).is_ok() {
                prop_assert_eq!(sent(&text), text.as_str());
            }
        }

        #[test]
        fn no_text_makes_the_check_panic(text in "[()&|!=*\\\\a-z%{}$:;.0-9é]{0,80}") {
            let _ = check_filter(&text);
        }
    }
}
