//! A directory with as many people as a figure asks for, and OpenLDAP's own client to compare with.

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use vestibule::{
    Secret,
    domain::{
        mapping::{UserField, UserMapping},
        provider::{ConfigInput, LdapConfig, NewProvider, Provisioning},
    },
};

use crate::slapd::{Process, add, tool};

const SUFFIX: &str = "dc=example,dc=com";
const READER: &str = "cn=reader,dc=example,dc=com";
const PASSWORD: &str = "reads all day";
/// The provider's default.
const PAGE: u16 = 500;
/// What the provider asks for of people, with the attribute that identifies them.
const OF_PEOPLE: [&str; 9] =
    ["uid", "mail", "givenName", "sn", "displayName", "cn", "telephoneNumber", "o", "entryUUID"];
const OF_GROUPS: [&str; 3] = ["entryUUID", "cn", "member"];

/// OpenLDAP's server with people of eight attributes, and groups of them.
pub(crate) struct Directory {
    pub(crate) people: usize,
    // Ends before its folder goes.
    process: Process,
    folder: tempfile::TempDir,
}

impl Directory {
    /// A directory with so many people, each in one of as many groups as there are hundreds of them.
    pub(crate) fn start(people: usize) -> Self {
        eprintln!("Writing a directory of {people} people");
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("data")).expect("a folder");
        fs::write(folder.path().join("slapd.conf"), configuration(folder.path())).expect("a file");
        let ldif = folder.path().join("entries.ldif");
        fs::write(&ldif, entries(people)).expect("a file");
        add(folder.path(), &ldif);
        Self { people, process: Process::start(folder.path(), false), folder }
    }

    fn url(&self) -> String {
        format!("ldap://127.0.0.1:{}", self.process.plain)
    }

    /// How long `ldapsearch` takes to write what a synchronisation reads into a file, with the same page size.
    pub(crate) fn dump(&self) -> Duration {
        let people = self.search(&format!("ou=people,{SUFFIX}"), "(objectClass=inetOrgPerson)", &OF_PEOPLE);
        let groups = self.search(SUFFIX, "(objectClass=groupOfNames)", &OF_GROUPS);
        assert_eq!((people.0, groups.0), (self.people, groups_of(self.people)));
        people.1 + groups.1
    }

    /// Dumps what is found; answers how many entries those are, and how long it took.
    fn search(&self, base: &str, filter: &str, attributes: &[&str]) -> (usize, Duration) {
        let path = self.folder.path().join("dump.ldif");
        let file = fs::File::create(&path).expect("a file");
        let pages = format!("pr={PAGE}/noprompt");
        let url = self.url();
        let mut search = tool("ldapsearch", "ldap-utils");
        search.args(["-x", "-LLL", "-o", "ldif-wrap=no", "-H", &url, "-D", READER, "-w", PASSWORD]);
        search.args(["-E", &pages, "-b", base, filter]).args(attributes);
        let begun = Instant::now();
        let ended = search.stdin(Stdio::null()).stdout(file).stderr(Stdio::null()).status().expect("ldapsearch runs");
        let taken = begun.elapsed();
        assert!(ended.success(), "{search:?} failed");
        let text = fs::read(&path).expect("what it wrote");
        (text.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"dn: ")).count(), taken)
    }

    /// A provider that synchronises all of it.
    pub(crate) fn provider(&self) -> NewProvider {
        let mut config = LdapConfig {
            urls: vec![self.url()],
            bind_dn: Some(READER.to_owned()),
            bind_password: Some(Secret::new(PASSWORD)),
            base_dn: SUFFIX.to_owned(),
            user_base_dn: Some(format!("ou=people,{SUFFIX}")),
            ..LdapConfig::default()
        };
        config.limits.page_size = PAGE;
        config.groups.enabled = true;
        let mut mapping = UserMapping::default();
        mapping.attributes.set(UserField::Email, "mail");
        mapping.attributes.set(UserField::FirstName, "givenName");
        mapping.attributes.set(UserField::LastName, "sn");
        mapping.attributes.set(UserField::DisplayName, "displayName cn");
        mapping.attributes.set(UserField::PhoneNumber, "telephoneNumber");
        mapping.attributes.set(UserField::Organization, "o");
        NewProvider {
            slug: None,
            name: "Directory".to_owned(),
            display_name: None,
            owner: None,
            enabled: true,
            provisioning: Provisioning::default(),
            sign_in: Default::default(),
            config: ConfigInput::Ldap(Box::new(config.into())),
            mapping,
            allowed_domains: Vec::new(),
            allowed_redirects: Vec::new(),
            management_url: String::new(),
        }
    }
}

/// How many groups so many people have.
pub(crate) fn groups_of(people: usize) -> usize {
    people.div_ceil(100)
}

fn configuration(folder: &Path) -> String {
    format!(
        "include /etc/ldap/schema/core.schema\n\
         include /etc/ldap/schema/cosine.schema\n\
         include /etc/ldap/schema/inetorgperson.schema\n\
         modulepath /usr/lib/ldap\nmoduleload back_mdb\n\
         pidfile {pid}\nsizelimit unlimited\n\
         database mdb\nsuffix \"{SUFFIX}\"\ndirectory {data}\nmaxsize 4294967296\ndbnosync\n\
         index objectClass,entryUUID,uid eq\nindex modifyTimestamp eq\n\
         limits users size.prtotal=unlimited\n\
         access to attrs=userPassword by anonymous auth by * none\n\
         access to * by users read by * none\n",
        pid = folder.join("pid").display(),
        data = folder.join("data").display(),
    )
}

fn entries(people: usize) -> String {
    // Long ago for a run that looks for changes.
    const UNCHANGED: &str = "modifyTimestamp: 20260101000000Z\n\n";
    let person = |number: usize| format!("uid=user{number:06},ou=people,{SUFFIX}");
    let mut ldif = format!(
        "dn: {SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n\n\
         dn: {READER}\nobjectClass: applicationProcess\nobjectClass: simpleSecurityObject\ncn: reader\n\
         userPassword: {PASSWORD}\n\n\
         dn: ou=people,{SUFFIX}\nobjectClass: organizationalUnit\nou: people\n\n\
         dn: ou=groups,{SUFFIX}\nobjectClass: organizationalUnit\nou: groups\n\n"
    );
    for number in 0..people {
        let _ = write!(
            ldif,
            "dn: {}\nobjectClass: inetOrgPerson\nuid: user{number:06}\ncn: Given{number} Family{number}\n\
             sn: Family{number}\ngivenName: Given{number}\ndisplayName: Given{number} Family{number}\n\
             mail: given{number}.family{number}@example.com\ntelephoneNumber: +49 30 {number:06}\n\
             o: Branch {}\n{UNCHANGED}",
            person(number),
            number % 10,
        );
    }
    let groups = groups_of(people);
    for group in 0..groups {
        let _ =
            write!(ldif, "dn: cn=group{group:03},ou=groups,{SUFFIX}\nobjectClass: groupOfNames\ncn: group{group:03}\n");
        for number in (group..people).step_by(groups) {
            let _ = writeln!(ldif, "member: {}", person(number));
        }
        ldif.push_str(UNCHANGED);
    }
    ldif
}
