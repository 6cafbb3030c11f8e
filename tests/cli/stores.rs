//! Named stores: the configuration file, `--store`, `stores`, and MySQL option files.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::TempDir;

use crate::run::{Done, PASSWORD, Run};
use crate::secrets::commands;
use crate::store::{each_state, holding};
use crate::{command, support};

/// A directory with a configuration file that belongs to this account.
fn configured(text: &str) -> TempDir {
    let home = TempDir::new().unwrap();
    let folder = home.path().join(".config/tomcat-sessions");
    std::fs::create_dir_all(&folder).unwrap();
    write(&folder.join("config.toml"), text, 0o600);
    home
}

fn write(path: &Path, text: &str, mode: u32) {
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn at(home: &TempDir, args: &str) -> Run {
    command().env("HOME", home.path()).args(args).hide(home.path().display(), "HOME")
}

/// A closed port.
const NOWHERE: &str = "mysql://u@127.0.0.1:1/t?connect-timeout=2";

/// The arguments with which each command opens its store; `None` for commands without a store.
fn line(command: &str) -> Option<&'static str> {
    Some(match command {
        "init-db" => "init-db --apply",
        "list" | "stats" | "check" | "audit" | "expire" => return Some(leak(command)),
        "swap-out" => "swap-out --max-idle 1h",
        "show" => "show 0A",
        "delete" => "delete 0A",
        "logout" => "logout alice",
        "swap-in" => "swap-in 0A",
        "migrate" => "migrate --to other",
        "verify" => "verify other",
        "export" => "export a.ndjson",
        "import" => "import a.ndjson",
        "stores" => "stores --check",
        "tomcat config" => "tomcat config --tomcat 10",
        "tomcat lint" | "tomcat status" | "tomcat flush" | "tomcat swap-out" | "tomcat expire"
        | "tomcat maintenance" | "tomcat drain" | "prune" | "demo" | "completions" | "man" | "help" | "version" => {
            return None;
        }
        other => panic!("`{other}` is a new command: does it open a store?"),
    })
}

fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

#[test]
fn every_command_that_opens_a_store_takes_its_name() {
    let home = configured(&format!("[stores.prod]\nurl = \"{NOWHERE}\"\n[stores.other]\nurl = \"{NOWHERE}\"\n"));
    for (words, _) in commands() {
        let name = words.join(" ");
        let Some(line) = line(&name) else { continue };
        let run = at(&home, &format!("--store prod {line}")).run();
        assert!(!run.stderr.contains("no store was given"), "{name}: {run}");
        match name.as_str() {
            "tomcat config" => assert!(run.stdout.contains("127.0.0.1:1"), "{run}"),
            // Its archive is read first.
            "import" => {}
            _ => assert!((run.stdout.clone() + &run.stderr).contains("127.0.0.1:1"), "{name}: {run}"),
        }
    }
}

#[tokio::test]
async fn a_store_name_works_instead_of_a_url() {
    let db = holding(&each_state()).await;
    let other = holding(&each_state()).await;
    let home = configured(&format!("[stores.prod]\nurl = \"{}\"\n[stores.next]\nurl = \"{}\"\n", db.url, other.url));
    for args in ["--store prod list --format csv", "list -s prod --format csv"] {
        assert_eq!(at(&home, args).run().code(0).stdout.lines().count(), 5);
    }
    assert_eq!(
        at(&home, "list --format csv").env("TOMCAT_SESSIONS_STORE", "prod").run().code(0).stdout.lines().count(),
        5
    );
    // As the first and the second of two stores.
    at(&home, "verify prod next").run().code(0);
    at(&home, "--store prod verify next").run().code(0);
    let moved = at(&home, "migrate --from prod --to next --dry-run --format json").run().code(0);
    assert!(moved.stdout.contains(db.path().to_str().unwrap()), "{moved}");
    // A file with that name is given with its directory.
    let missing = at(&home, "verify prod ./next").run().code(1);
    assert!(missing.stderr.contains("./next"), "{missing}");
}

