//! The configuration file: stores by name, and defaults for the options of commands. Pure: text in, settings out.
//! `context` finds the files.
//!
//! ```toml
//! [stores.prod]
//! url = "mysql://tomcat@db1.example.org/tomcat"
//! password_file = "/etc/tomcat-sessions/prod.password"
//!
//! [stores.prod.defaults.expire]
//! grace = "10m"
//! batch = 200
//! ```
//!
//! Each key is an option of the program with `_` instead of `-`. Only `password_command` has no option, because command
//! lines are visible in process listings.

mod option_file;

use std::ops::Range;
use std::path::PathBuf;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::suggestion::among;

pub use option_file::ClientOptions;

/// The keys of a store, in the order of the documentation.
pub const STORE_KEYS: &[&str] = &[
    "url",
    "context_xml",
    "password_file",
    "password_command",
    "defaults_file",
    "table",
    "swap_table",
    "columns",
    "reconnect",
    "manager",
    "managers_file",
    "manager_user",
    "manager_password_file",
    "manager_ca",
    "defaults",
];

/// The contents of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Configuration {
    /// Sorted by name.
    pub stores: Vec<NamedStore>,
}

/// A named store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedStore {
    pub name: String,
    /// The file that contains it.
    pub file: PathBuf,
    /// Options for every command that uses this store.
    pub settings: Vec<Setting>,
    /// The command that prints the password in its first line.
    pub password_command: Option<String>,
    pub defaults: Vec<CommandDefaults>,
}

/// Options of one command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandDefaults {
    /// The name of the command, for example `expire` or `tomcat status`.
    pub command: String,
    /// The line at which the table of options begins, counted from 1.
    pub line: usize,
    pub settings: Vec<Setting>,
}

/// An option and its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The long name of the option, without its hyphens: `password-file`.
    pub option: String,
    pub value: Value,
    /// Counted from 1.
    pub line: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// An option without a value; `false` means that it is not set.
    Flag(bool),
    /// One value, or several for an option that may be repeated.
    Texts(Vec<String>),
}

/// Why a file is invalid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigurationError {
    /// Counted from 1.
    pub line: usize,
    /// A fragment: "`ulr` is not a key of a store".
    pub message: String,
    pub hint: Option<String>,
}

impl Configuration {
    /// Parses the text of a file.
    ///
    /// # Errors
    /// Invalid TOML, unknown keys, values of the wrong type, a store without a location or with two.
    pub fn parse(text: &str) -> Result<Configuration, ConfigurationError> {
        Reader { text }.configuration()
    }

    /// The store with this name.
    pub fn store(&self, name: &str) -> Option<&NamedStore> {
        self.stores.iter().find(|store| store.name == name)
    }

    /// Adds those stores of another file whose names are not used here.
    pub fn or(mut self, other: Configuration) -> Configuration {
        for store in other.stores {
            if self.store(&store.name).is_none() {
                self.stores.push(store);
            }
        }
        self
    }
}

impl NamedStore {
    /// The value of an option that occurs once.
    pub fn text(&self, option: &str) -> Option<&str> {
        self.texts(option).first().map(String::as_str)
    }

    /// The values of an option.
    pub fn texts(&self, option: &str) -> &[String] {
        match self.settings.iter().find(|setting| setting.option == option).map(|setting| &setting.value) {
            Some(Value::Texts(texts)) => texts,
            _ => &[],
        }
    }
}

/// A key, its position, and its value.
type Entry<'a, 'i> = (&'a str, Range<usize>, &'a Spanned<DeValue<'i>>);

struct Reader<'t> {
    text: &'t str,
}

