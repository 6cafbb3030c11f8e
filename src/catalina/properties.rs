//! Java .properties files, and the substitution of `${name}` by Tomcat's digester.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::{ConfigError, Environment, Location, configuration_file};

/// The property that names the classes in which Tomcat looks up `${name}`, separated by commas.
const PROPERTY_SOURCE: &str = "org.apache.tomcat.util.digester.PROPERTY_SOURCE";
/// The class that looks up environment variables.
const ENVIRONMENT_SOURCE: &str = "org.apache.tomcat.util.digester.EnvironmentPropertySource";
/// The class that looks up system properties; Tomcat appends it if it is not listed.
const SYSTEM_SOURCE: &str = "org.apache.tomcat.util.digester.SystemPropertySource";
/// The file with the properties, unless `-Dcatalina.config` names another one.
const DEFAULT_FILE: &str = "conf/catalina.properties";
/// The system property that names the file to read instead of `conf/catalina.properties`.
const CONFIG_FILE: &str = "catalina.config";
/// Maximum number of passes over a value, which may refer to further properties (as in `IntrospectionUtils`).
const DEPTH: usize = 20;

/// Tomcat's system properties, as far as they are in files and environment variables.
#[derive(Default, Clone)]
pub struct Properties {
    entries: Vec<Entry>,
    /// Index in `entries` of the first entry for a name.
    first: HashMap<String, usize>,
    /// The file that Tomcat reads, usually `catalina.properties`; `None` if it cannot be read here.
    pub file: Option<PathBuf>,
}

#[derive(Clone)]
struct Entry {
    name: String,
    value: String,
    /// The location of the entry, if it is in a file.
    place: Option<Location>,
}

/// Limits the cost of a substitution: values that refer to each other could grow without bound.
pub(super) struct Budget {
    values: usize,
    bytes: usize,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget { values: 100_000, bytes: 10 << 20 }
    }
}

impl Budget {
    /// Accounts for a value of this length; returns false if the budget is exceeded.
    fn spend(&mut self, bytes: usize) -> bool {
        let left = self.values > 0 && self.bytes >= bytes;
        if left {
            self.values -= 1;
            self.bytes -= bytes;
        } else {
            self.values = 0;
        }
        left
    }

    pub(super) fn is_spent(&self) -> bool {
        self.values == 0
    }
}

impl Properties {
    /// Reads `conf/catalina.properties`, or the file in `-Dcatalina.config`, and `-D` in CATALINA_OPTS, JAVA_OPTS and
    /// `bin/setenv.sh`, in Tomcat's order of precedence. `catalina.properties` comes first, because Tomcat sets each of its properties as a system property
    /// (`CatalinaProperties`) when the JVM has already set those of its command line. Of two options in the command
    /// line the JVM uses the last; `catalina.sh` puts CATALINA_OPTS behind JAVA_OPTS, and `setenv.sh` appends to both.
    ///
    /// # Errors
    /// `catalina.properties` exists and cannot be read, or `-Dcatalina.config` cannot be followed; the other properties
    /// are returned nevertheless.
    pub fn of(base: &Path, home: Option<&Path>, environment: Environment<'_>) -> (Properties, Option<ConfigError>) {
        let mut properties = Properties::default();
        properties.set("catalina.base", &base.display().to_string());
        properties.set("catalina.home", &home.unwrap_or(base).display().to_string());
        let mut options = JvmOptions::default();
        for (variable, words) in [(Variable::JavaOpts, "JAVA_OPTS"), (Variable::CatalinaOpts, "CATALINA_OPTS")] {
            options.add(&environment(words).unwrap_or_default(), variable, None);
        }
        for folder in [Some(base), home].into_iter().flatten() {
            let script = folder.join("bin/setenv.sh");
            if let Ok(bytes) = configuration_file::bytes(&script) {
                options.add(&String::from_utf8_lossy(&bytes), Variable::CatalinaOpts, Some(&script));
                break;
            }
        }
        let options: Vec<Entry> = options.by_precedence().collect();
        let configured = options.iter().find(|entry| entry.name == CONFIG_FILE);
        let default = || Some(base.join(DEFAULT_FILE));
        // A file that is named must exist.
        let (path, must_exist, mut trouble) = match configured.map(|option| configured_file(option, base, home)) {
            None => (default(), false, None),
            Some(Ok(path)) => (Some(path), true, None),
            Some(Err(ConfigFile::Ignored(trouble))) => (default(), false, Some(trouble)),
            Some(Err(ConfigFile::Unknown(trouble))) => (None, false, Some(trouble)),
        };
        if let Some(path) = &path {
            match configuration_file::bytes(path) {
                Ok(bytes) => properties.load(path, &bytes),
                Err(unread) if must_exist || path.symlink_metadata().is_ok() => trouble = Some(unread),
                Err(_) => {}
            }
        }
        options.into_iter().for_each(|entry| properties.add(entry));
        properties.file = path;
        (properties, trouble)
    }