#[tokio::test]
async fn options_override_the_file_and_the_environment() {
    let db = holding(&each_state()).await;
    let text = format!(
        "[stores.prod]\nurl = \"{}\"\ntable = \"no_such_table\"\n[stores.prod.defaults.list]\nlimit = 2\nformat = \"csv\"\n",
        db.url
    );
    let home = configured(&text);
    at(&home, "--store prod list").run().code(11);
    let listed = |args: &str| at(&home, args).run().code(0).stdout.lines().count();
    assert_eq!(listed("--store prod list --table tomcat_sessions"), 3);
    assert_eq!(listed("--store prod list --table tomcat_sessions --limit 3"), 4);
    // The name takes precedence over the URL in the environment.
    at(&home, "--store prod list").env("TOMCAT_SESSIONS_URL", NOWHERE).run().code(11);
    let both = at(&home, "list").env("TOMCAT_SESSIONS_URL", NOWHERE).env("TOMCAT_SESSIONS_STORE", "prod").run().code(2);
    assert!(both.stderr.contains("are both set"), "{both}");
    let both = at(&home, "--store prod list").arg("--url").arg(NOWHERE).run().code(2);
    assert!(both.stderr.contains("--store and --url cannot be combined"), "{both}");
    let typed = at(&home, "list").arg("--url").arg(NOWHERE).env("TOMCAT_SESSIONS_STORE", "prod").run().code(10);
    assert!(typed.stderr.contains("127.0.0.1:1"), "{typed}");
}

#[test]
fn an_invalid_configuration_file_is_reported_with_its_line() {
    for (text, output_text) in [
        ("[stores.prod]\nulr = \"x\"\n", "config.toml, line 2: `ulr` is not a key of a store"),
        ("[stores.prod\n", "config.toml, line 1: "),
        (
            "[stores.prod]\nurl = \"sqlite:x\"\n[stores.prod.defaults.list]\nlimit = \"many\"\n",
            "invalid value 'many' for '--limit <N>'",
        ),
        (
            "[stores.prod]\nurl = \"sqlite:x\"\n[stores.prod.defaults.expire]\nbtach = 1\n",
            "`expire` has no option --btach",
        ),
    ] {
        let run = at(&configured(text), "--store prod list").run().code(2);
        assert!(run.stderr.contains(output_text), "{run}");
        assert!(run.stderr.contains("config.toml"), "{run}");
    }
    let home = configured("[stores.prod]\nurl = \"sqlite:x\"\n");
    let run = at(&home, "--store pord list").run().code(2);
    assert!(run.stderr.contains("no store is named `pord`") && run.stderr.contains("did you mean `prod`?"), "{run}");
    let run = at(&configured(""), "--store x list").run().code(2);
    let lines = "add two lines there: `[stores.x]` and `url = \"mysql://tomcat@localhost/tomcat\"`";
    assert!(run.stderr.contains(lines), "{run}");
    let run = at(&home, "--config missing.toml --store prod list").run().code(2);
    assert!(run.stderr.contains("cannot read configuration file `missing.toml`"), "{run}");
}

