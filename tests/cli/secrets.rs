//! Passwords in URLs are never printed, wherever a URL is given and however it is mistyped: every option and argument
//! of every command is tested, so that new ones are covered automatically.

use std::path::Path;
use std::process::{Command, Stdio};

use clap::{Arg, ArgAction, CommandFactory};
use tempfile::TempDir;
use tomcat_sessions::cli::Cli;

/// Parts of secrets; none may be printed.
const PIECE: &str = "Zq9";

/// Typical secrets, with characters that are separators in a URL.
const SECRETS: [&str; 8] = ["Zq9", "Zq9@Zq9", "Zq9/Zq9?Zq9", "Zq9#Zq9", "Zq9:Zq9", "Zq9%Zq9", "Zq9&Zq9", "{Zq9;Zq9}"];

/// Correct and incorrect positions of secrets in URLs; `$` is the secret. No server is contacted: port 1 is closed.
const FORMS: [&str; 24] = [
    "mysql://u:$@127.0.0.1:1/t",
    "mariadb://u:$@127.0.0.1:1/t?ssl-mode=required",
    "mssql://u:$@127.0.0.1:1/t",
    "jdbc:sqlserver://sa:$@127.0.0.1:1",
    "jdbc:sqlserver://sa:$@127.0.0.1:1;databaseName=t",
    "jdbc:sqlserver://127.0.0.1:1;user=sa;password=$",
    "jdbc:sqlserver://127.0.0.1:1&user=sa&password=$",
    "jdbc:sqlserver://sa:$@127.0.0.1:1&encrypt=true",
    "mssql://127.0.0.1:1/t;password=$",
    "mssql://127.0.0.1:1/t?trustStorePassword=$",
    "jdbc:mysql://127.0.0.1:1/t?user=u;password=$",
    "jdbc:mysql://127.0.0.1:1/t/user=u&password=$",
    "jdbc:mysql://127.0.0.1:1/t?accessToken=$&nonsense=$",
    "jdbc:mysql://address=(host=127.0.0.1)(user=u)(password=$)/t",
    "jdbc:postgresql://u:$@127.0.0.1:1/t",
    "jdbc:oracle:thin:scott/$@127.0.0.1:1/x",
    "mysq://u:$@127.0.0.1/t",
    "mysql:u:$@127.0.0.1/t",
    "mysql//u:$@127.0.0.1/t",
    "u:$@127.0.0.1/t",
    "sqlite://u:$@127.0.0.1/t",
    "sqlite:t.db?password=$",
    "http://u:$@127.0.0.1:1/manager?token=$",
    "AGE-SECRET-KEY-1$",
];

/// Options whose value is a name that is printed in scripts and configurations.
const NAMES: [&str; 8] =
    ["--table", "--swap-table", "--columns", "--database", "--user", "--user-host", "--to-table", "--to-columns"];

/// Each command that can be run, with its words.
pub fn commands() -> Vec<(Vec<String>, clap::Command)> {
    fn below(words: &[String], command: &clap::Command, found: &mut Vec<(Vec<String>, clap::Command)>) {
        if !command.has_subcommands() {
            found.push((words.to_vec(), command.clone()));
        }
        for inner in command.get_subcommands() {
            below(&[words, &[inner.get_name().to_owned()]].concat(), inner, found);
        }
    }
    let mut grammar = Cli::command();
    grammar.build();
    let mut found = Vec::new();
    below(&[], &grammar, &mut found);
    found
}

/// Runs the program in `dir`, and returns its complete output.
fn captured_output(dir: &Path, args: &[String]) -> (String, String) {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"));
    command.env_clear().env("HOME", dir).env("TMPDIR", dir).current_dir(dir).stdin(Stdio::null()).args(args);
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (text(output.stdout), text(output.stderr))
}

#[track_caller]
fn silent(dir: &Path, args: &[String]) {
    let (out, err) = captured_output(dir, args);
    // A script contains the given name of the table; no other argument is part of a result.
    let is_name = args.iter().any(|arg| NAMES.iter().any(|name| arg == name || arg.starts_with(&format!("{name}="))));
    let output_text = if is_name { err } else { out + &err };
    assert!(!output_text.contains(PIECE), "{args:?}:\n{output_text}");
    assert!(!output_text.contains("panicked"), "{args:?}:\n{output_text}");
}

/// The same for many concurrent runs, each thread in its own directory: starting the program takes nearly all of the
/// time.
fn all_silent(runs: &[Vec<String>]) {
    let threads = std::thread::available_parallelism().map_or(2, |n| n.get()).max(2);
    std::thread::scope(|scope| {
        for runs in runs.chunks(runs.len().div_ceil(threads)) {
            scope.spawn(move || {
                let dir = TempDir::new().unwrap();
                runs.iter().for_each(|args| silent(dir.path(), args));
            });
        }
    });
}

fn takes_value(arg: &&Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Set | ArgAction::Append)
}

/// Other required arguments of the command; with a placeholder, the command fails later than without it.
fn required(command: &clap::Command, but: &Arg) -> Vec<String> {
    let wanted = command.get_arguments().filter(|arg| arg.is_required_set() && arg.get_id() != but.get_id());
    let each = wanted.flat_map(|arg| {
        let value = arg.get_possible_values().first().map_or("x".to_owned(), |value| value.get_name().to_owned());
        arg.get_long().map(|long| format!("--{long}")).into_iter().chain([value])
    });
    each.collect()
}

