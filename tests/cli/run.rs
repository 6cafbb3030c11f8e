//! Runs the program in a clean environment, and looks through everything it says: for the password,
//! and for commands that it tells to type and would not understand.
#![allow(dead_code, reason = "not every test needs all of it")]

use std::fmt;
use std::process::Output;

use assert_cmd::Command;
use clap::CommandFactory;
use tomcat_sessions::cli::Cli;

use crate::support::NOW;

/// The password of every test that has one. No run may print it.
pub const PASSWORD: &str = "s3cr3t-Kennwort";

/// The program, with nothing in its environment but a fixed clock and time zone.
pub fn command() -> Run {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"));
    command.env_clear().env("TZ", "UTC").env("LC_ALL", "C.UTF-8").env("TOMCAT_SESSIONS_CLOCK", NOW.0.to_string());
    Run { command, secrets: vec![PASSWORD.to_owned()], hidden: Vec::new() }
}

/// A run in the making.
pub struct Run {
    command: Command,
    secrets: Vec<String>,
    hidden: Vec<(String, &'static str)>,
}

impl Run {
    /// Adds arguments, parted by blanks.
    pub fn args(mut self, words: &str) -> Run {
        self.command.args(words.split_whitespace());
        self
    }

    /// Adds one argument, whatever is in it.
    pub fn arg(mut self, arg: impl AsRef<std::ffi::OsStr>) -> Run {
        self.command.arg(arg);
        self
    }

    pub fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Run {
        self.command.env(name, value);
        self
    }

    /// Lets the program read this machine's clock, which is SQLite's too.
    pub fn real_clock(mut self) -> Run {
        self.command.env_remove("TOMCAT_SESSIONS_CLOCK");
        self
    }

    pub fn stdin(mut self, text: &str) -> Run {
        self.command.write_stdin(text);
        self
    }

    /// Names another secret that no run may print.
    pub fn secret(mut self, secret: &str) -> Run {
        self.secrets.push(secret.to_owned());
        self
    }

    /// Writes `name` in the place of `text`, which differs from run to run.
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

/// What stands between backquotes in a text.
pub fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// Words as a shell would part them; of its quotes only the single ones.
pub fn words(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate();
    let marked: String =
        parts.map(|(i, part)| if i % 2 == 1 { part.replace(' ', "\0") } else { part.to_owned() }).collect();
    marked.split_whitespace().map(|word| word.replace('\0', " ")).collect()
}

/// What a run left behind. Shown whole by `Display`, for snapshots.
#[derive(Debug)]
pub struct Done {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Done {
    /// # Panics
    /// When a secret was printed.
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

    /// The hints, of people's output and of programs'.
    pub fn hints(&self) -> Vec<String> {
        let of_line = |line: &str| match serde_json::from_str::<serde_json::Value>(line) {
            Ok(error) => serde_json::from_value(error["hints"].clone()).unwrap_or_default(),
            Err(_) => line.strip_prefix("hint: ").map(str::to_owned).into_iter().collect::<Vec<String>>(),
        };
        self.stderr.lines().flat_map(of_line).collect()
    }

    /// # Panics
    /// When it tells to type a command that cannot be typed so: one that the program does not
    /// understand, or in a hint, one without the program's name before it.
    fn tells_what_can_be_typed(&self) {
        for line in [&self.stdout, &self.stderr].into_iter().flat_map(|text| quoted(text)) {
            if line.starts_with("tomcat-sessions ") && !line.contains(['…', '\\', '"']) {
                // A line for `sh` may go on behind the command.
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
    /// When the run ended otherwise.
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
