//! Finds and reads the configuration files, and checks who can read them.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use secrecy::SecretString;

use super::variable;
use crate::configuration::{ClientOptions, Configuration, ConfigurationError, NamedStore};
use crate::failure::Failure;
use crate::private_file;
use crate::redaction::holds_secret;
use crate::suggestion::among;

/// The file for all accounts of a machine.
const SYSTEM: &str = "/etc/tomcat-sessions/config.toml";

/// Reads `given`; otherwise the file of the account and that of the system. For a name in both files, the first one
/// takes precedence.
///
/// # Errors
/// Usage error: a file cannot be read or is invalid, or it contains a password and every account can read it.
pub fn configuration(given: Option<&Path>) -> Result<Configuration, Failure> {
    let mut all = Configuration::default();
    for file in files(given) {
        match read_text(&file) {
            Ok(text) => all = all.or(read(&file, &text)?),
            // The default files are optional.
            Err(error) if error.kind() == io::ErrorKind::NotFound && given.is_none() => {}
            Err(error) => {
                return Err(Failure::usage(format!("cannot read configuration file `{}`: {error}", file.display())));
            }
        }
    }
    Ok(all)
}

/// The store with this name.
///
/// # Errors
/// Usage error if no file contains it.
pub fn named_store(given: Option<&Path>, name: &str) -> Result<NamedStore, Failure> {
    let configuration = configuration(given)?;
    if let Some(store) = configuration.store(name) {
        return Ok(store.clone());
    }
    let places: Vec<String> = files(given).iter().map(|file| format!("`{}`", file.display())).collect();
    let failure = Failure::usage(format!("no store is named `{name}` in {}", places.join(" or ")));
    let names: Vec<&str> = configuration.stores.iter().map(|store| store.name.as_str()).collect();
    Err(match names.is_empty() {
        true => failure
            .hint(format!("add two lines there: `[stores.{name}]` and `url = \"mysql://tomcat@localhost/tomcat\"`")),
        false => failure.hint(among("the stores", name, &names)),
    })
}

/// The password that a command prints in the first line of its output.
///
/// # Errors
/// The shell cannot run the command, or the command fails or prints nothing.
pub fn printed_password(command: &str) -> Result<SecretString, Failure> {
    let failed = |why: String| Failure::failed(format!("password_command failed: {why}"));
    let shell = std::process::Command::new("/bin/sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output();
    let output = shell.map_err(|error| failed(format!("cannot run /bin/sh: {error}")))?;
    if !output.status.success() {
        return Err(failed(output.status.to_string()));
    }
    let text = String::from_utf8(output.stdout).map_err(|_| failed("its output is not UTF-8".to_owned()))?;
    match text.lines().next().filter(|line| !line.is_empty()) {
        Some(line) => Ok(SecretString::from(line)),
        None => Err(failed("it prints no password".to_owned())),
    }
}

/// Reads a MySQL option file. As with the mysql client, `MYSQL_PWD` is used if the file has no password.
///
/// # Errors
/// Usage error if the file cannot be read or is invalid.
pub fn client_options(file: &Path) -> Result<ClientOptions, Failure> {
    let shown = file.display();
    let text = read_text(file).map_err(|e| Failure::usage(format!("cannot read option file `{shown}`: {e}")))?;
    let mut options = ClientOptions::parse(&text).map_err(|error| at_line(file, error))?;
    options.password = options.password.or_else(|| variable("MYSQL_PWD").map(SecretString::from));
    Ok(options)
}

/// The files to read: the given one, or the default files.
fn files(given: Option<&Path>) -> Vec<PathBuf> {
    if let Some(file) = given {
        return vec![file.to_owned()];
    }
    let set = |name| variable(name).filter(|value| value.starts_with('/')).map(PathBuf::from);
    // An empty or relative XDG_CONFIG_HOME is ignored (XDG Base Directory Specification).
    let own = set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")));
    own.map(|folder| folder.join("tomcat-sessions/config.toml")).into_iter().chain([SYSTEM.into()]).collect()
}

/// Parses the text of a file.
fn read(file: &Path, text: &str) -> Result<Configuration, Failure> {
    let mut configuration = Configuration::parse(text).map_err(|error| at_line(file, error))?;
    let secret = |store: &NamedStore| store.text("url").is_some_and(holds_secret);
    if configuration.stores.iter().any(secret) && private_file::others_may_read(file) {
        let shown = file.display();
        let failure = Failure::usage(format!("every account on this machine can read the password in `{shown}`"));
        return Err(failure.hint(format!("chmod 600 {shown}")));
    }
    configuration.stores.iter_mut().for_each(|store| file.clone_into(&mut store.file));
    Ok(configuration)
}

fn at_line(file: &Path, error: ConfigurationError) -> Failure {
    let failure = Failure::usage(format!("{}, line {}: {}", file.display(), error.line, error.message));
    error.hint.into_iter().fold(failure, Failure::hint)
}

fn read_text(file: &Path) -> io::Result<String> {
    let mut text = String::new();
    private_file::open_regular(file)?.read_to_string(&mut text)?;
    Ok(text)
}
