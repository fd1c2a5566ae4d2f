//! The binary as it serves.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use super::Deployment;

const SERVE: [&str; 5] = ["serve", "--listen", "127.0.0.1:0", "--log", "warn"];

/// A serving process; it ends with the test.
pub(super) struct Server {
    process: Child,
    pub(super) address: String,
}

impl Server {
    pub(super) fn start(deployment: &Deployment) -> Self {
        Self::start_with(deployment, &[])
    }

    /// A server with more settings, as environment variables.
    pub(super) fn start_with(deployment: &Deployment, settings: &[(&str, &str)]) -> Self {
        Self::run(deployment.command(&SERVE), settings)
    }

    /// A server that may have so many files and connections open.
    pub(super) fn start_with_descriptors(deployment: &Deployment, count: u32, settings: &[(&str, &str)]) -> Self {
        let command = deployment.command(&[]);
        let binary = command.get_program().to_owned();
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", &format!("ulimit -n {count}; exec \"$0\" \"$@\"")]).arg(binary).args(SERVE).env_clear();
        for (name, value) in command.get_envs() {
            shell.envs(value.map(|value| (name, value)));
        }
        shell.current_dir(command.get_current_dir().expect("a folder"));
        Self::run(shell, settings)
    }

    fn run(mut command: Command, settings: &[(&str, &str)]) -> Self {
        let command =
            command.env("VESTIBULE_OUTBOUND_ALLOW", "127.0.0.1").envs(settings.iter().copied()).stderr(Stdio::piped());
        let mut process = command.spawn().expect("the binary starts");
        let mut lines = BufReader::new(process.stderr.take().expect("its output")).lines();
        let address = lines.find_map(|line| line.expect("text").split_once(" is at ").map(|(_, at)| at.to_owned()));
        // What it says later is read to nowhere, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, address: address.expect("an address").trim_end_matches('/').to_owned() }
    }

    /// Asks it to end, waits until it has, and answers whether it ended well.
    pub(super) fn stop(mut self) -> bool {
        let asked = Command::new("kill").arg(self.process.id().to_string()).status();
        assert!(asked.expect("kill starts").success());
        self.process.wait().expect("an end").success()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
