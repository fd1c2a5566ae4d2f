//! A real directory: OpenLDAP's server over a database of its own, gone when it is dropped.

mod process;

use std::{fs, path::Path};

use tempfile::TempDir;

use self::process::{Process, add};
pub(crate) use self::process::{pipe, tool};
use super::tls::Identity;

/// Where everything lies below.
pub(crate) const SUFFIX: &str = "dc=example,dc=com";
/// An account that may read everything but passwords.
pub(crate) const READER: &str = "cn=reader,dc=example,dc=com";
/// Its password.
pub(crate) const READER_PASSWORD: &str = "reads all day";
/// The account that may change everything.
const ADMIN: &str = "cn=admin,dc=example,dc=com";
const ADMIN_PASSWORD: &str = "admin";

/// How a directory is set up.
#[derive(Default)]
pub(crate) struct Setup {
    ldif: String,
    identity: Option<Identity>,
    client_authority: Option<Vec<u8>>,
    global: String,
    database: String,
}

impl Setup {
    /// Entries beside the suffix and the reader, as LDIF.
    pub(crate) fn entries(mut self, ldif: &str) -> Self {
        self.ldif.push_str(ldif);
        self.ldif.push('\n');
        self
    }

    /// The certificate that the server shows, over StartTLS and at [`Slapd::ldaps`].
    pub(crate) fn tls(self, identity: Identity) -> Self {
        Self { identity: Some(identity), ..self }
    }

    /// Asks clients for certificates of this authority. One for `name` becomes the reader by SASL EXTERNAL.
    pub(crate) fn client_certificates(self, authority: &[u8]) -> Self {
        Self { client_authority: Some(authority.to_vec()), ..self }
    }

    /// Further lines of slapd.conf(5) before the database.
    pub(crate) fn global(mut self, lines: &str) -> Self {
        self.global.push_str(lines);
        self.global.push('\n');
        self
    }

    /// Further lines of slapd.conf(5) for the database: limits, access, overlays.
    pub(crate) fn database(mut self, lines: &str) -> Self {
        self.database.push_str(lines);
        self.database.push('\n');
        self
    }

    /// Group entries show in `memberOf` of their members, and members that go are taken out of groups.
    pub(crate) fn member_of(self) -> Self {
        self.database("overlay memberof\nmemberof-dangling ignore\noverlay refint\nrefint_attributes member memberOf")
    }

    /// Starts the server and waits until it takes connections.
    pub(crate) fn start(self) -> Slapd {
        let folder = tempfile::tempdir().expect("a folder");
        self.write(folder.path());
        add(folder.path(), &folder.path().join("entries.ldif"));
        let process = Process::start(folder.path(), self.identity.is_some());
        Slapd { process, _folder: folder }
    }

    fn write(&self, folder: &Path) {
        let path = |name: &str| folder.join(name).display().to_string();
        let mut tls = String::new();
        if let Some(identity) = &self.identity {
            fs::write(folder.join("certificate.pem"), identity.certificate_pem()).expect("a file");
            fs::write(folder.join("key.pem"), identity.key_pem()).expect("a file");
            tls += &format!("TLSCertificateFile {}\n", path("certificate.pem"));
            tls += &format!("TLSCertificateKeyFile {}\n", path("key.pem"));
        }
        if let Some(authority) = &self.client_authority {
            fs::write(folder.join("clients.pem"), authority).expect("a file");
            tls += &format!("TLSCACertificateFile {}\nTLSVerifyClient try\n", path("clients.pem"));
            tls += &format!("authz-regexp \"cn=.*\" \"{READER}\"\n");
        }
        fs::create_dir_all(folder.join("data")).expect("a folder");
        let conf = format!(
            "include /etc/ldap/schema/core.schema\n\
             include /etc/ldap/schema/cosine.schema\n\
             include /etc/ldap/schema/inetorgperson.schema\n\
             include /etc/ldap/schema/nis.schema\n\
             modulepath /usr/lib/ldap\n\
             moduleload back_mdb\nmoduleload memberof\nmoduleload refint\nmoduleload ppolicy\n\
             pidfile {pid}\n{tls}{global}\n\
             database mdb\nsuffix \"{SUFFIX}\"\nrootdn \"{ADMIN}\"\nrootpw {ADMIN_PASSWORD}\n\
             directory {data}\nmaxsize 1073741824\ndbnosync\n\
             index objectClass,entryUUID,uid,cn,mail,member,memberUid eq\nindex modifyTimestamp eq\n\
             {database}\n\
             limits users size.prtotal=unlimited\n\
             access to attrs=userPassword by anonymous auth by * none\n\
             access to * by users read by * none\n",
            pid = path("pid"),
            data = path("data"),
            global = self.global,
            database = self.database,
        );
        fs::write(folder.join("slapd.conf"), conf).expect("a file");
        let ldif = format!(
            "dn: {SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n\n\
             dn: {READER}\nobjectClass: applicationProcess\nobjectClass: simpleSecurityObject\ncn: reader\n\
             userPassword: {READER_PASSWORD}\n\n{}\n",
            self.ldif
        );
        fs::write(folder.join("entries.ldif"), ldif).expect("a file");
    }
}

/// A running directory.
pub(crate) struct Slapd {
    // Ends before its folder goes.
    process: Process,
    _folder: TempDir,
}

impl Slapd {
    /// A directory to set up.
    pub(crate) fn setup() -> Setup {
        Setup::default()
    }

    /// The port for plain connections and StartTLS.
    pub(crate) fn port(&self) -> u16 {
        self.process.plain
    }

    /// The port for TLS from the start.
    pub(crate) fn ldaps_port(&self) -> u16 {
        self.process.secured.expect("a server with a certificate")
    }

    /// The address for plain connections and StartTLS.
    pub(crate) fn url(&self) -> String {
        format!("ldap://127.0.0.1:{}", self.process.plain)
    }

    /// Adds, changes and removes entries while the server runs, as LDIF with `changetype`s.
    #[track_caller]
    pub(crate) fn change(&self, ldif: &str) {
        let arguments = ["-x", "-H", &self.url(), "-D", ADMIN, "-w", ADMIN_PASSWORD];
        pipe(tool("ldapmodify", "ldap-utils").args(arguments), ldif);
    }
}

/// LDIF of people `uid=user0001,ou=people,…`, and the unit above them.
pub(crate) fn people(count: usize) -> String {
    let mut ldif = format!("dn: ou=people,{SUFFIX}\nobjectClass: organizationalUnit\nou: people\n\n");
    for number in 1..=count {
        ldif += &format!(
            "dn: uid=user{number:04},ou=people,{SUFFIX}\nobjectClass: inetOrgPerson\nuid: user{number:04}\n\
             cn: User {number}\nsn: Person {number}\ngivenName: User\nmail: user{number:04}@example.com\n\n"
        );
    }
    ldif
}