#[test]
fn no_option_of_any_command_prints_a_piece_of_a_password() {
    let mut runs = Vec::new();
    let mut form = 0;
    for (words, command) in commands() {
        for arg in command.get_arguments().filter(takes_value) {
            // Each option is tested with some of the forms; `every_form_with_every_secret` tests all of them. The demo
            // ignores the options of a store, and takes as long as twenty other commands.
            let forms = match arg.get_id().as_str() {
                _ if words == ["demo"] => 1,
                "url" => 5,
                _ => 2,
            };
            for _ in 0..forms {
                form += 1;
                let raw = FORMS[form % FORMS.len()].replace('$', SECRETS[form / FORMS.len() % SECRETS.len()]);
                let mut args = words.clone();
                args.extend(required(&command, arg));
                match arg.get_long() {
                    Some(long) if form % 2 == 0 => args.push(format!("--{long}={raw}")),
                    Some(long) => args.extend([format!("--{long}"), raw]),
                    None => args.push(raw),
                }
                if arg.get_id() != "url" {
                    args.extend(["--url".to_owned(), "sqlite:missing.db".to_owned()]);
                }
                runs.push(args);
            }
        }
    }
    assert!(runs.len() > 500, "only {} runs", runs.len());
    // Consecutive runs take about equal time, and are distributed to the threads.
    fastrand::Rng::with_seed(1).shuffle(&mut runs);
    all_silent(&runs);
}

#[test]
fn every_form_with_every_secret_as_the_store_an_archive_and_a_manager() {
    let places = ["list --url", "export", "verify", "tomcat status --manager", "tomcat config --tomcat 10 --url"];
    let mut runs = Vec::new();
    for (number, form) in FORMS.iter().enumerate() {
        for (turn, secret) in SECRETS.iter().enumerate() {
            let raw = form.replace('$', secret);
            let mut args: Vec<String> = places[(number + turn) % places.len()].split(' ').map(str::to_owned).collect();
            args.extend([raw, format!("--format={}", ["table", "json"][turn % 2])]);
            runs.push(args);
        }
    }
    all_silent(&runs);
}

#[test]
fn contents_of_files_with_urls_are_not_printed() {
    let dir = TempDir::new().unwrap();
    let (base, file) = (dir.path().join("base"), dir.path().join("file"));
    std::fs::create_dir_all(base.join("conf")).unwrap();
    std::fs::write(
        base.join("conf/server.xml"),
        "<Server><Service><Engine defaultHost='h'><Host name='h'/></Engine></Service></Server>",
    )
    .unwrap();
    let xml = |text: &str| text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    for (number, form) in FORMS.iter().enumerate() {
        let raw = form.replace('$', SECRETS[number % SECRETS.len()]);
        let store = format!(
            r#"<Context><Manager className="org.apache.catalina.session.PersistentManager"><Store className="org.apache.catalina.session.DataSourceStore" dataSourceName="jdbc/s"/></Manager><Resource name="jdbc/s" type="javax.sql.DataSource" url="{}"/></Context>"#,
            xml(&raw)
        );
        std::fs::write(base.join("conf/context.xml"), &store).unwrap();
        std::fs::write(&file, format!("{raw}\n")).unwrap();
        let state = format!("{{\"version\": 1, \"since\": \"{raw}\", \"entries\": []}}");
        std::fs::write(dir.path().join("state"), state).unwrap();
        let shown = |path: &Path| path.display().to_string();
        for args in [
            vec!["list".into(), "--context-xml".into(), shown(&base.join("conf/context.xml"))],
            vec!["check".into(), "--format=json".into(), "--context-xml".into(), shown(&base.join("conf/context.xml"))],
            vec!["tomcat".into(), "lint".into(), shown(&base)],
            vec!["tomcat".into(), "lint".into(), "--format=json".into(), shown(&base)],
            vec!["tomcat".into(), "lint".into(), "--format=sarif".into(), shown(&base)],
            vec!["tomcat".into(), "status".into(), "--managers-file".into(), shown(&file)],
            vec![
                "tomcat".into(),
                "expire".into(),
                "--manager=http://127.0.0.1:1".into(),
                "--state-file".into(),
                shown(&dir.path().join("state")),
            ],
            vec!["import".into(), shown(&file), "--url=sqlite:missing.db".into()],
            vec!["import".into(), "x".into(), "--identity".into(), shown(&file), "--url=sqlite:missing.db".into()],
            vec!["import".into(), "x".into(), "--allow-classes".into(), shown(&file), "--url=sqlite:missing.db".into()],
            vec!["export".into(), "x".into(), "--encrypt-to".into(), shown(&file), "--url=sqlite:missing.db".into()],
        ] {
            silent(dir.path(), &args);
        }
    }
}

#[test]
fn a_mistyped_url_creates_no_file() {
    let dir = TempDir::new().unwrap();
    let run = captured_output(
        dir.path(),
        &["export".into(), "mysql:root:Zq9@127.0.0.1".into(), "--url=sqlite:missing.db".into()],
    );
    assert!(run.1.contains("neither a store's URL nor an archive"), "{run:?}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}
