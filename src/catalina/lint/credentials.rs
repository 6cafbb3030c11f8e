//! Rules about accounts and passwords, and about settings that help an attacker.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use secrecy::ExposeSecret;

use super::{Remedy, Severity, TomcatInstance, Violation};

pub(super) fn readable(instance: &TomcatInstance) -> Vec<Violation> {
    let mut faults: Vec<Violation> = Vec::new();
    for (element, at) in instance.connections() {
        let in_url = at.url.to_ascii_lowercase().contains("password=");
        let Some(password) = at.password.as_ref().map(|p| p.expose_secret()).or(in_url.then_some(at.url.as_str()))
        else {
            continue;
        };
        // If the value is in a properties file, that file must be protected.
        let place = instance.base.properties.place_of_value(password).unwrap_or(&element.place);
        if readable_by_all(&place.file) {
            let message = "this file contains the database password, and every account on this machine can read it: anyone who reads it can log in as any user of the application";
            let remedy = Remedy::action(format!("chmod 600 {}, as Tomcat's own user", instance.shown(&place.file)));
            faults.push(instance.of_file(Severity::Warning, "password", &place.file, place.line, message, remedy));
        }
    }
    faults
}

fn readable_by_all(file: &Path) -> bool {
    file.metadata().is_ok_and(|about| about.permissions().mode() & 0o004 != 0)
}

fn user(at: &crate::catalina::ConfiguredStore) -> Option<String> {
    at.user.clone().or_else(|| parameter(&at.url, "user"))
}

/// A parameter of a URL, in the syntax of any driver.
fn parameter(url: &str, name: &str) -> Option<String> {
    url.split(['?', '&', ';']).skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.eq_ignore_ascii_case(name).then(|| value.to_owned())
    })
}

pub(super) fn root(instance: &TomcatInstance) -> Vec<Violation> {
    let mut faults = Vec::new();
    for (element, at) in instance.connections() {
        let Some(user) = user(&at)
            .filter(|user| ["root", "sa", "admin", "administrator"].contains(&user.to_ascii_lowercase().as_str()))
        else {
            continue;
        };
        let message = format!(
            "Tomcat logs in as {user}: an attacker who breaks into one application gains access to every database on the server"
        );
        faults.push(instance.at(
            Severity::Warning,
            element,
            message,
            Remedy::action(
                "`tomcat-sessions init-db --apply` creates an account with only the privileges that Tomcat needs",
            ),
        ));
    }
    faults
}

pub(super) fn guessable(instance: &TomcatInstance) -> Vec<Violation> {
    let mut faults = Vec::new();
    for (element, at) in instance.connections() {
        let password =
            at.password.as_ref().map(|p| p.expose_secret().to_owned()).or_else(|| parameter(&at.url, "password"));
        let (Some(user), Some(password)) = (user(&at), password) else { continue };
        if password.is_empty() || password == user {
            let message = "the password is empty or the account's name, as in the guides: whoever can connect to the database can log in as any user of the application";
            faults.push(instance.at(
                Severity::Warning,
                element,
                message,
                Remedy::action("`tomcat-sessions init-db --apply --generate-password --reset-password` sets a new one"),
            ));
        }
    }
    faults
}

pub(super) fn class_filter(instance: &TomcatInstance) -> Vec<Violation> {
    let open = instance.persistent_managers().filter(|persistent| {
        persistent.store.is_some() && persistent.of.manager.get("sessionAttributeValueClassNameFilter").is_none()
    });
    open.map(|persistent| {
        let message = "no sessionAttributeValueClassNameFilter: whoever can write to the table can run code in Tomcat, which deserializes every class";
        instance.at(Severity::Note, persistent.of.manager, message, Remedy::action("`tomcat-sessions audit` prints a filter that accepts the classes in use"))
    })
    .collect()
}

pub(super) fn persist_authentication(instance: &TomcatInstance) -> Vec<Violation> {
    if instance.major().is_none_or(|major| major >= 10) {
        return Vec::new();
    }
    let keeps = instance
        .persistent_managers()
        .filter(|persistent| persistent.of.manager.flag("persistAuthentication") == Some(true));
    keeps
        .map(|persistent| {
            let message = "persistAuthentication writes the user's Realm password into the table, in clear text";
            instance.at(
                Severity::Warning,
                persistent.of.manager,
                message,
                Remedy::config("persistAuthentication=\"false\""),
            )
        })
        .collect()
}
