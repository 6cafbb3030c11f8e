//! Dynamic completion in real shells.

use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tomcat_sessions::session::Session;

use crate::store::holding;
use crate::support::guide::has;
use crate::support::{NOW, session};

/// Time limit in milliseconds for a store that answers, while many tests run.
const TIMEOUT_MS: &str = "60000";

const PROGRAM: &str = env!("CARGO_BIN_EXE_tomcat-sessions");

fn sessions() -> Vec<Session> {
    vec![
        session("/Catalina/localhost/demo", "0A1B2C3D4E5F60718293A4B5C6D7E8F9.jvm1", 1800, NOW.0),
        session("/Catalina/localhost/demo", "0B1B2C3D4E5F60718293A4B5C6D7E8F9.jvm1", 1800, NOW.0),
        session("/Catalina/localhost/shop", "F01B2C3D4E5F60718293A4B5C6D7E8F9.jvm2", 1800, NOW.0),
        // Names that a shell would change.
        session("/Catalina/localhost/$(touch pwned)", "$(touch pwned)", 1800, NOW.0),
        session("/Catalina/localhost/a b;c", "G`touch pwned`", 1800, NOW.0),
    ]
}

/// Types lines in an interactive shell, with TAB for completion, and returns the words of each completed line, in angle
/// brackets. Prints a line and returns `None` if the shell, or `script` for a terminal, is missing.
fn typed_at(shell: &str, url: &str, lines: &str) -> Option<Vec<String>> {
    if !has(shell) || !has("script") {
        return None;
    }
    let dir = TempDir::new().unwrap();
    let rc = dir.path().join(".zshrc");
    let (command, setting) = match shell {
        "bash" => (format!("bash --noprofile --rcfile {} -i", rc.display()), "bind 'set bell-style none' 2>&1"),
        _ => ("zsh -i".to_owned(), "autoload -Uz compinit; compinit -u -D"),
    };
    // The command is a function that prints its words; the shell asks the program itself.
    let text = format!(
        "PS1=\n{setting}\nsource <(COMPLETE={shell} {PROGRAM})\ntomcat-sessions() {{ printf '<%s>' \"$@\"; echo; }}\n"
    );
    std::fs::write(&rc, text).unwrap();
    let mut terminal = Command::new("script");
    terminal.args(["-qec", &command, "/dev/null"]).current_dir(dir.path()).env("TERM", "dumb");
    terminal.env("SHELL", "/bin/sh").env("HOME", dir.path()).env("ZDOTDIR", dir.path());
    terminal.env("TOMCAT_SESSIONS_URL", url).env("TOMCAT_SESSIONS_TEST_COMPLETION_TIMEOUT_MS", TIMEOUT_MS);
    let mut child = terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(format!("{lines}exit\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!shown.contains("error") && !shown.contains("assword"), "{shown}");
    let became: Vec<String> =
        shown.lines().map(str::trim).filter(|line| line.starts_with('<')).map(str::to_owned).collect();
    assert_eq!(became.len(), lines.lines().count(), "{shown}");
    assert!(!dir.path().join("pwned").exists());
    Some(became)
}

/// The program's answer to a request to complete the last word.
fn asked(url: &str, words: &[&str], timeout_ms: Option<&str>) -> Output {
    Command::new(PROGRAM)
        .env_clear()
        .envs(timeout_ms.map(|timeout_ms| ("TOMCAT_SESSIONS_TEST_COMPLETION_TIMEOUT_MS", timeout_ms)))
        .env("COMPLETE", "fish")
        .env("TOMCAT_SESSIONS_URL", url)
        .args(["--", "tomcat-sessions"])
        .args(words)
        .output()
        .unwrap()
}

/// The values of the answers, without the descriptions of fish.
fn values(output: &Output) -> Vec<String> {
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let values = text.lines().map(|line| line.split('\t').next().unwrap().to_owned());
    // An empty word may also become an option.
    values.filter(|value| !value.starts_with("--")).collect()
}

#[tokio::test]
async fn bash_completes_applications_ids_and_what_clap_knows() {
    let db = holding(&sessions()).await;
    let path = db.path();
    let lines = format!(
        "tomcat-sessions expi\t\n\
         tomcat-sessions list --app sh\t\n\
         tomcat-sessions list --app=sh\t\n\
         tomcat-sessions list --app /Cat\tsh\t\n\
         tomcat-sessions show 0A\t\n\
         tomcat-sessions delete --app demo 0\t\n\
         tomcat-sessions delete --app demo F\t\n\
         tomcat-sessions list --id F\t --state exp\t\n\
         tomcat-sessions --url sqlite:{0} show 0B\t\n\
         tomcat-sessions check --explain collation.c\t\n\
         tomcat-sessions show G\t\n",
        path.display()
    );
    let Some(became) = typed_at("bash", &db.url, &lines) else { return };
    let url = format!("<--url><sqlite:{}>", path.display());
    let expected = [
        "<expire>",
        "<list><--app><shop>",
        "<list><--app=shop>",
        "<list><--app></Catalina/localhost/shop>",
        "<show><0A1B2C3D>",
        // Two sessions: their common prefix is already typed.
        "<delete><--app><demo><0>",
        // One of another application.
        "<delete><--app><demo><F>",
        "<list><--id><F01B2C3D><--state><expired>",
        &format!("{url}<show><0B1B2C3D>"),
        "<check><--explain><collation.case>",
        "<show><G>",
    ];
    assert_eq!(became, expected);
}

#[tokio::test]
async fn zsh_completes_too() {
    let db = holding(&sessions()).await;
    let lines = "tomcat-sessions list --app sh\t\ntomcat-sessions show 0A\t\ntomcat-sessions expi\t\n";
    let Some(became) = typed_at("zsh", &db.url, lines) else { return };
    assert_eq!(became, ["<list><--app><shop>", "<show><0A1B2C3D>", "<expire>"]);
}

#[tokio::test]
async fn no_id_is_completed_further_than_list_shows_it() {
    let db = holding(&sessions()).await;
    assert_eq!(values(&asked(&db.url, &["show", ""], Some(TIMEOUT_MS))), ["0A1B2C3D", "0B1B2C3D", "F01B2C3D"]);
    assert_eq!(values(&asked(&db.url, &["show", "0A1B2C3D4E"], Some(TIMEOUT_MS))), [""; 0]);
    assert_eq!(values(&asked(&db.url, &["list", "--app", ""], Some(TIMEOUT_MS))), ["demo", "shop"]);
    assert_eq!(values(&asked(&db.url, &["show", "--app", "shop", ""], Some(TIMEOUT_MS))), ["F01B2C3D"]);
    // Of a large number, the first few would not be a useful completion.
    let many: Vec<Session> = (0..300).map(|n| session("demo", &format!("{n:04X}{:028}", 0), 1800, NOW.0)).collect();
    let db = holding(&many).await;
    assert_eq!(values(&asked(&db.url, &["show", ""], Some(TIMEOUT_MS))), [""; 0]);
    assert_eq!(values(&asked(&db.url, &["show", "012"], Some(TIMEOUT_MS))).len(), 12);
}

/// A server that accepts connections and does not answer, a closed port, and an invalid URL.
#[test]
fn completion_waits_at_most_a_second_and_prints_no_error() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("mysql://u@{}/tomcat?connect-timeout=600", silent.local_addr().unwrap());
    for url in [silent.as_str(), "mysql://u@127.0.0.1:1/tomcat", "sqlite:/no/such/file.db", "nonsense", ""] {
        let since = Instant::now();
        assert_eq!(values(&asked(url, &["show", "0"], None)), [""; 0], "{url}");
        assert_eq!(values(&asked(url, &["expi"], None)), ["expire"], "{url}");
        assert!(since.elapsed() < Duration::from_secs(60), "{url}: {:?}", since.elapsed());
    }
}

#[tokio::test]
async fn fish_completes_too() {
    if !has("fish") {
        return;
    }
    let db = holding(&sessions()).await;
    let dir = TempDir::new().unwrap();
    let script = format!("COMPLETE=fish {PROGRAM} | source; complete -C 'tomcat-sessions show 0A'");
    let mut fish = Command::new("fish");
    fish.args(["--no-config", "-c", &script]).env("HOME", dir.path()).env("TOMCAT_SESSIONS_URL", &db.url);
    fish.env("TOMCAT_SESSIONS_TEST_COMPLETION_TIMEOUT_MS", TIMEOUT_MS);
    let run = fish.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&run.stdout), "0A1B2C3D\t/Catalina/localhost/demo\n", "{run:?}");
}

#[test]
fn a_foreign_complete_variable_is_ignored() {
    let run = crate::command().env("COMPLETE", "yes").args("completions bash").run().code(0);
    assert!(run.stdout.starts_with("_tomcat__sessions() {") || run.stdout.starts_with("_tomcat-sessions() {"), "{run}");
    // If the variable is exported, a purge must not become a printed script.
    let purge = crate::command().env("COMPLETE", "bash").args("expire").run().code(2);
    assert!(purge.stdout.is_empty(), "{purge}");
}
