//! JDBC drivers: the parameters of their URLs that have a meaning here, and what Tomcat passes to a driver in
//! addition to the URL. The tables are in the engines' folders; `docs/jdbc.md` is generated from them. The parsers of
//! the URLs are there too.

use std::fmt::Write as _;

use secrecy::SecretString;

use super::url::{Target, UrlError};
use super::{ENGINES, Engine};
use crate::suggestion::{among, nearest};

/// What a connection pool or a JDBCStore passes to its driver, and the driver itself.
#[derive(Debug, Clone, Default)]
pub struct Configured<'a> {
    /// The driver's class.
    pub class: Option<&'a str>,
    /// The version of the driver's jar, if it was found.
    pub version: Option<&'a str>,
    pub user: Option<&'a str>,
    pub password: Option<SecretString>,
}

impl Configured<'_> {
    /// Tells whether the jar is known to be older than this version.
    pub(super) fn is_before(&self, major: u32, minor: u32) -> bool {
        let numbers = |version: &str| {
            let mut parts = version.split(|c: char| !c.is_ascii_digit()).map(str::parse::<u32>);
            Some((parts.next()?.ok()?, parts.next().and_then(Result::ok).unwrap_or(0)))
        };
        self.version.and_then(numbers).is_some_and(|found| found < (major, minor))
    }
}

/// A driver, or the versions of it that read URLs in the same way.
#[derive(Debug)]
pub struct Driver {
    pub name: &'static str,
    /// The prefix of its URLs.
    pub scheme: &'static str,
    pub parameters: &'static [Parameter],
    /// Parameters, separated by spaces, that have no effect on this program: types, pools, caches, logs.
    pub ignored: &'static [&'static str],
    /// Case sensitivity, repetition, precedence, encoding.
    pub rules: &'static [&'static str],
    /// Whether names are case-sensitive.
    pub exact_case: bool,
}

/// The effect of the parameters with these names.
#[derive(Debug)]
pub struct Parameter {
    /// The driver's name of the parameter, and its aliases.
    pub names: &'static [&'static str],
    pub effect: ParameterEffect,
    /// Whether these names are case-sensitive although those of the other parameters are not.
    pub exact_case: bool,
}

impl Parameter {
    pub(super) const fn new(names: &'static [&'static str], effect: ParameterEffect) -> Parameter {
        Parameter { names, effect, exact_case: false }
    }

    /// A parameter whose names are always case-sensitive.
    pub(super) const fn exact(names: &'static [&'static str], effect: ParameterEffect) -> Parameter {
        Parameter { names, effect, exact_case: true }
    }
}

