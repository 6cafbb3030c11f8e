//! The Debian package described by `[package.metadata.deb]`: its files exist, and their references to each other are
//! correct. Building it needs a release build, for which CI has no time.

use std::process::Command;

use serde_json::Value;

use crate::files::{below, read, root};

/// The description, as cargo reads it.
fn deb() -> Value {
    let mut cargo = Command::new(env!("CARGO"));
    let run = cargo.args(["metadata", "--no-deps", "--format-version", "1"]);
    let run = run.current_dir(root("")).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let metadata: Value = serde_json::from_slice(&run.stdout).unwrap();
    metadata["packages"][0]["metadata"]["deb"].clone()
}

/// The path of a project file in the package; `None` if it is not included.
fn installed(deb: &Value, file: &str) -> Option<String> {
    let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
    if Some(folder) == deb["systemd-units"]["unit-scripts"].as_str() {
        let unit = name.rsplit_once('.')?.0;
        return (Some(unit) == deb["systemd-units"]["unit-name"].as_str())
            .then(|| format!("/usr/lib/systemd/system/{name}"));
    }
    deb["assets"].as_array().unwrap().iter().find_map(|asset| {
        let (source, to) = (asset[0].as_str().unwrap(), asset[1].as_str().unwrap());
        let fits = match source.split_once('*') {
            Some((before, end)) => {
                file.strip_prefix(before).is_some_and(|rest| rest.ends_with(end) && !rest.contains('/'))
            }
            None => source == file,
        };
        fits.then(|| if to.ends_with('/') { format!("/{to}{name}") } else { format!("/{to}") })
    })
}

#[test]
fn files_of_the_package_exist() {
    let deb = deb();
    let assets = deb["assets"].as_array().unwrap();
    assert!(assets.len() > 10);
    for asset in assets {
        let source = asset[0].as_str().unwrap();
        let there = match source.split_once('*') {
            Some((before, end)) => below(before.trim_end_matches('/'), end).len() > 5,
            None => root(source).is_file() || source == "target/release/tomcat-sessions",
        };
        assert!(there, "{source} is not there");
        assert!(["644", "755"].contains(&asset[2].as_str().unwrap()), "{source}: {}", asset[2]);
    }
    for name in ["changelog", "license-file", "maintainer-scripts"] {
        let file = deb[name].as_str().or(deb[name][0].as_str()).unwrap();
        assert!(root(file).exists(), "{file} is not there");
    }
    assert!(
        read("packaging/debian/changelog").starts_with(&format!("tomcat-sessions ({}-1) ", env!("CARGO_PKG_VERSION")))
    );
}

/// Every page, every guide, a completion script for each shell for which Debian has a directory, and the units.
#[test]
fn the_package_contains_every_man_page_and_guide() {
    let deb = deb();
    let files = [below("man", ".1"), below("docs", ".md"), below("packaging", "")].concat();
    for file in files.iter().filter(|file| !file.starts_with("packaging/debian/")) {
        assert!(installed(&deb, file).is_some(), "{file} is not in the package");
    }
    for (file, place) in [
        ("completions/tomcat-sessions.bash", "/usr/share/bash-completion/completions/tomcat-sessions"),
        ("completions/_tomcat-sessions", "/usr/share/zsh/vendor-completions/_tomcat-sessions"),
        ("completions/tomcat-sessions.fish", "/usr/share/fish/vendor_completions.d/tomcat-sessions.fish"),
        ("man/tomcat-sessions-expire.1", "/usr/share/man/man1/tomcat-sessions-expire.1"),
        ("packaging/systemd/tomcat-sessions-expire.timer", "/usr/lib/systemd/system/tomcat-sessions-expire.timer"),
    ] {
        assert_eq!(installed(&deb, file).as_deref(), Some(place));
    }
}

#[test]
fn the_service_finds_what_the_package_installs() {
    let deb = deb();
    let service = read("packaging/systemd/tomcat-sessions-expire.service");
    let after = |key: &str| {
        let line = service.lines().find_map(|line| line.strip_prefix(key));
        line.unwrap_or_else(|| panic!("no {key}")).split(' ').next().unwrap().to_owned()
    };
    assert_eq!(installed(&deb, "target/release/tomcat-sessions"), Some(after("ExecStart=")));
    assert_eq!(installed(&deb, "packaging/debian/store.conf"), Some(after("EnvironmentFile=")));
    // The service is not started before a store is configured.
    assert_eq!(deb["systemd-units"]["enable"], false);
    assert_eq!(deb["systemd-units"]["start"], false);
    let store = read("packaging/debian/store.conf");
    assert!(store.lines().all(|line| line.starts_with('#')), "{store}");
}
