//! Runs the program itself, for what only a process can show: its exit code, and that it can be killed.

use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// The program, with nothing in its environment.
pub fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tomcat-sessions"));
    command.env_clear().args(args).args(["--format", "json"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What a run left behind.
#[derive(Debug)]
pub struct Done {
    pub code: Option<i32>,
    /// The result; null where there is none.
    pub result: Value,
    pub stderr: String,
}

/// Runs it to its end.
pub async fn run(args: &[&str]) -> Done {
    let mut command = program(args);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    Done {
        code: output.status.code(),
        result: serde_json::from_slice(&output.stdout).unwrap_or_default(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Starts it, to be killed.
pub fn start(args: &[&str]) -> Child {
    let mut command = program(args);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}
