//! The release binary from outside: start, memory, size, and what a first visit to the portal downloads.

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use crate::{
    browser,
    client::Request,
    database::{Instance, KEY, Place},
    statistics::{median, milliseconds},
    table::{Table, Target, Unit},
};

const BINARY: &str = env!("CARGO_BIN_EXE_vestibule");
const STARTS: usize = 10;
const REQUESTS: usize = 50;
const SIGN_INS: usize = 100;

pub(crate) async fn measure(table: &mut Table) {
    let instance = Instance::with(&Place::sqlite(), 100).await;
    let (mut starts, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let server = Server::start(&instance).await;
        starts.push(milliseconds(server.start));
        let paths = ["/", "/healthz", "/api/identity-providers/", "/api/identity-providers/acme-01-sign-in/"];
        for path in paths.iter().cycle().take(REQUESTS) {
            Request::get(server.address, path, &[]).send().await;
        }
        memory.push(server.resident());
    }
    table.add("Start to the first answer", median(&starts), Unit::Milliseconds, Target::AtMost(100.0));
    table.add("Resident memory after 50 requests", median(&memory), Unit::Megabytes, Target::AtMost(40.0));
    let grown = wrong_sign_ins(&instance).await;
    table.add("Memory above idle, 100 wrong sign-ins at once", grown, Unit::Megabytes, Target::AtMost(50.0));
    let size = std::fs::metadata(BINARY).expect("the binary").len();
    table.add("Size of the binary", size as f64 / 1e6, Unit::Megabytes, Target::AtMost(40.0));
    match portal(&instance).await {
        Some(portal) => {
            let kilobytes = |bytes: usize| bytes as f64 / 1e3;
            table.add("Portal, first visit in brotli", kilobytes(portal.first), Unit::Kilobytes, Target::AtMost(250.0));
            for (part, bytes) in portal.parts {
                let figure = format!("Portal, {part} first, in brotli beside it");
                table.add(figure, kilobytes(bytes), Unit::Kilobytes, Target::AtMost(450.0));
            }
            table.add("Portal, all files in brotli", kilobytes(portal.sum), Unit::Kilobytes, Target::None);
            browser::measure(&instance, table).await;
        }
        None => table.note("The portal was left out: it is not built."),
    }
    instance.remove().await;
}

/// By how much the resident set grows at most, in megabytes, while people at many addresses enter wrong passwords.
async fn wrong_sign_ins(instance: &Instance) -> f64 {
    let server = Server::start_with(instance, &[("VESTIBULE_TRUSTED_PROXIES", "127.0.0.1")]).await;
    for _ in 0..REQUESTS {
        Request::get(server.address, "/healthz", &[]).send().await;
    }
    let idle = server.resident();
    server.forget_peak();
    let origin = format!("http://{}", server.address);
    let mut asking = JoinSet::new();
    for number in 0..SIGN_INS {
        let from = format!("203.0.113.{number}");
        let json = format!(r#"{{"email": "somebody{number}@example.com", "password": "wrong"}}"#);
        let headers = [("origin", origin.as_str()), ("x-forwarded-for", from.as_str())];
        let request = Request::post(server.address, "/_ui/fn/session/sign-in", &headers, &json);
        asking.spawn(async move { request.status().await });
    }
    let statuses = asking.join_all().await;
    // Wrong, or too many at once.
    assert!(statuses.iter().all(|status| matches!(status, 422 | 429)), "{statuses:?}");
    assert!(statuses.iter().filter(|status| **status == 422).count() > SIGN_INS / 2, "{statuses:?}");
    server.peak() - idle
}

/// The binary at work; killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
    /// From the start of the process to the first answer.
    start: Duration,
}

impl Server {
    pub(crate) async fn start(instance: &Instance) -> Self {
        Self::start_with(instance, &[]).await
    }

    /// With more settings in its environment.
    pub(crate) async fn start_with(instance: &Instance, environment: &[(&str, &str)]) -> Self {
        let start = Instant::now();
        let mut child = Command::new(BINARY)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env_clear()
            .env("VESTIBULE_DATABASE_URL", instance.database.url())
            .env("VESTIBULE_KEY", KEY)
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut lines = BufReader::new(child.stderr.take().expect("its messages")).lines();
        let address = lines.by_ref().map_while(Result::ok).find_map(|line| line.rsplit_once("http://")?.1.parse().ok());
        let address = address.expect("the address that it says");
        Request::get(address, "/healthz", &[]).send().await;
        let start = start.elapsed();
        // A log that nobody reads would stop the server in the end.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address, start }
    }

    /// Its process identifier.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Where it serves.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The resident set in megabytes.
    pub(crate) fn resident(&self) -> f64 {
        self.status("VmRSS:")
    }

    /// The largest resident set since [`Self::forget_peak`], in megabytes.
    pub(crate) fn peak(&self) -> f64 {
        self.status("VmHWM:")
    }

    /// Starts over looking for the largest resident set (proc(5), `clear_refs`).
    pub(crate) fn forget_peak(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").expect("a process of ours");
    }

    fn status(&self, name: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("a running process");
        let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("what Linux tells of memory");
        let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
        kibibytes * 1024.0 / 1e6
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The CPU time that a process has used, in seconds, in steps of 10 ms (proc(5), `/proc/pid/stat`).
pub(crate) fn cpu_seconds(process: u32) -> f64 {
    const TICKS_A_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("a running process");
    // The program's name, in parentheses, may hold spaces.
    let (_, fields) = stat.rsplit_once(')').expect("what Linux says of a process");
    let ticks = fields.split_ascii_whitespace().skip(11).take(2);
    ticks.map(|ticks| ticks.parse::<f64>().expect("a number")).sum::<f64>() / TICKS_A_SECOND
}

/// The bytes of the portal's code and style as a browser gets them.
struct Portal {
    /// What the page names, which a first visit downloads.
    first: usize,
    /// What opening a page of another part first downloads beside it, with what it shares.
    parts: Vec<(String, usize)>,
    /// All files.
    sum: usize,
}

async fn portal(instance: &Instance) -> Option<Portal> {
    let files = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("dist")).ok()?;
    let page = Request::get(instance.address, "/", &[]).send().await;
    let mut first = 0;
    let mut sizes = HashMap::new();
    for file in files.filter_map(Result::ok) {
        let name = file.file_name().to_string_lossy().into_owned();
        if [".wasm", ".js", ".css"].iter().any(|end| name.ends_with(end)) {
            let request = Request::get(instance.address, &format!("/{name}"), &[("accept-encoding", "br")]);
            let answer = request.send().await;
            assert_eq!(answer.header("content-encoding"), Some("br"));
            if page.text().contains(&name) {
                first += answer.body.len();
            }
            sizes.insert(name, answer.body.len());
        }
    }
    if first == 0 {
        return None;
    }
    let parts = parts().into_iter().map(|(part, files)| (part, files.iter().map(|file| sizes[file]).sum()));
    Some(Portal { first, parts: parts.collect(), sum: sizes.values().sum() })
}

/// The files that each part loads.
fn parts() -> Vec<(String, Vec<String>)> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/size-budget");
    let output = Command::new(script).arg("--parts").output().expect("the script runs");
    serde_json::from_slice(&output.stdout).expect("the parts as JSON")
}