/// The effect of a parameter in this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterEffect {
    /// Read by the engine.
    Used(&'static str),
    /// Ignored, with a note: it has an effect in Tomcat.
    Different(&'static str),
    /// Refused, unless it has one of these values: it changes the server or the account.
    Refused { unless: &'static [&'static str], why: &'static str },
}

impl Driver {
    fn has_name(&self, parameter: &Parameter, given: &str) -> bool {
        let exact = self.exact_case || parameter.exact_case;
        parameter.names.iter().any(|name| if exact { *name == given } else { name.eq_ignore_ascii_case(given) })
    }

    /// The driver's own name of a parameter, with its meaning; `None` if it has no meaning here.
    fn find(&self, given: &str) -> Option<(&'static str, ParameterEffect)> {
        self.parameters.iter().find(|p| self.has_name(p, given)).map(|p| (p.names[0], p.effect))
    }

    fn ignored_names(&self) -> impl Iterator<Item = &'static str> {
        self.ignored.iter().flat_map(|names| names.split_ascii_whitespace())
    }

    fn ignores(&self, given: &str) -> bool {
        self.ignored_names().any(|name| name.eq_ignore_ascii_case(given))
    }

    /// Splits parameters into those that the engine reads, by the driver's own names and in their order, and notes
    /// about the others.
    ///
    /// # Errors
    /// If a parameter changes the server or the account in a way that cannot be applied.
    pub(super) fn classify(&'static self, given: Vec<(String, String)>) -> Result<ClassifiedParameters, UrlError> {
        let mut sorted = ClassifiedParameters { used: Vec::new(), notes: Vec::new() };
        let mut unknown: Vec<String> = Vec::new();
        let mut unnamed = false;
        for (name, value) in given {
            if let Some(rest) = name.strip_prefix("amp;") {
                let rest = if self.find(rest).is_some() { rest } else { "name" };
                return Err(UrlError::new(
                    "the URL separates its parameters with `&amp;` instead of `&`",
                    format!("write `&amp;` only in XML, and once; elsewhere write `&`: `&{rest}=…`"),
                )
                .unsupported());
            }
            match self.find(&name) {
                Some((name, ParameterEffect::Used(_))) => sorted.used.push((name, value)),
                Some((name, ParameterEffect::Different(difference))) => {
                    let note = format!("The URL's parameter `{name}` is ignored: {difference}");
                    if !sorted.notes.contains(&note) {
                        sorted.notes.push(note);
                    }
                }
                Some((name, ParameterEffect::Refused { unless, why })) => {
                    if !unless.iter().any(|harmless| harmless.eq_ignore_ascii_case(value.trim())) {
                        return Err(UrlError::new(
                            format!("the URL's parameter `{name}` is not supported: {why}"),
                            REMEDY,
                        )
                        .unsupported());
                    }
                }
                None if name.trim().is_empty() || self.ignores(&name) => {}
                None if is_plain_word(&name) => {
                    let meant = nearest(&name, self.parameters.iter().map(|p| p.names[0]));
                    let meant = meant.map(|meant| format!(" (did you mean `{meant}`?)")).unwrap_or_default();
                    unknown.push(format!("`{name}`{meant}"));
                }
                None => unnamed = true,
            }
        }
        unknown.sort();
        unknown.dedup();
        if unnamed {
            // It may be part of a password that contains an unescaped `&`.
            unknown.push(
                "one whose name is not shown, because it may be part of a password (write & in a password as %26)"
                    .to_owned(),
            );
        }
        if !unknown.is_empty() {
            sorted.notes.push(format!(
                "Ignored parameters of the URL, unknown to {}: {}.",
                self.name,
                unknown.join(", ")
            ));
        }
        Ok(sorted)
    }
}

/// The parameters of a URL, by their treatment.
pub(super) struct ClassifiedParameters {
    pub used: Vec<(&'static str, String)>,
    pub notes: Vec<String>,
}

const REMEDY: &str = "name the server and the account with --url, for example --url mysql://user@host:3306/database, --url mssql://user@host:1433/database";

/// Tells whether a name may appear in a message: anything but a word may be part of a password.
pub(super) fn is_plain_word(name: &str) -> bool {
    (4..=48).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '.' | '_' | '-'))
}

/// The note about a certificate that the driver does not check either.
pub(super) fn unchecked(driver: &Driver, setting: &str) -> String {
    format!("The server's certificate is not checked, because {} does not check it ({setting}).", driver.name)
}

/// A boolean value, in the words of the driver.
///
/// # Errors
/// If it is neither true nor false.
pub(super) fn parse_bool(name: &str, value: &str, yes: &[&str], no: &[&str]) -> Result<bool, UrlError> {
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(value));
    match (is(yes), is(no)) {
        (true, _) => Ok(true),
        (_, true) => Ok(false),
        _ => Err(UrlError::new(
            format!("the URL's parameter `{name}` is neither true nor false"),
            format!("write {name}=true or {name}=false; the driver refuses this value too"),
        )),
    }
}

/// Wrappers that pass the rest of the URL to another driver, by the word after `jdbc:`.
const WRAPPERS: &[&str] = &["p6spy", "log4jdbc", "aws-wrapper", "otel", "tracing"];

/// Databases in which Tomcat can store sessions and which this program does not support.
const UNSUPPORTED: &[(&str, &str)] = &[
    ("jdbc:oracle", "Oracle Database"),
    ("oracle", "Oracle Database"),
    ("jdbc:db2", "Db2"),
    ("jdbc:h2", "H2"),
    ("jdbc:hsqldb", "HSQLDB"),
    ("jdbc:derby", "Derby"),
    ("jdbc:firebirdsql", "Firebird"),
    ("jdbc:sybase", "Sybase ASE"),
    ("jdbc:jtds:sybase", "Sybase ASE"),
    ("jdbc:informix-sqli", "Informix"),
];