impl Reader<'_> {
    fn configuration(&self) -> Result<Configuration, ConfigurationError> {
        let document = DeTable::parse(self.text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            self.error(at, error.message().to_owned(), None)
        })?;
        let mut read = Configuration::default();
        for (key, at, value) in entries(document.get_ref()) {
            match key {
                "stores" => {
                    for (name, at, store) in self.table(key, value)? {
                        read.stores.push(self.store(name, at, store)?);
                    }
                }
                _ => return Err(self.unknown(at, key, "a key of the file", "the keys of the file", &["stores"])),
            }
        }
        Ok(read)
    }

    fn store(
        &self,
        name: &str,
        at: Range<usize>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<NamedStore, ConfigurationError> {
        if !is_store_name(name) {
            let message = format!("`{name}` cannot be the name of a store");
            let hint = "a name consists of letters, digits, `-` and `_`".to_owned();
            return Err(self.error(at.start, message, Some(hint)));
        }
        let mut store = NamedStore { name: name.to_owned(), ..NamedStore::default() };
        for (key, at, value) in self.table(name, value)? {
            match key {
                "password_command" => store.password_command = Some(self.one_text(key, value)?),
                "defaults" => store.defaults = self.defaults(key, value)?,
                "columns" => store.settings.push(self.columns(value)?),
                _ if STORE_KEYS.contains(&key) => store.settings.push(self.setting(key, at, value)?),
                "password" => {
                    let hint =
                        "use password_file (a file that contains it) or password_command (a command that prints it)";
                    return Err(self.error(at.start, "passwords cannot be stored in this file", Some(hint.to_owned())));
                }
                _ => return Err(self.unknown(at, key, "a key of a store", "the keys of a store", STORE_KEYS)),
            }
        }
        let places = [store.text("url"), store.text("context-xml")].into_iter().flatten().count();
        if places != 1 {
            let message = format!(
                "the store `{name}` must have exactly one of url and context_xml; it has {}",
                if places == 0 { "none" } else { "both" }
            );
            let hint = "url = \"mysql://tomcat@localhost/tomcat\", or context_xml = \"/opt/tomcat/conf/context.xml\"";
            return Err(self.error(at.start, message, Some(hint.to_owned())));
        }
        if store.password_command.is_some() && store.text("password-file").is_some() {
            let message = format!("the store `{name}` has both password_file and password_command");
            return Err(self.error(at.start, message, None));
        }
        Ok(store)
    }

    /// Reads `[stores.prod.defaults.expire]` and similar tables: the options of each command.
    fn defaults(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<Vec<CommandDefaults>, ConfigurationError> {
        let mut defaults = Vec::new();
        for (command, at, options) in self.table(key, value)? {
            let options = self.table(command, options)?;
            let settings = options.into_iter().map(|(key, at, value)| self.setting(key, at, value));
            defaults.push(CommandDefaults {
                command: command.to_owned(),
                line: self.line(at.start),
                settings: settings.collect::<Result<_, _>>()?,
            });
        }
        Ok(defaults)
    }

    fn setting(
        &self,
        key: &str,
        at: Range<usize>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Setting, ConfigurationError> {
        let value = match value.get_ref() {
            DeValue::Boolean(given) => Value::Flag(*given),
            DeValue::Array(_) => Value::Texts(self.texts(key, value)?),
            _ => Value::Texts(vec![self.one_text(key, value)?]),
        };
        Ok(Setting { option: key.replace('_', "-"), value, line: self.line(at.start) })
    }

    /// `columns = { id = "sid" }`, or a list as in `--columns`.
    fn columns(&self, value: &Spanned<DeValue<'_>>) -> Result<Setting, ConfigurationError> {
        let columns = match value.get_ref() {
            DeValue::Table(_) => {
                let pairs = self.table("columns", value)?.into_iter();
                let pair = |(key, _, value): Entry<'_, '_>| Ok(format!("{key}={}", self.one_text(key, value)?));
                pairs.map(pair).collect::<Result<Vec<_>, _>>()?
            }
            DeValue::Array(_) => self.texts("columns", value)?,
            _ => vec![self.one_text("columns", value)?],
        };
        let value_at = self.line(value.span().start);
        Ok(Setting { option: "columns".to_owned(), value: Value::Texts(columns), line: value_at })
    }

    fn texts(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<Vec<String>, ConfigurationError> {
        let values = value.get_ref().as_array().into_iter().flat_map(|array| array.iter());
        values.map(|value| self.one_text(key, value)).collect()
    }

    fn one_text(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<String, ConfigurationError> {
        match value.get_ref() {
            DeValue::String(text) => Ok(text.to_string()),
            DeValue::Integer(number) if number.radix() == 10 => Ok(number.as_str().to_owned()),
            DeValue::Float(number) => Ok(number.as_str().to_owned()),
            other => {
                let message = format!("`{key}` is {}, not text", with_article(other.type_str()));
                Err(self.error(value.span().start, message, None))
            }
        }
    }

    fn table<'a, 'i>(
        &self,
        key: &str,
        value: &'a Spanned<DeValue<'i>>,
    ) -> Result<Vec<Entry<'a, 'i>>, ConfigurationError> {
        match value.get_ref() {
            DeValue::Table(table) => Ok(entries(table)),
            other => {
                let message = format!("`{key}` is {}, not a table", with_article(other.type_str()));
                Err(self.error(value.span().start, message, None))
            }
        }
    }

    fn unknown(&self, at: Range<usize>, key: &str, what: &str, list: &str, known: &[&str]) -> ConfigurationError {
        self.error(at.start, format!("`{key}` is not {what}"), Some(among(list, key, known)))
    }

    fn error(&self, at: usize, message: impl Into<String>, hint: Option<String>) -> ConfigurationError {
        ConfigurationError { line: self.line(at), message: message.into(), hint }
    }

    /// The line of a byte offset, counted from 1.
    fn line(&self, at: usize) -> usize {
        self.text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
    }
}

/// Tells whether a text can be the name of a store. A URL cannot; a file with such a name can be written as `./NAME`.
pub fn is_store_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) && text != "-"
}

fn entries<'a, 'i>(table: &'a DeTable<'i>) -> Vec<Entry<'a, 'i>> {
    let mut entries: Vec<_> = table.iter().map(|(key, value)| (key.get_ref().as_ref(), key.span(), value)).collect();
    entries.sort_by_key(|(_, at, _)| at.start);
    entries
}

fn with_article(name: &str) -> String {
    if name.starts_with(['a', 'e', 'i', 'o', 'u']) { format!("an {name}") } else { format!("a {name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(values: &[&str]) -> Value {
        Value::Texts(values.iter().map(|&value| value.to_owned()).collect())
    }

    #[test]
    fn the_keys_of_a_store_are_options() {
        let read = Configuration::parse(
            "[stores.prod]\nurl = \"mysql://tomcat@db/tomcat\"\npassword_command = 'pass show prod'\n\
             columns = { id = \"sid\" }\nmanager = [\"https://a/manager\", \"https://b/manager\"]\n\
             [stores.prod.defaults.expire]\nbatch = 200\nquiet = true\n\
             [stores.next]\ncontext_xml = \"/opt/tomcat/conf/context.xml\"\n\
             [stores.next.defaults.\"tomcat status\"]\nformat = \"json\"\n",
        )
        .unwrap();
        assert_eq!(read.stores.iter().map(|store| store.name.as_str()).collect::<Vec<_>>(), ["prod", "next"]);
        let prod = read.store("prod").unwrap();
        assert_eq!(prod.password_command.as_deref(), Some("pass show prod"));
        let options: Vec<_> = prod.settings.iter().map(|s| (s.option.as_str(), s.value.clone(), s.line)).collect();
        assert_eq!(
            options,
            [
                ("url", texts(&["mysql://tomcat@db/tomcat"]), 2),
                ("columns", texts(&["id=sid"]), 4),
                ("manager", texts(&["https://a/manager", "https://b/manager"]), 5),
            ]
        );
        let expire = &prod.defaults[0];
        assert_eq!((expire.command.as_str(), expire.line), ("expire", 6));
        assert_eq!(expire.settings[0].value, texts(&["200"]));
        assert_eq!(expire.settings[1].value, Value::Flag(true));
        assert_eq!(read.store("next").unwrap().defaults[0].command, "tomcat status");
    }

    #[test]
    fn the_first_file_takes_precedence() {
        let url = |url: &str, name: &str| format!("[stores.{name}]\nurl = \"{url}\"\n");
        let own = Configuration::parse(&url("sqlite:own", "prod")).unwrap();
        let system = Configuration::parse(&(url("sqlite:etc", "prod") + &url("sqlite:b", "b"))).unwrap();
        let both = own.or(system);
        assert_eq!(both.stores.len(), 2);
        assert_eq!(both.store("prod").unwrap().text("url"), Some("sqlite:own"));
    }

    #[test]
    fn errors_have_their_line_and_a_suggestion() {
        for (text, line, message, hint) in [
            ("[stores.prod]\nurll = \"x\"\n", 2, "`urll` is not a key of a store", "did you mean `url`?"),
            ("\n[store.prod]\n", 2, "`store` is not a key of the file", "did you mean `stores`?"),
            (
                "[stores.prod]\n",
                1,
                "the store `prod` must have exactly one of url and context_xml; it has none",
                "url = ",
            ),
            ("[stores.prod]\nurl = 'a'\ncontext_xml = 'b'\n", 1, "it has both", ""),
            (
                "[stores.prod]\nurl = 'a'\npassword = 'b'\n",
                3,
                "passwords cannot be stored in this file",
                "password_file",
            ),
            (
                "[stores.prod]\nurl = 'a'\npassword_file = 'b'\npassword_command = 'c'\n",
                1,
                "both password_file and",
                "",
            ),
            ("[stores.prod]\nurl = [[1]]\n", 2, "`url` is an array, not text", ""),
            ("stores = 1\n", 1, "`stores` is an integer, not a table", ""),
            ("[stores.\"a b\"]\nurl = 'a'\n", 1, "`a b` cannot be the name of a store", "letters"),
            ("[stores.prod]\nurl = 'a\n", 2, "", ""),
            ("[stores.prod]\nurl = 'a'\nurl = 'b'\n", 3, "duplicate key", ""),
        ] {
            let error = Configuration::parse(text).unwrap_err();
            assert_eq!(error.line, line, "{text}: {error:?}");
            assert!(error.message.contains(message), "{text}: {error:?}");
            assert!(error.hint.unwrap_or_default().contains(hint), "{text}");
        }
    }
}