    /// Adds the variables of the environment that `${…}` in the text names, directly or in the value of a property.
    /// They override properties of the same name only if Tomcat looks into the environment first.
    pub(super) fn with_environment(mut self, text: &str, environment: Environment<'_>) -> Properties {
        let overrides = self.looks_into_environment_first();
        let mut names: Vec<String> = named_in(text).map(str::to_owned).collect();
        let mut looked_up = HashSet::new();
        while let Some(name) = names.pop() {
            if !looked_up.insert(name.clone()) {
                continue;
            }
            if (overrides || self.get(&name).is_none())
                && let Some(value) = environment(&name)
            {
                self.first.remove(&name);
                self.set(&name, &value);
            }
            names.extend(self.get(&name).into_iter().flat_map(named_in).map(str::to_owned));
        }
        self
    }

    fn set(&mut self, name: &str, value: &str) {
        self.add(Entry { name: name.to_owned(), value: value.to_owned(), place: None });
    }

    fn add(&mut self, entry: Entry) {
        self.first.entry(entry.name.clone()).or_insert(self.entries.len());
        self.entries.push(entry);
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        self.first.get(name).map(|at| &self.entries[*at])
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.entry(name).map(|entry| entry.value.as_str())
    }

    /// The location of a property in a file.
    pub fn place(&self, name: &str) -> Option<&Location> {
        self.entry(name)?.place.as_ref()
    }

    /// The location of the property with this value in a file.
    pub fn place_of_value(&self, value: &str) -> Option<&Location> {
        self.entries.iter().find(|entry| entry.value == value)?.place.as_ref()
    }

    /// The configured property sources, in order.
    fn sources(&self) -> impl Iterator<Item = &str> {
        self.get(PROPERTY_SOURCE).into_iter().flat_map(|classes| classes.split(',')).map(str::trim)
    }

    /// Tells whether Tomcat itself substitutes environment variables.
    pub fn reads_environment(&self) -> bool {
        self.sources().any(|class| class == ENVIRONMENT_SOURCE)
    }

    /// Tells whether environment variables take precedence over properties of the same name.
    fn looks_into_environment_first(&self) -> bool {
        self.sources().find(|class| [ENVIRONMENT_SOURCE, SYSTEM_SOURCE].contains(class)) == Some(ENVIRONMENT_SOURCE)
    }

    /// A third-party property source, which may provide values that are in no file.
    pub fn other_source(&self) -> Option<&str> {
        self.sources().find(|class| !class.is_empty() && ![ENVIRONMENT_SOURCE, SYSTEM_SOURCE].contains(class))
    }

