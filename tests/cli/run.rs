//! Runs the program in a clean environment, and checks its output for the password, and for commands that the program
//! would not understand.
#![allow(dead_code, reason = "not every test needs all of it")]

use std::fmt;
use std::process::Output;

use assert_cmd::Command;
use clap::CommandFactory;
use tomcat_sessions::cli::Cli;

use crate::support::NOW;

/// The password of every test that has one. No run may print it.
pub const PASSWORD: &str = "s3cr3t-Kennwort";

/// The program with an empty environment, except for a fixed clock and time zone.
pub fn command() -> Run {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"));
    command.env_clear().env("TZ", "UTC").env("LC_ALL", "C.UTF-8").env("TOMCAT_SESSIONS_CLOCK", NOW.0.to_string());
    Run { command, secrets: vec![PASSWORD.to_owned()], hidden: Vec::new() }
}

/// A run before it is started.
pub struct Run {
    command: Command,
    secrets: Vec<String>,
    hidden: Vec<(String, &'static str)>,
}

impl Run {
    /// Adds arguments, separated by spaces.
    pub fn args(mut self, words: &str) -> Run {
        self.command.args(words.split_whitespace());
        self
    }

    /// Adds one argument with any content.
    pub fn arg(mut self, arg: impl AsRef<std::ffi::OsStr>) -> Run {
        self.command.arg(arg);
        self
    }

    pub fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Run {
        self.command.env(name, value);
        self
    }

    /// Makes the program use this machine's clock, which SQLite also uses.
    pub fn real_clock(mut self) -> Run {
        self.command.env_remove("TOMCAT_SESSIONS_CLOCK");
        self
    }

    pub fn stdin(mut self, text: &str) -> Run {
        self.command.write_stdin(text);
        self
    }

    /// Adds another secret that no run may print.
    pub fn secret(mut self, secret: &str) -> Run {
        self.secrets.push(secret.to_owned());
        self
    }

    /// Replaces `text`, which differs in every run, with `name`.
    pub fn hide(mut self, text: impl fmt::Display, name: &'static str) -> Run {
        self.hidden.push((text.to_string(), name));
        self
    }

    /// Runs it.
    pub fn run(mut self) -> Done {
        let output = self.command.output().unwrap();
        let done = Done::new(&output, &self.secrets, &self.hidden);
        done.tells_what_can_be_typed();
        done
    }
}

/// The texts in backticks.
pub fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// Splits words like a shell that supports single quotes only.
pub fn words(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate();
    let marked: String =
        parts.map(|(i, part)| if i % 2 == 1 { part.replace(' ', "\0") } else { part.to_owned() }).collect();
    marked.split_whitespace().map(|word| word.replace('\0', " ")).collect()
}

/// Result of a run. `Display` shows all of it, for snapshots.
#[derive(Debug)]
pub struct Done {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Done {
    /// # Panics
    /// If a secret was printed.
    fn new(output: &Output, secrets: &[String], hidden: &[(String, &'static str)]) -> Done {
        let text = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            for secret in secrets {
                assert!(!text.contains(secret.as_str()), "a secret was printed");
            }
            hidden.iter().fold(text, |text, (part, name)| text.replace(part.as_str(), name))
        };
        Done { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// The hints, in text and in JSON.
    pub fn hints(&self) -> Vec<String> {
        let of_line = |line: &str| match serde_json::from_str::<serde_json::Value>(line) {
            Ok(error) => serde_json::from_value(error["hints"].clone()).unwrap_or_default(),
            Err(_) => line.strip_prefix("hint: ").map(str::to_owned).into_iter().collect::<Vec<String>>(),
        };
        self.stderr.lines().flat_map(of_line).collect()
    }

    /// # Panics
    /// If it suggests a command that the program does not understand or, in a hint, one without the program's name.
    fn tells_what_can_be_typed(&self) {
        for line in [&self.stdout, &self.stderr].into_iter().flat_map(|text| quoted(text)) {
            if line.starts_with("tomcat-sessions ") && !line.contains(['…', '\\', '"']) {
                // A line for `sh` may continue after the command.
                let command = line.split(['|', '>', ';']).next().unwrap_or(line);
                if let Err(error) = Cli::command().try_get_matches_from(words(command)) {
                    assert!(!error.use_stderr(), "`{line}` cannot be typed: {error}\n{self}");
                }
            }
        }
        let grammar = Cli::command();
        for hint in self.hints() {
            for line in quoted(&hint).filter(|line| line.contains(' ')) {
                let first = line.split(' ').next().unwrap_or(line);
                assert!(grammar.find_subcommand(first).is_none(), "`{line}` cannot be pasted: {self}");
            }
        }
    }

    /// # Panics
    /// If the exit code differs.
    #[track_caller]
    pub fn code(self, code: i32) -> Done {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => writeln!(f, "exit {code}")?,
            None => writeln!(f, "ended by a signal")?,
        }
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                write!(f, "--- {name}\n{text}")?;
            }
        }
        Ok(())
    }
}