#[test]
fn a_url_with_a_password_in_a_readable_file_is_refused() {
    let home = configured(&format!("[stores.prod]\nurl = \"mysql://u:{PASSWORD}@127.0.0.1:1/t?connect-timeout=2\"\n"));
    at(&home, "--store prod list").run().code(10);
    let file = home.path().join(".config/tomcat-sessions/config.toml");
    for folder in [home.path(), &home.path().join(".config"), &home.path().join(".config/tomcat-sessions")] {
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let run = at(&home, "--store prod list").run().code(2);
    assert!(run.stderr.contains("can read the password in") && run.stderr.contains("chmod 600"), "{run}");
}

#[tokio::test]
async fn stores_are_listed_and_opened() {
    let db = holding(&each_state()).await;
    let home = configured(&format!(
        "[stores.prod]\nurl = \"{}\"\n[stores.gone]\nurl = \"{NOWHERE}\"\n[stores.broken]\nurl = \"http://x/y\"\n",
        db.url
    ));
    let listed = at(&home, "stores --format json").run().code(0);
    let listed: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    let names: Vec<&str> = listed["stores"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["prod", "gone", "broken"]);
    assert!(listed["stores"][2]["usable"].is_null());
    let checked = at(&home, "stores --check --format json").run().code(10);
    let checked: serde_json::Value = serde_json::from_str(&checked.stdout).unwrap();
    let usable: Vec<&serde_json::Value> = checked["stores"].as_array().unwrap().iter().map(|s| &s["usable"]).collect();
    assert_eq!(usable, [true, false, false]);
    let none = at(&TempDir::new().unwrap(), "stores").run().code(0);
    assert!(none.stderr.contains("No store is configured."), "{none}");
}

/// A run with a MariaDB that requires a password.
async fn with_password(home: &TempDir, args: &str) -> Done {
    at(home, args).run()
}

#[tokio::test]
async fn the_password_comes_from_a_command_or_an_option_file() {
    let Some(db) = support::Scratch::new(support::Kind::Mariadb).await else { return };
    db.create_table("documented").await;
    let password = db.target().password.map(|p| secrecy::ExposeSecret::expose_secret(&p).to_owned()).unwrap();
    let (user, port, database) = (db.target().user.unwrap(), db.target().port, &db.database);
    let url = format!("mariadb://{user}@127.0.0.1:{port}/{database}?ssl-mode=required");
    let home = configured(&format!(
        "[stores.prod]\nurl = \"{url}\"\npassword_command = \"cat secret\"\n[stores.fails]\nurl = \"{url}\"\npassword_command = \"exit 3\"\n"
    ));
    std::fs::write(home.path().join("secret"), format!("{password}\nmore\n")).unwrap();
    let command = format!("cat {}/secret", home.path().display());
    let file = home.path().join(".config/tomcat-sessions/config.toml");
    let text = std::fs::read_to_string(&file).unwrap().replace("cat secret", &command);
    write(&file, &text, 0o600);
    with_password(&home, "--store prod stats").await.code(0);
    with_password(&home, "verify prod prod --to-table other").await.code(11);
    let failed = with_password(&home, "--store fails stats").await.code(1);
    assert!(failed.stderr.contains("password_command failed: exit status: 3"), "{failed}");

    let option_file = home.path().join("my.cnf");
    write(
        &option_file,
        &format!(
            "[client]\nuser={user}\npassword=\"{password}\"\nhost=127.0.0.1\nport={port}\nssl-mode=REQUIRED\ndatabase={database}\n"
        ),
        0o600,
    );
    let given = format!("--defaults-file {}", option_file.display());
    with_password(&home, &format!("{given} stats")).await.code(0);
    let bare = url.replace(&format!("{user}@"), "");
    with_password(&home, &format!("{given} stats --url {bare}")).await.code(0);
    // MYSQL_PWD is used only together with an option file.
    write(&option_file, &format!("[client]\nuser={user}\n"), 0o600);
    at(&home, &format!("{given} stats --url {bare}")).env("MYSQL_PWD", &password).run().code(0);
    at(&home, &format!("stats --url {url}")).env("MYSQL_PWD", &password).run().code(10);
    let nowhere = with_password(&home, &format!("{given} stats")).await.code(2);
    assert!(nowhere.stderr.contains("has no `database`"), "{nowhere}");
    db.drop().await;
}

#[test]
fn stores_in_order_and_at_most_so_many() {
    let urls = ["two", "one", "three"].map(|name| format!("[stores.{name}]\nurl = \"sqlite:{name}.db\"\n"));
    let home = configured(&urls.concat());
    for (args, names) in [
        ("stores", &["two", "one", "three"][..]),
        ("stores --sort file --limit 0", &["two", "one", "three"]),
        ("stores --sort name", &["one", "three", "two"]),
        ("stores --sort name --limit 2", &["one", "three"]),
        ("stores --limit 1", &["two"]),
    ] {
        let run = at(&home, args).args("--format json").run().code(0);
        let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let shown: Vec<&str> =
            json["stores"].as_array().unwrap().iter().map(|store| store["name"].as_str().unwrap()).collect();
        assert_eq!(shown, names, "{args}");
        let output_text = match names.len() {
            3 => String::new(),
            shown => format!("Showing the first {shown} of 3. All: --limit 0\n"),
        };
        assert_eq!(run.stderr, output_text, "{args}");
    }
}
