//! Rules about placeholders that were not replaced.

use super::{Remedy, Severity, TomcatInstance, Violation};
use crate::catalina::{Element, named_in};

/// Prefixes of properties that exist in every JVM and every Tomcat.
const KNOWN_PREFIXES: &[&str] =
    &["java.", "user.", "os.", "file.", "path.", "line.", "sun.", "jdk.", "native.", "catalina."];

pub(super) fn unresolved(instance: &TomcatInstance) -> Vec<Violation> {
    let properties = &instance.base.properties;
    let Some(file) = &properties.file else { return Vec::new() };
    let (source, file) = (properties.other_source(), instance.shown(file));
    let mut faults = Vec::new();
    each_attribute(instance, &mut |element, attribute, value| {
        for property in named_in(value).filter(|name| !KNOWN_PREFIXES.iter().any(|begin| name.starts_with(begin))) {
            let (severity, message) = match source {
                Some(source) => {
                    (Severity::Note, format!("`{attribute}` contains ${{{property}}}, which only {source} can resolve"))
                }
                None => (
                    Severity::Error,
                    format!(
                        "`{attribute}` contains ${{{property}}}, which no property source provides: Tomcat uses the text ${{{property}}} literally"
                    ),
                ),
            };
            let remedy = Remedy::action(format!(
                "set {property} in {file} or with -D{property}=… in CATALINA_OPTS; environment variables are read only with org.apache.tomcat.util.digester.PROPERTY_SOURCE=org.apache.tomcat.util.digester.EnvironmentPropertySource in {file}"
            ));
            faults.push(instance.at(severity, element, message, remedy));
        }
    });
    faults
}

pub(super) fn template(instance: &TomcatInstance) -> Vec<Violation> {
    let mut faults = Vec::new();
    each_attribute(instance, &mut |element, attribute, value| {
        // A password may contain a dollar sign; but one that consists of `$NAME` only is a placeholder.
        let whole = attribute.to_ascii_lowercase().contains("password");
        if let Some(variable) = shell_variable(value).filter(|variable| !whole || variable.len() == value.trim().len())
        {
            let message = format!(
                "`{attribute}` contains {variable}, a leftover from a template: Tomcat replaces only ${{name}}, and uses this text literally"
            );
            let remedy = Remedy::action(
                "let the tool that writes the file insert the value, or use ${name} and provide that property",
            );
            faults.push(instance.at(Severity::Error, element, message, remedy));
        }
    });
    faults
}

/// `$NAME` in capitals at the start of a word, or `{{ name }}`.
fn shell_variable(value: &str) -> Option<String> {
    if let Some((_, rest)) = value.split_once("{{")
        && let Some((name, _)) = rest.split_once("}}")
        && name.trim().chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | ' '))
        && !name.trim().is_empty()
    {
        return Some(format!("{{{{{name}}}}}"));
    }
    let mut before = None;
    for (at, c) in value.char_indices() {
        if c == '$' && !before.is_some_and(char::is_alphanumeric) {
            let name: String = value[at + 1..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            let capitals = name.len() >= 2 && name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_');
            if capitals && !name.chars().any(|c| c.is_ascii_lowercase()) {
                return Some(format!("${name}"));
            }
        }
        before = Some(c);
    }
    None
}

/// Every attribute of every element in the files that Tomcat's digester reads; elements in server.xml are visited once.
fn each_attribute<'a>(instance: &'a TomcatInstance, found: &mut impl FnMut(&'a Element, &'a str, &'a str)) {
    let server = instance.base.server.as_ref();
    let in_server = |element: &Element| server.is_some_and(|server| server.place.file == element.place.file);
    let contexts = instance.base.contexts.iter().map(|context| &context.root).filter(|root| !in_server(root));
    for root in server.into_iter().chain(contexts) {
        below(root, found);
    }
}

fn below<'a>(element: &'a Element, found: &mut impl FnMut(&'a Element, &'a str, &'a str)) {
    for (name, value) in element.attributes() {
        found(element, name, value);
    }
    element.children.iter().for_each(|child| below(child, found));
}

#[cfg(test)]
mod tests {
    use super::shell_variable;

    #[test]
    fn variables_of_shells_and_templates() {
        for (value, variable) in [
            ("jdbc:mysql://$DB_HOST:3306/t", Some("$DB_HOST")),
            ("$DB_PASSWORD", Some("$DB_PASSWORD")),
            ("jdbc:mysql://{{ db_host }}/t", Some("{{ db_host }}")),
            ("tomcat$sessions", None),
            ("tomcat$SESSIONS", None),
            ("${db.password}", None),
            ("%h %{X-Forwarded-For}i $", None),
            ("costs $5", None),
        ] {
            assert_eq!(shell_variable(value).as_deref(), variable, "{value}");
        }
    }
}