    /// Parses the format of `java.util.Properties.load(InputStream)`, with Latin-1 bytes.
    fn load(&mut self, path: &Path, bytes: &[u8]) {
        let text: String = bytes.iter().map(|&b| char::from(b)).collect();
        let mut lines = text.lines().enumerate();
        // The last line for a name counts.
        let (mut found, mut known): (Vec<Entry>, HashMap<String, usize>) = Default::default();
        while let Some((number, line)) = lines.next() {
            let mut logical = line.trim_start().to_owned();
            if logical.is_empty() || logical.starts_with(['#', '!']) {
                continue;
            }
            while (logical.len() - logical.trim_end_matches('\\').len()) & 1 == 1 {
                logical.pop();
                let Some((_, next)) = lines.next() else { break };
                logical.push_str(next.trim_start());
            }
            let (name, value) = split_key(&logical);
            let place = Some(Location { file: path.to_owned(), line: line_number(number) });
            let entry = Entry { name, value, place };
            match known.get(&entry.name) {
                Some(at) => found[*at] = entry,
                None => {
                    known.insert(entry.name.clone(), found.len());
                    found.push(entry);
                }
            }
        }
        found.into_iter().for_each(|entry| self.add(entry));
    }

    /// Replaces `${name}` and `${name:-default}`; references without a value are left unchanged.
    pub fn substitute(&self, text: &str) -> String {
        self.substitute_within(text, &mut Budget::default())
    }

    /// As [`Properties::substitute`], within a budget; if it is exceeded, references are left unchanged.
    pub(super) fn substitute_within(&self, text: &str, budget: &mut Budget) -> String {
        let mut text = text.to_owned();
        for _ in 0..DEPTH {
            let replaced = self.replaced_once(&text, budget);
            if replaced == text || !replaced.contains("${") {
                return replaced;
            }
            text = replaced;
        }
        text
    }

    fn replaced_once(&self, text: &str, budget: &mut Budget) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, behind)) = after.split_once('}') else { break };
            out.push_str(before);
            let (bare, default) = name.split_once(":-").map_or((name, None), |(bare, default)| (bare, Some(default)));
            let value = self.get(name).or_else(|| self.get(bare)).or(default);
            match value.filter(|value| budget.spend(value.len())) {
                Some(value) => out.push_str(value),
                None => out.push_str(&format!("${{{name}}}")),
            }
            rest = behind;
        }
        out + rest
    }
}

/// Why `-Dcatalina.config` names no file that can be read here.
enum ConfigFile {
    /// Tomcat ignores the option, too, and reads `conf/catalina.properties`.
    Ignored(ConfigError),
    /// Tomcat reads something else than `conf/catalina.properties`.
    Unknown(ConfigError),
}

/// The file in `-Dcatalina.config`, by the rules of `CatalinaProperties`: a name without a slash is a file in `conf`;
/// everything else is a URL, and what is no URL is ignored.
fn configured_file(option: &Entry, base: &Path, home: Option<&Path>) -> Result<PathBuf, ConfigFile> {
    let problem = |message: &str, hint: &str| {
        let (file, line) = match &option.place {
            Some(place) => (place.file.clone(), place.line),
            None => (base.join(DEFAULT_FILE), 0),
        };
        ConfigError::new(&file, format!("-D{CONFIG_FILE} {message}")).at(line).hint(hint)
    };
    let (base_text, home_text) = (base.display().to_string(), home.unwrap_or(base).display().to_string());
    let mut value = option.value.clone();
    for (name, text) in [("CATALINA_BASE", base_text), ("CATALINA_HOME", home_text)] {
        value = value.replace(&format!("${{{name}}}"), &text).replace(&format!("${name}"), &text);
    }
    if value.contains(['$', '`']) {
        let hint = "write the path without variables other than CATALINA_BASE and CATALINA_HOME";
        let message = "names a file by a shell variable: its properties are unknown here, and everything that depends on them is not checked";
        return Err(ConfigFile::Unknown(problem(message, hint)));
    }
    if !value.contains('/') {
        return Ok(base.join("conf").join(value));
    }
    let local = |rest: &str| -> Option<PathBuf> {
        let path = rest.strip_prefix("//localhost").or_else(|| rest.strip_prefix("//")).unwrap_or(rest);
        let path = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
        path.starts_with('/').then(|| PathBuf::from(path.as_ref()))
    };
    if let Some(path) = value.strip_prefix("file:").and_then(local) {
        return Ok(path);
    }
    if value.split('/').next().is_some_and(|scheme| scheme.len() > 1 && scheme.ends_with(':')) {
        let hint = "copy the file to this machine, and name it as file:/…";
        let message = "names a URL of another machine: its properties are unknown here, and everything that depends on them is not checked";
        return Err(ConfigFile::Unknown(problem(message, hint)));
    }
    let message = "is a path, but Tomcat expects a URL, ignores the option, and reads conf/catalina.properties";
    Err(ConfigFile::Ignored(problem(message, "write file: before the path")))
}