fn begins(url: &str, scheme: &str) -> bool {
    let head = url.as_bytes().get(..scheme.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(scheme.as_bytes()))
        && url.as_bytes()[scheme.len()..].starts_with(b":")
}

/// The URL without the part of a wrapping driver.
pub(super) fn unwrapped(url: &str) -> String {
    for wrapper in WRAPPERS {
        let scheme = format!("jdbc:{wrapper}");
        if begins(url, &scheme) {
            return format!("jdbc:{}", &url[scheme.len() + 1..]);
        }
    }
    url.to_owned()
}

/// Finds the engine of a URL by its scheme.
///
/// # Errors
/// If no engine has that scheme. The message repeats a scheme only if it is a known one.
pub(super) fn engine_of(url: &str) -> Result<&'static dyn Engine, UrlError> {
    if let Some(engine) = ENGINES.iter().find(|engine| engine.schemes().iter().any(|scheme| begins(url, scheme))) {
        return Ok(*engine);
    }
    if let Some((_, database)) = UNSUPPORTED.iter().find(|(scheme, _)| begins(url, scheme)) {
        let known: Vec<&str> = ENGINES.iter().map(|engine| engine.name()).collect();
        return Err(UrlError::new(
            format!("{database} is not supported yet"),
            format!("the engines are {}", known.join(", ")),
        )
        .unsupported());
    }
    if begins(url, "jdbc:mysql+srv") {
        return Err(UrlError::new("the URL uses DNS SRV records to find its servers, which is not supported", REMEDY)
            .unsupported());
    }
    Err(UrlError::unknown_scheme(url))
}

/// Reads a URL as Tomcat's driver reads it.
///
/// # Errors
/// If no engine has its scheme, the driver would refuse it, or it cannot be applied.
pub fn parse_configured(url: &str, configured: &Configured<'_>) -> Result<Target, UrlError> {
    let url = unwrapped(url.trim());
    let target = engine_of(&url).and_then(|engine| engine.parse_configured(&url, configured));
    target.and_then(|target| target.without_misplaced_secrets(&url)).map_err(|error| error.redacted(&url))
}

/// A parameter that URLs in the program's own form do not have.
pub(super) fn unknown_parameter(name: &str, known: &[&str]) -> UrlError {
    let shown =
        if is_plain_word(name) { format!("the URL's parameter `{name}`") } else { "a parameter of the URL".to_owned() };
    UrlError::new(format!("{shown} is unknown"), among("parameters", name_or_nothing(name), known))
}

fn name_or_nothing(name: &str) -> &str {
    if is_plain_word(name) { name } else { "" }
}

/// `docs/jdbc.md`.
pub fn reference() -> String {
    let mut text = HEAD.to_owned();
    for driver in ENGINES.iter().flat_map(|engine| engine.drivers()).copied() {
        let _ = write!(text, "\n## {}\n\nURLs begin with `{}`.\n\n", driver.name, driver.scheme);
        for rule in driver.rules {
            let _ = writeln!(text, "- {rule}");
        }
        text.push_str("\n| parameter | how this program treats it |\n|---|---|\n");
        for parameter in driver.parameters {
            let names: Vec<String> = parameter.names.iter().map(|name| format!("`{name}`")).collect();
            let here = match parameter.effect {
                ParameterEffect::Used(effect) => effect.to_owned(),
                ParameterEffect::Different(difference) => format!("ignored, with a note: {difference}"),
                ParameterEffect::Refused { unless: [], why } => format!("refused: {why}"),
                ParameterEffect::Refused { unless, why } => {
                    format!("refused unless it is {}: {why}", alternatives(unless))
                }
            };
            let _ = writeln!(text, "| {} | {here} |", names.join(", "));
        }
        let mut ignored: Vec<&str> = driver.ignored_names().filter(|name| driver.find(name).is_none()).collect();
        ignored.sort_by_key(|name| name.to_ascii_lowercase());
        ignored.dedup_by_key(|name| name.to_ascii_lowercase());
        let _ = write!(text, "\nIgnored: `{}`.\n", ignored.join("`, `"));
    }
    text
}

