//! OpenLDAP's server as a process, and its tools; the benchmarks use this file too.

use std::{
    io::{BufRead, BufReader, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// A server that listens; it ends when it is dropped.
pub(crate) struct Process {
    child: Child,
    /// The port for plain connections and StartTLS.
    pub(crate) plain: u16,
    /// The port for TLS from the start, where the server was to have one.
    pub(crate) secured: Option<u16>,
}

impl Process {
    /// Starts the server over `slapd.conf` in a folder, on free ports, and waits until it listens.
    pub(crate) fn start(folder: &Path, with_ldaps: bool) -> Self {
        // Somebody else may take a port between our finding it free and the server's listening there. It ends then.
        let mut said = Vec::new();
        for _ in 0..5 {
            let (plain, secured) = (free_port(), with_ldaps.then(free_port));
            match run(folder, plain, secured) {
                Ok(child) => return Self { child, plain, secured },
                Err(lines) => said = lines,
            }
        }
        panic!("slapd does not start: {}", said.join("\n"));
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It is gone already, or it goes now.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts the server and waits until all its addresses listen; when it ends instead, answers what it said.
fn run(folder: &Path, plain: u16, secured: Option<u16>) -> Result<Child, Vec<String>> {
    let mut addresses = vec![format!("ldap://127.0.0.1:{plain}/")];
    addresses.extend(secured.map(|port| format!("ldaps://127.0.0.1:{port}/")));
    // A debug level keeps it in the foreground. This one tells of connections, among them each address once it listens:
    // "slapd starting" comes before that, and so does its going to the background.
    let mut slapd = tool("slapd", "slapd");
    slapd.args(["-d", "conns", "-h"]).arg(addresses.join(" ")).arg("-f").arg(folder.join("slapd.conf"));
    let mut child = slapd.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("slapd is installed");
    let mut lines = BufReader::new(child.stderr.take().expect("its messages")).split(b'\n').map_while(Result::ok);
    let (mut listening, mut said) = (0, Vec::new());
    for line in lines.by_ref() {
        let line = String::from_utf8_lossy(&line).into_owned();
        listening += usize::from(line.contains("daemon: added ") && line.contains(" listener=0x"));
        said.push(line);
        if listening == addresses.len() {
            // What it says later is read to nowhere, so that it never waits for a reader.
            std::thread::spawn(move || lines.for_each(drop));
            return Ok(child);
        }
    }
    let _ = child.wait();
    Err(said)
}

/// Adds the LDIF of a file to a server's database before it runs.
pub(crate) fn add(folder: &Path, ldif: &Path) {
    let mut slapadd = tool("slapadd", "slapd");
    slapadd.arg("-q").arg("-f").arg(folder.join("slapd.conf")).arg("-l").arg(ldif);
    pipe(&mut slapadd, "");
}

/// Runs a tool that must succeed.
#[track_caller]
pub(crate) fn pipe(command: &mut Command, input: &str) {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("a tool");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("the tool reads");
    let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
    let said: Vec<String> = stderr.lines().map_while(Result::ok).collect();
    let ended = child.wait().expect("the tool ends");
    assert!(ended.success(), "{command:?}: {}", said.join("\n"));
}

/// A program of Debian's packages, some of which lie outside of the usual path.
pub(crate) fn tool(name: &str, package: &str) -> Command {
    let places = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/usr/libexec"];
    let found: Option<PathBuf> = places.iter().map(|place| Path::new(place).join(name)).find(|path| path.exists());
    match found {
        Some(path) => Command::new(path),
        None => {
            panic!("{name} is missing, which directories are made with: scripts/bootstrap tests installs {package}")
        }
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}
