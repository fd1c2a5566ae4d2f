//! The binary as it serves, with its log.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, ChildStderr, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

/// A serving process in a folder of its own; it ends with the test.
pub(super) struct Server {
    process: Child,
    pub(super) address: String,
    lines: Receiver<String>,
    folder: tempfile::TempDir,
}

impl Server {
    pub(super) fn start(collector: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = command(&folder, &["serve", "--listen", "127.0.0.1:0", "--log", "warn"]);
        command.env("VESTIBULE_OTLP_ENDPOINT", collector).env("VESTIBULE_OUTBOUND_ALLOW", "127.0.0.1");
        // In milliseconds: several batches within the test.
        command.env("OTEL_BSP_SCHEDULE_DELAY", "100");
        let mut process = command.stderr(Stdio::piped()).spawn().expect("the binary starts");
        let lines = read(process.stderr.take().expect("its output"));
        let address = lines.iter().find_map(|line| line.split_once(" is at ").map(|(_, at)| at.to_owned()));
        let address = address.expect("an address").trim_end_matches('/').to_owned();
        Self { process, address, lines, folder }
    }

    /// A token of a platform administrator.
    pub(super) fn token(&self) -> String {
        let arguments = ["token", "create", "--name", "ci", "--role", "platform_admin"];
        let output = command(&self.folder, &arguments).output().expect("the binary starts");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("text").trim().to_owned()
    }

    /// Stops it. Returns how long that took, and what it logged.
    pub(super) fn stop(mut self) -> (Duration, Vec<String>) {
        let start = Instant::now();
        let sent = Command::new("kill").arg(self.process.id().to_string()).status();
        assert!(sent.expect("kill starts").success());
        assert!(self.process.wait().expect("an end").success());
        (start.elapsed(), self.lines.iter().collect())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A run of the binary that sees nothing of the machine's own settings.
fn command(folder: &tempfile::TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule"));
    let database = format!("sqlite:{}", folder.path().join("vestibule.db").display());
    command.args(arguments).env_clear().env("VESTIBULE_DATABASE_URL", database).current_dir(folder.path());
    command
}

/// Reads lines as they come, so that the process never waits for a reader.
fn read(output: ChildStderr) -> Receiver<String> {
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            // The test may have ended.
            let _ = sender.send(line);
        }
    });
    lines
}