/// The variable that an option of the JVM comes from, in the order of the command line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Variable {
    JavaOpts,
    CatalinaOpts,
}

/// The options `-Dname=value` of the JVM, in the order in which they were read.
#[derive(Default)]
struct JvmOptions(Vec<(Variable, Entry)>);

impl JvmOptions {
    /// Adds the options in a variable, or in a script that sets it. `variable` is used until a line of the script
    /// assigns another one.
    fn add(&mut self, text: &str, mut variable: Variable, script: Option<&Path>) {
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with('#')) {
            let statement = line.trim_start().trim_start_matches("export ").trim_start();
            if script.is_some() && statement.starts_with("JAVA_OPTS=") {
                variable = Variable::JavaOpts;
            } else if script.is_some() && statement.starts_with("CATALINA_OPTS=") {
                variable = Variable::CatalinaOpts;
            }
            for word in line.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')) {
                let Some((name, value)) = word.strip_prefix("-D").and_then(|word| word.split_once('=')) else {
                    continue;
                };
                let place = script.map(|file| Location { file: file.to_owned(), line: line_number(number) });
                self.0.push((variable, Entry { name: name.to_owned(), value: value.to_owned(), place }));
            }
        }
    }

    /// The options, those that the JVM uses before those that they override.
    fn by_precedence(mut self) -> impl Iterator<Item = Entry> {
        self.0.sort_by_key(|(variable, _)| *variable);
        self.0.into_iter().rev().map(|(_, entry)| entry)
    }
}

/// The names of the references `${…}` in a text.
pub fn named_in(text: &str) -> impl Iterator<Item = &str> {
    text.split("${")
        .skip(1)
        .filter_map(|rest| rest.split_once('}').or_else(|| rest.split_once(":-")))
        .map(|(name, _)| name.split(":-").next().unwrap_or(name))
}

fn line_number(from_zero: usize) -> u32 {
    u32::try_from(from_zero + 1).unwrap_or(u32::MAX)
}

