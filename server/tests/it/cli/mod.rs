//! The binary, on SQLite: keys, files, people, tokens, the doctor.

mod commands;
mod cryptography;
mod keys;
mod metrics;
mod running;
mod scheduling;
mod server;
mod user_sessions;

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use sqlx::{
    Connection, Executor, Row,
    sqlite::{SqliteConnectOptions, SqliteConnection},
};

/// A deployment in a folder of its own.
struct Deployment {
    folder: tempfile::TempDir,
}

impl Deployment {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    /// The first column of the rows that a statement finds.
    async fn texts(&self, sql: &str) -> Vec<String> {
        let options = SqliteConnectOptions::new().filename(self.path("vestibule.db"));
        let mut connection = SqliteConnection::connect_with(&options).await.expect("a connection");
        let rows = connection.fetch_all(sqlx::AssertSqlSafe(sql.to_owned())).await.expect("rows");
        rows.iter().map(|row| row.get(0)).collect()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn database_url(&self) -> String {
        format!("sqlite:{}", self.path("vestibule.db").display())
    }

    /// A run of the binary that sees nothing of the machine's own settings.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule"));
        command.args(arguments).env_clear().env("VESTIBULE_DATABASE_URL", self.database_url());
        command.current_dir(self.folder.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).stdin(Stdio::null()).output().expect("the binary starts")
    }

    /// A run that must succeed; answers what stands on standard output.
    #[track_caller]
    fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// A run that must fail; answers what stands on standard error.
    #[track_caller]
    fn fail(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(!output.status.success(), "{arguments:?}: {}", text(&output.stdout));
        text(&output.stderr)
    }

    /// A run that reads a line from standard input.
    fn run_with_input(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.command(arguments);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        // It may refuse before it reads.
        let _ = child.stdin.take().expect("its input").write_all(input.as_bytes());
        child.wait_with_output().expect("an end")
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The permission bits of a file.
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).expect("a file").permissions().mode() & 0o777
}
