//! Runs the guides in `README.md` and `docs/` as written, in a shell, with the servers and directories of this machine
//! instead of those in the text.

use std::path::Path;
use std::process::{Command, Output};

use super::variable;

/// The shell commands of a page.
pub struct Script(pub String);

impl Script {
    /// The commands of a section, from its heading to the next heading of the same level.
    ///
    /// # Panics
    /// If there is no such section, or it contains no command.
    pub fn of(page: &str, heading: &str) -> Script {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
        let text = format!("\n{text}");
        let (_, rest) = text.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("{page}: no {heading}"));
        let rank = heading.split(' ').next().unwrap();
        let section = rest.split(&format!("\n{rank} ")).next().unwrap();
        let blocks = section.split("\n```").skip(1).step_by(2);
        let lines: Vec<&str> = blocks.filter_map(|block| block.strip_prefix('\n')).collect();
        assert!(lines.iter().any(|line| line.contains("tomcat-sessions ")), "{page}: {heading} has no command");
        Script(lines.join("\n"))
    }

    /// Replaces `there` with `here`.
    ///
    /// # Panics
    /// If the guide does not contain it: the test would then not run what it should.
    #[track_caller]
    pub fn with(self, there: &str, here: impl AsRef<str>) -> Script {
        assert!(self.0.contains(there), "no `{there}` in\n{}", self.0);
        Script(self.0.replace(there, here.as_ref()))
    }

    /// Removes the lines that begin with this text, such as installation commands.
    #[track_caller]
    pub fn without(self, beginnings: &[&str]) -> Script {
        for beginning in beginnings {
            assert!(self.0.lines().any(|line| line.starts_with(beginning)), "no `{beginning}` in\n{}", self.0);
        }
        let left = self.0.lines().filter(|line| !beginnings.iter().any(|beginning| line.starts_with(beginning)));
        Script(left.collect::<Vec<_>>().join("\n"))
    }

    /// Runs the commands in a directory; every line must succeed. Returns stdout and stderr.
    pub async fn run(self, dir: &Path) -> String {
        let program = Path::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions")).parent().unwrap().to_owned();
        let mut shell = Command::new("bash");
        shell.args(["-exuc", &self.0]).current_dir(dir).env_remove("TOMCAT_SESSIONS_URL");
        shell.env("PATH", format!("{}:{}", program.display(), variable("PATH").unwrap()));
        let output: Output = tokio::task::spawn_blocking(move || shell.output().unwrap()).await.unwrap();
        let output_text =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{output_text}");
        output_text
    }
}

/// Whether a program is installed; prints a line if it is not.
pub fn has(program: &str) -> bool {
    let found = variable("PATH").is_some_and(|path| path.split(':').any(|dir| Path::new(dir).join(program).exists()));
    if !found {
        super::absent(program);
    }
    found
}
