//! Runs the program itself, for tests of exit codes and kills.

use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// The program with an empty environment.
pub fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tomcat-sessions"));
    command.env_clear().args(args).args(["--format", "json"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Result of a run.
#[derive(Debug)]
pub struct Done {
    pub code: Option<i32>,
    /// The JSON result; null if there is none.
    pub result: Value,
    pub stderr: String,
}

/// Runs it until it ends.
pub async fn run(args: &[&str]) -> Done {
    let mut command = program(args);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    Done {
        code: output.status.code(),
        result: serde_json::from_slice(&output.stdout).unwrap_or_default(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Starts it, so that it can be killed.
pub fn start(args: &[&str]) -> Child {
    let mut command = program(args);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}