/// Values in words: "empty or `a`".
fn alternatives(values: &[&str]) -> String {
    let value = |value: &&str| if value.is_empty() { "empty".to_owned() } else { format!("`{value}`") };
    let values: Vec<String> = values.iter().map(value).collect();
    match values.as_slice() {
        [rest @ .., last] if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => values.concat(),
    }
}

const HEAD: &str = "<!-- Generated from src/engine/*/jdbc: UPDATE_GENERATED=1 cargo test --test conventions -->

# JDBC URLs

## When you need this

Your store is configured with a JDBC URL, and you want to know how the program reads it.

`--context-xml` reads the URL as Tomcat's driver reads it: the same server, the same account, the same encryption.
The class in `driverClassName` or `driverName` determines the driver; the driver's jar in `lib` determines its version. Without a
jar, the program assumes a current version.

`--url` accepts JDBC URLs too. If such a URL does not set the account or TLS, the program's defaults apply: the
certificate is checked, unless the server is on this machine.

Parameters that no driver for this kind of server knows are ignored, with one note that lists them. Parameters that change
the server or the account, and that the program cannot apply, are refused. In that case, use `--url` with a URL in the
program's own form (`mysql://`, `mariadb://`, `postgres://`, `mssql://`), in which every parameter must be known.

A URL with several servers (`loadbalance:`, `replication:`, a list of hosts, the long form
`address=(host=…)(port=…)`) is read as a list; the first server that accepts writes is used (`docs/clusters.md`). It
is refused if the servers have different accounts or parameters.

`jdbc:p6spy:`, `jdbc:log4jdbc:`, `jdbc:aws-wrapper:`, `jdbc:otel:` and `jdbc:tracing:` are read as the URL of the
driver that they wrap.
";

#[cfg(test)]
mod tests {
    use super::super::parse_url;
    use super::*;

    #[test]
    fn no_driver_has_two_meanings_for_a_name() {
        for driver in ENGINES.iter().flat_map(|engine| engine.drivers()) {
            let mut names: Vec<&str> = driver.parameters.iter().flat_map(|p| p.names.iter().copied()).collect();
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{}", driver.name);
        }
    }

    #[test]
    fn unsupported_databases_are_reported() {
        for (url, expected_text) in [
            ("jdbc:oracle:thin:u/geheim@//h:1521/S", "Oracle Database is not supported yet"),
            ("jdbc:mysql+srv://u:geheim@h/db", "SRV"),
            ("jdbc:nonesuch:geheim", "no database engine"),
            ("mysql://u:x@geheim/y@h/db", "its host is invalid"),
            ("jdbc:mysql://u:x@geheim/y@h/db", "malformed"),
            ("jdbc:sqlserver://sa:x&geheim@h", "separates its properties with &"),
            ("jdbc:sqlserver://sa:geheim/x@h", "after a /"),
        ] {
            let error = parse_url(url).unwrap_err();
            assert!(error.message.contains(expected_text), "{error}");
            assert!(!format!("{error} {}", error.hint).contains("geheim"), "{error:?}");
        }
    }

    #[test]
    fn jdbc_wrappers_are_unwrapped() {
        let target = parse_url("jdbc:p6spy:mysql://db:3307/shop?user=u").unwrap();
        assert_eq!(target.to_string(), "mysql://u@db:3307/shop");
    }

    #[test]
    fn versions_are_compared_by_their_numbers() {
        let before = |version: &str| Configured { version: Some(version), ..Configured::default() }.is_before(10, 2);
        assert!(before("7.4.1.jre11") && before("9.4.0") && before("10.1"));
        assert!(!before("10.2.0") && !before("12.6.1.jre11") && !before("unknown"));
        assert!(!Configured::default().is_before(10, 2));
    }
}
