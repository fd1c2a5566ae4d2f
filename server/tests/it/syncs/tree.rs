//! A directory with a small tree: people, and groups of them.

use std::fmt::Write as _;

use crate::support::slapd::{SUFFIX, Setup, Slapd};

/// Where everything lies below.
pub(super) const BASE: &str = SUFFIX;

/// A server of its own; it ends when it is dropped.
pub(super) struct Tree(Slapd);

impl Tree {
    /// A directory with as many people as a test needs, who have not changed for long.
    pub(super) fn start(people: usize) -> Self {
        Self::start_with(people, |setup| setup)
    }

    /// The same, of a server that is set up further.
    pub(super) fn start_with(people: usize, change: impl FnOnce(Setup) -> Setup) -> Self {
        let mut ldif = format!(
            "dn: ou=people,{BASE}\nobjectClass: organizationalUnit\nou: people\n\n\
             dn: ou=groups,{BASE}\nobjectClass: organizationalUnit\nou: groups\n\n"
        );
        for number in 0..people {
            // What is loaded before the server runs may say when it was changed.
            let _ = write!(ldif, "{}modifyTimestamp: 20260101000000Z\n\n", person(&format!("user{number}")));
        }
        Self(change(Slapd::setup().entries(&ldif)).start())
    }

    pub(super) fn port(&self) -> u16 {
        self.0.port()
    }

    /// Makes changes that are written in LDIF (RFC 2849); what names no change is added.
    pub(super) fn apply(&self, ldif: &str) {
        let records = ldif.split("\n\n").map(str::trim).filter(|record| !record.is_empty());
        let changes = records.map(|record| match record.split_once('\n') {
            Some((dn, rest)) if !rest.starts_with("changetype:") => format!("{dn}\nchangetype: add\n{rest}"),
            _ => record.to_owned(),
        });
        self.0.change(&format!("{}\n", changes.collect::<Vec<_>>().join("\n\n")));
    }

    /// Adds a person.
    pub(super) fn add(&self, uid: &str) {
        self.apply(&person(uid));
    }

    /// Removes people.
    pub(super) fn remove(&self, numbers: impl Iterator<Item = usize>) {
        let mut ldif = String::new();
        for number in numbers {
            let _ = write!(ldif, "dn: {}\nchangetype: delete\n\n", dn(&format!("user{number}")));
        }
        self.apply(&ldif);
    }

    /// Sets an attribute of a person.
    pub(super) fn set(&self, uid: &str, attribute: &str, value: &str) {
        let dn = dn(uid);
        self.apply(&format!("dn: {dn}\nchangetype: modify\nreplace: {attribute}\n{attribute}: {value}\n"));
    }

    /// Takes an attribute from a person.
    pub(super) fn clear(&self, uid: &str, attribute: &str) {
        self.apply(&format!("dn: {}\nchangetype: modify\ndelete: {attribute}\n", dn(uid)));
    }

    /// Adds a group of people and groups, named by their distinguished names.
    pub(super) fn add_group(&self, name: &str, members: &[String]) {
        let mut ldif = format!("dn: cn={name},ou=groups,{BASE}\nobjectClass: groupOfNames\ncn: {name}\n");
        for member in members {
            let _ = writeln!(ldif, "member: {member}");
        }
        self.apply(&ldif);
    }
}

/// Where a person lies.
pub(super) fn dn(uid: &str) -> String {
    format!("uid={uid},ou=people,{BASE}")
}

/// A person in LDIF.
fn person(uid: &str) -> String {
    format!(
        "dn: {}\nobjectClass: inetOrgPerson\nuid: {uid}\ncn: Person {uid}\nsn: {uid}\nmail: {uid}@example.com\n\
         userPassword: {{SSHA}}never read\n",
        dn(uid)
    )
}
