//! Search filters (RFC 4515): those of the settings, checked, and those that are put together from them.

use ldap3::{ldap_escape, parse_filter};
use vestibule_app::domain::provider::LdapConfig;

/// How deep a filter may be nested; the library's parser recurses.
const MAX_DEPTH: usize = 32;

/// What is wrong with a filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterFault {
    /// It is no filter at all.
    #[error("This is no search filter. Write it in parentheses, such as (department=Sales) (RFC 4515).")]
    Malformed,
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

/// Sees that a text is a filter that means what it says.
///
/// # Errors
///
/// What is wrong with it, as a sentence.
pub fn check_filter(filter: &str) -> Result<(), FilterFault> {
    let mut depth = 0_usize;
    for byte in filter.bytes() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(FilterFault::TooDeep);
        }
    }
    if let Some(placeholder) = placeholder(filter) {
        return Err(FilterFault::Placeholder(placeholder.to_owned()));
    }
    // The library reads an item without parentheses too, which other tools would not.
    if !filter.starts_with('(') || filter.contains('\0') || parse_filter(filter).is_err() {
        return Err(FilterFault::Malformed);
    }
    if filter.contains("(&)") || filter.contains("(|)") {
        return Err(FilterFault::EmptyList);
    }
    Ok(())
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
    all_of(classes.iter().map(String::as_str).chain(filter))
}

/// `%s`, `%u`, `{0}`, `${name}`: other products put the name of whoever signs in there.
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
        for filter in ["", "cn=x", "(cn=x", "(cn=x))", "(cn=\\zz)", "(&(cn=x)", "hello", "(=x)", "(cn=x)(cn=y)"] {
            assert_eq!(check_filter(filter), Err(FilterFault::Malformed), "{filter}");
        }
        assert_eq!(check_filter("(&)"), Err(FilterFault::EmptyList));
        let deep = format!("{}(cn=x){}", "(!".repeat(40), ")".repeat(40));
        assert_eq!(check_filter(&deep), Err(FilterFault::TooDeep));
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
        fn no_text_makes_the_check_panic(text in "[()&|!=*\\\\a-z%{}$:;.0-9é]{0,80}") {
            let _ = check_filter(&text);
        }
    }
}
