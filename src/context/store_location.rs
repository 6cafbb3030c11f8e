//! The location of the store, and its password.

use std::path::Path;

use secrecy::SecretString;

use super::configuration_files::{configuration, printed_password};
use super::{Context, variable};
use crate::configuration::{Configuration, NamedStore, is_store_name};
use crate::failure::Failure;
use crate::private_file;
use crate::redaction::redact_url;
use crate::store::{Target, parse_url};

impl Context {
    /// Tells whether a store was given.
    pub fn has_store(&self) -> bool {
        self.options.configured.is_some() || self.options.url.is_some()
    }

    /// The location of the store for public output, without account and password; `None` if there is no valid one.
    pub fn place(&self) -> Option<String> {
        match (&self.options.configured, &self.options.url) {
            (Some(target), _) => Some(target.place()),
            (None, Some(url)) => parse_url(url).ok().map(|target| target.place()),
            (None, None) => None,
        }
    }

    /// The target of the store, including its password.
    ///
    /// # Errors
    /// Usage error if there is no URL, or it is invalid.
    pub fn target(&self) -> Result<Target, Failure> {
        if let Some(target) = &self.options.configured {
            let password = self.password()?.or_else(|| target.password.clone());
            return Ok(Target { password, ..target.clone() });
        }
        let Some(url) = &self.options.url else {
            return Err(Failure::usage("no store was given")
                .hint("use --url mysql://tomcat@localhost:3306/tomcat, or set TOMCAT_SESSIONS_URL")
                .hint("--store NAME takes it from the configuration file; `tomcat-sessions stores` lists the names")
                .hint("use --context-xml conf/context.xml to read it from a Tomcat's configuration")
                .hint("`tomcat-sessions demo` shows a tour on a temporary store"));
        };
        let mut target = parse_url(url)?;
        if let Some(client) = &self.options.client {
            target.user = target.user.or_else(|| client.user.clone());
            target.password = target.password.or_else(|| client.password.clone());
        }
        if let Some(password) = self.password()? {
            target.password = Some(password);
        }
        Ok(target)
    }

    /// The password that was given outside of the URL.
    ///
    /// # Errors
    /// Usage error if its file cannot be read.
    pub fn password(&self) -> Result<Option<SecretString>, Failure> {
        if let Some(file) = &self.options.password_file {
            return self.password_in(file).map(Some);
        }
        if let Some(command) = &self.options.password_command {
            return self.printed_password(command).map(Some);
        }
        Ok(variable("TOMCAT_SESSIONS_PASSWORD").map(SecretString::from))
    }

    /// The password that a password_command prints. The command is run only once.
    ///
    /// # Errors
    /// It fails or prints nothing.
    pub fn printed_password(&self, command: &str) -> Result<SecretString, Failure> {
        let Ok(mut printed) = self.printed.lock() else { return printed_password(command) };
        if let Some((_, password)) = printed.iter().find(|(of, _)| of == command) {
            return Ok(password.clone());
        }
        let password = printed_password(command)?;
        printed.push((command.to_owned(), password.clone()));
        Ok(password)
    }

    /// The store with this name, if the text is a plain word that names a store, and not a file name.
    ///
    /// # Errors
    /// Usage error if a configuration file is invalid.
    pub fn named_store(&self, typed: &str) -> Result<Option<NamedStore>, Failure> {
        if !is_store_name(typed) {
            return Ok(None);
        }
        Ok(self.configuration()?.store(typed).cloned())
    }

    /// The named stores.
    ///
    /// # Errors
    /// Usage error if a configuration file is invalid.
    pub fn configuration(&self) -> Result<Configuration, Failure> {
        configuration(self.options.config.as_deref())
    }

    /// The password in the first line of a file. Warns if every account can read the file.
    ///
    /// # Errors
    /// Usage error if the file cannot be read or is empty.
    pub fn password_in(&self, file: &Path) -> Result<SecretString, Failure> {
        self.warn_of_readers("the password file", file);
        first_line(file)
    }

    /// Warns once about a file with a secret that every account of this machine can read.
    pub fn warn_of_readers(&self, what: &str, file: &Path) {
        if !private_file::others_may_read(file) {
            return;
        }
        let shown = redact_url(&file.display().to_string());
        let text = format!("Every account on this machine can read {what} {shown}; use `chmod 600`.");
        let Ok(mut noted) = self.noted.lock() else { return };
        if !noted.contains(&text) {
            self.ui.warn(&text);
            noted.push(text);
        }
    }
}

/// The first line of a password file.
///
/// # Errors
/// Usage error if the file cannot be read or is empty.
fn first_line(file: &Path) -> Result<SecretString, Failure> {
    let shown = redact_url(&file.display().to_string());
    let text = std::fs::read_to_string(file)
        .map_err(|e| Failure::usage(format!("cannot read password file `{shown}`: {e}")))?;
    match text.lines().next().filter(|line| !line.is_empty()) {
        Some(line) => Ok(SecretString::from(line)),
        None => Err(Failure::usage(format!("the first line of password file `{shown}` is empty"))),
    }
}
