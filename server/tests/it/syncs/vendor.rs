//! A directory server of another vendor, which a script has started and of which tests are reported by their environment.

use std::process::Command;

use vestibule::{OutboundPolicy, Secret, domain::provider::LdapConfig};

use super::world::Synced;
use crate::support::{
    TestApp,
    slapd::{pipe, tool},
};

/// A server, and the account that may do everything there.
pub(super) struct Vendor {
    pub(super) address: String,
    pub(super) administrator: &'static str,
    pub(super) password: String,
}

impl Vendor {
    /// The server whose address stands in the variable `name`, and the password in the one beside it.
    #[expect(clippy::disallowed_methods, reason = "scripts tell by the environment what they started")]
    #[track_caller]
    pub(super) fn of_environment(name: &str, administrator: &'static str, script: &str) -> Self {
        let read = |name: &str| {
            std::env::var(name).unwrap_or_else(|_| panic!("{name} names no server: run this test by {script}"))
        };
        Self { address: read(name), administrator, password: read(&format!("{name}_PASSWORD")) }
    }

    /// Settings that bind as the administrator and look below `base`.
    pub(super) fn settings(&self, base: &str) -> LdapConfig {
        LdapConfig {
            urls: vec![format!("ldap://{}", self.address)],
            bind_dn: Some(self.administrator.to_owned()),
            bind_password: Some(Secret::new(self.password.clone())),
            base_dn: base.to_owned(),
            ..LdapConfig::default()
        }
    }

    /// An instance that synchronises it.
    pub(super) async fn synced(&self, config: LdapConfig) -> Synced {
        let policy = OutboundPolicy::parse([self.address.as_str()]).expect("an address");
        Synced::start(TestApp::start_with(|builder| builder.outbound(policy)).await, config).await
    }

    /// Makes changes that are written in LDIF (RFC 2849), each with its `changetype`.
    #[track_caller]
    pub(super) fn change(&self, ldif: &str) {
        pipe(&mut self.tool("ldapmodify"), ldif);
    }

    /// The values of an attribute of all entries below `base` that a filter finds, as ldapsearch writes them.
    #[track_caller]
    pub(super) fn values(&self, base: &str, filter: &str, attribute: &str) -> Vec<String> {
        let mut search = self.tool("ldapsearch");
        search.args(["-LLL", "-o", "ldif-wrap=no", "-b", base, filter, attribute]);
        let output = search.output().expect("ldapsearch runs");
        assert!(output.status.success(), "{search:?}: {}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("text");
        let value = |line: &str| Some(line.strip_prefix(attribute)?.trim_start_matches(':').trim().to_owned());
        text.lines().filter_map(value).collect()
    }

    fn tool(&self, name: &str) -> Command {
        let mut command = tool(name, "ldap-utils");
        let url = format!("ldap://{}", self.address);
        command.args(["-x", "-H", &url, "-D", self.administrator, "-w", &self.password]);
        command
    }
}
