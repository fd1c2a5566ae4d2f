//! The binary over the database of a test, as a node of its own among others.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::{KEY, TestDatabase};

/// A serving process; it ends when it is dropped.
pub(crate) struct Node {
    process: Child,
    lines: UnboundedReceiver<String>,
    /// Where it serves.
    pub(crate) address: String,
}

impl Node {
    /// Starts a node that may call this machine and tells what it does on schedule; it serves when this returns.
    pub(crate) async fn start(database: &TestDatabase) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule"));
        let settings = [
            ("VESTIBULE_DATABASE_URL", database.url()),
            ("VESTIBULE_KEY", KEY),
            ("VESTIBULE_OUTBOUND_ALLOW", "127.0.0.1"),
        ];
        command.args(["serve", "--listen", "127.0.0.1:0", "--log", "warn,vestibule::jobs=debug"]);
        command.env_clear().envs(settings).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn().expect("the binary starts");
        let said = BufReader::new(process.stderr.take().expect("its messages"));
        let (tell, lines) = unbounded_channel();
        // To the end, also when nobody listens any more, so that it never waits for a reader.
        std::thread::spawn(move || said.lines().map_while(Result::ok).for_each(|line| drop(tell.send(line))));
        let mut node = Self { process, lines, address: String::new() };
        let said = node.until(" is at ").await;
        let address = said.rsplit(' ').next().unwrap_or_default().trim_end_matches('/');
        node.address = address.to_owned();
        node
    }

    /// Waits for the next message with these words.
    pub(crate) async fn until(&mut self, words: &str) -> String {
        let mut said = Vec::new();
        while let Some(line) = self.lines.recv().await {
            if line.contains(words) {
                return line;
            }
            said.push(line);
        }
        panic!("the node ended and never said {words:?}: {said:?}");
    }

    /// Ends it as a failing machine would: at once (SIGKILL).
    pub(crate) fn kill(mut self) {
        self.process.kill().expect("a running process");
        self.process.wait().expect("an end");
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
