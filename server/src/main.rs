//! The self-hosted binary: reads the command line and runs the command.

use std::process::ExitCode;

use clap::Parser;
use vestibule::cli::Cli;

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(Cli::parse().run()).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    });
    // A name that is being looked up holds a thread until the system gives up; the process does not wait for that.
    runtime.shutdown_background();
    code
}