/// Splits a line at the first `=`, `:` or space that is not escaped.
fn split_key(line: &str) -> (String, String) {
    let mut escaped = false;
    let end = line.find(|c: char| {
        let ends = !escaped && (c.is_whitespace() || matches!(c, '=' | ':'));
        escaped = !escaped && c == '\\';
        ends
    });
    let (name, rest) = line.split_at(end.unwrap_or(line.len()));
    let rest = rest.trim_start();
    let rest = rest.strip_prefix(['=', ':']).unwrap_or(rest).trim_start();
    (unescaped(name), unescaped(rest))
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('f') => out.push('\u{c}'),
            Some('u') => {
                let digits: String = chars.by_ref().take(4).collect();
                out.push(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}'));
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_of_java() {
        let mut properties = Properties::default();
        let text = b"# a comment\n ! another\nplain=1\n spaced : two words \nempty\nlong = a,\\\n    b\npath\\ a\\=b=\\u00fc\\\\\nplain=2\n";
        properties.load(Path::new("p"), text);
        for (name, value) in
            [("plain", "2"), ("spaced", "two words "), ("empty", ""), ("long", "a,b"), ("path a=b", "ü\\")]
        {
            assert_eq!(properties.get(name), Some(value), "{name}");
        }
        assert_eq!(properties.place("long").unwrap().line, 6);
    }

    #[test]
    fn substitution() {
        let mut properties = Properties::default();
        for (name, value) in [("a", "1"), ("b", "${a}2"), ("loop", "${loop}x")] {
            properties.set(name, value);
        }
        for (text, becomes) in [
            ("${a}", "1"),
            ("x${b}y${a}", "x12y1"),
            ("${c:-d}", "d"),
            ("${c}", "${c}"),
            ("${c", "${c"),
            ("${a}${${c", "1${${c"),
            ("$a $", "$a $"),
            ("${c:-${a}}", "1"),
        ] {
            assert_eq!(properties.substitute(text), becomes, "{text}");
        }
        assert!(properties.substitute("${loop}").len() < 100);
    }

    #[test]
    fn recursive_property_values_are_limited() {
        for first in ["x", ""] {
            let mut properties = Properties::default();
            properties.set("p0", &first.repeat(100));
            for n in 1..12 {
                properties.set(&format!("p{n}"), &format!("${{p{}}}", n - 1).repeat(20));
            }
            let mut budget = Budget::default();
            assert!(properties.substitute_within("${p11}", &mut budget).len() < 32 << 20);
            assert!(budget.is_spent());
        }
    }

    #[test]
    fn options_of_a_script() {
        let mut options = JvmOptions::default();
        let script = "# -Dno=1\nCATALINA_OPTS=\"$CATALINA_OPTS -Ddb.user=tomcat -Xmx1g\"\n-Da.b=c";
        options.add(script, Variable::CatalinaOpts, Some(Path::new("setenv.sh")));
        let found: Vec<(String, String)> = options.by_precedence().map(|entry| (entry.name, entry.value)).collect();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(found, [pair("a.b", "c"), pair("db.user", "tomcat")]);
    }

    /// Reads a CATALINA_BASE with these two files, and these variables of the environment.
    fn properties_of(file: &str, script: &str, variables: &[(&str, &str)], text: &str) -> String {
        let dir = tempfile::tempdir().unwrap();
        for (path, content) in [("conf/catalina.properties", file), ("bin/setenv.sh", script)] {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        let environment =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let (properties, trouble) = Properties::of(dir.path(), None, &environment);
        assert!(trouble.is_none());
        properties.with_environment(text, &environment).substitute(text)
    }

    /// The order in which a JVM, `catalina.sh` and Tomcat itself set a system property: the last one counts.
    #[test]
    fn precedence_is_that_of_tomcat() {
        let java = ("JAVA_OPTS", "-Dx=java");
        let catalina = ("CATALINA_OPTS", "-Dx=first -Dx=catalina");
        let (set_java, set_catalina) =
            ("export JAVA_OPTS=\"$JAVA_OPTS -Dx=script-java\"", "CATALINA_OPTS='-Dx=script'");
        for (file, script, variables, value) in [
            ("x=file", set_catalina, &[java, catalina, ("x", "variable")][..], "file"),
            ("", set_catalina, &[java, catalina, ("x", "variable")], "script"),
            ("", set_java, &[java, catalina], "catalina"),
            ("", set_java, &[java], "script-java"),
            ("", "", &[java], "java"),
            ("", "", &[("x", "variable")], "variable"),
        ] {
            assert_eq!(properties_of(file, script, variables, "${x}"), value, "{file}, {script}, {variables:?}");
        }
    }

    #[test]
    fn a_property_source_that_reads_the_environment_overrides_properties() {
        let with = |classes: &str| format!("x=file\npassword=${{DB_PASSWORD}}\n{PROPERTY_SOURCE}={classes}");
        let variables = [("x", "variable"), ("DB_PASSWORD", "secret")];
        for (classes, value) in [
            (ENVIRONMENT_SOURCE.to_owned(), "variable"),
            (format!("{ENVIRONMENT_SOURCE}, {SYSTEM_SOURCE}"), "variable"),
            (format!("{SYSTEM_SOURCE},{ENVIRONMENT_SOURCE}"), "file"),
        ] {
            assert_eq!(properties_of(&with(&classes), "", &variables, "${x} ${password}"), format!("{value} secret"));
        }
    }
}
