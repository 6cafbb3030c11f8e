//! The readers of URLs: every text is parsed or refused, and no message contains a password.
//!
//! `corpus/urls.txt` contains forms with `$` instead of the password, including those that earlier runs found. The
//! results of `redaction` and of the parsers are compared.

use std::path::Path;

use fastrand::Rng;
use secrecy::{ExposeSecret, SecretString};
use tomcat_sessions::endpoint::Endpoint;
use tomcat_sessions::engine::{Configured, ENGINES, parse_configured};
use tomcat_sessions::jmx::ManagerUrl;
use tomcat_sessions::redaction::{holds_secret, redact, redact_url};
use tomcat_sessions::store::{Target, UrlError, parse_url};

use super::fuzz;

/// Parts of a password.
const PIECE: &str = "Zq";
const PIECES: usize = 4;
/// Parts of URLs, to be inserted at unexpected positions.
const WORDS: [&str; 44] = [
    ":",
    "/",
    "//",
    "@",
    "?",
    "&",
    ";",
    "=",
    "#",
    "%",
    "%3d",
    "%3D",
    "%40",
    "%3a",
    "%2f",
    "%",
    "{",
    "}",
    "}}",
    "(",
    ")",
    ",",
    "[",
    "]",
    "\t",
    "\n",
    "\r\n",
    "\0",
    " ",
    "+",
    "\\",
    "'",
    "`",
    "\"",
    "é",
    "\u{2028}",
    "password=",
    "user=",
    "amp;",
    "jdbc:",
    "mysql:",
    "://",
    "address=",
    "localhost",
];
const SCHEMES: [&str; 25] = [
    "mysql:",
    "mariadb:",
    "mssql:",
    "sqlserver:",
    "jdbc:mysql:",
    "jdbc:mariadb:",
    "jdbc:sqlserver:",
    "jdbc:jtds:sqlserver:",
    "sqlite:",
    "jdbc:sqlite:",
    "jdbc:mysql:loadbalance:",
    "jdbc:mysql:replication:",
    "jdbc:mariadb:sequential:",
    "jdbc:p6spy:mysql:",
    "jdbc:aws-wrapper:mariadb:",
    "jdbc:log4jdbc:sqlserver:",
    "jdbc:mysql+srv:",
    "jdbc:postgresql:",
    "postgres:",
    "jdbc:oracle:thin:",
    "JDBC:MySQL:",
    "https:",
    "http:",
    "filestore:",
    "mysq:",
];
const HOSTS: [&str; 14] = [
    "127.0.0.1:1",
    "h:3306",
    "[::1]:3306",
    "h",
    "h1,h2:3307",
    "address=(host=h)(port=1)",
    "(host=h,port=1)",
    "h\\INSTANCE:1433",
    "",
    "h:99999",
    "ü.example:3306",
    "%6c",
    "h:",
    "[::1",
];
const DATABASES: [&str; 7] = ["", "/", "/t", "/t%41", "/t/u", ";databaseName=t", ":t"];
const VALUES: [&str; 10] = ["true", "false", "", "1", "REQUIRED", "{a}", "%41", "x=y", "/tmp/x", "é"];
/// Characters in the password of an account; those that end the value of a parameter are separate.
const SPECIAL: [&str; 26] = [
    "@", ":", "/", "?", "#", "%", "%40", "%3B", "{", "}", "+", "!", "$", "\\", "é", "(", ")", ",", "[", "]", "|", "~",
    "^", "*", "-", "_",
];
const CLASSES: [Option<&str>; 6] = [
    None,
    Some("com.mysql.cj.jdbc.Driver"),
    Some("com.mysql.jdbc.Driver"),
    Some("org.mariadb.jdbc.Driver"),
    Some("net.sourceforge.jtds.jdbc.Driver"),
    Some("com.microsoft.sqlserver.jdbc.SQLServerDriver"),
];
const VERSIONS: [Option<&str>; 7] =
    [None, Some("5.1.49"), Some("8.0.33"), Some("2.7.4"), Some("3.4.1"), Some("12.6.1.jre11"), Some("none")];

/// A URL, and the position of its password.
struct Typed {
    before: String,
    secret: String,
    behind: String,
}

impl Typed {
    fn raw(&self) -> String {
        format!("{}{}{}", self.before, self.secret, self.behind)
    }

    fn of(form: &str, secret: String) -> Typed {
        let (before, behind) = form.split_once('$').unwrap();
        Typed { before: before.to_owned(), secret, behind: behind.to_owned() }
    }

    /// A form of one of the drivers, or of none.
    fn composed(parameters: &[&str], random: &mut Rng) -> Typed {
        let mut url = format!("{}//", pick(&SCHEMES, random));
        let in_account = random.bool();
        if in_account {
            url.push_str("u:$@");
        }
        url.push_str(pick(&HOSTS, random));
        url.push_str(pick(&DATABASES, random));
        let (begin, separator) = pick(&[("?", "&"), (";", ";"), ("?", ";"), ("&", "&"), ("/", "&")], random);
        let mut given: Vec<String> = Vec::new();
        for _ in 0..random.usize(..4) {
            given.push(format!("{}={}", pick(parameters, random), pick(&VALUES, random)));
        }
        if !in_account {
            let name = pick(&["password", "PASSWORD", "Password", "pwd", "accessToken"], random);
            given.insert(random.usize(..=given.len()), format!("{name}=$"));
        }
        if !given.is_empty() {
            url.push_str(begin);
            url.push_str(&given.join(separator));
        }
        let secret = secret(in_account, random);
        Typed::of(&url, secret)
    }

    /// Changes the text around the password.
    fn mutated(mut self, random: &mut Rng) -> Typed {
        for part in [&mut self.before, &mut self.behind] {
            if random.u8(..3) > 0 {
                let mut bytes = std::mem::take(part).into_bytes();
                if random.u8(..8) == 0 {
                    bytes = String::from_utf8_lossy(&bytes).to_uppercase().into_bytes();
                }
                fuzz::mutate(&mut bytes, &WORDS, random);
                *part = String::from_utf8_lossy(&bytes).into_owned();
            }
        }
        self
    }
}

fn pick<T: Copy>(from: &[T], random: &mut Rng) -> T {
    from[random.usize(..from.len())]
}

/// Parts, with separators of URLs between them.
fn secret(in_account: bool, random: &mut Rng) -> String {
    let mut secret = format!("{PIECE}0");
    for piece in 1..=random.usize(..PIECES - 1) {
        let between = match random.u8(..4) {
            0 if in_account => pick(&["&x=", ";a=", ";", "&", "=", " ", "//"], random),
            _ => pick(&SPECIAL, random),
        };
        secret.push_str(&format!("{between}{PIECE}{piece}"));
    }
    secret
}

/// All messages about a URL, by every parser, and the passwords that they find.
fn messages_about(raw: &str, random: &mut Rng) -> (Vec<String>, Vec<SecretString>) {
    let (mut output_text, mut found) = (Vec::new(), Vec::new());
    let mut target = |read: Result<Target, UrlError>| match read {
        Ok(target) => {
            output_text.extend([target.to_string(), target.place(), format!("{target:?}")]);
            output_text.extend(target.notes.iter().cloned());
            found.extend(target.password);
        }
        Err(error) => output_text.extend([error.message.clone(), error.hint.clone(), format!("{error:?}")]),
    };
    target(parse_url(raw));
    let configured = Configured {
        class: pick(&CLASSES, random),
        version: pick(&VERSIONS, random),
        user: pick(&[None, Some("tomcat")], random),
        password: None,
    };
    target(parse_configured(raw, &configured));
    match ManagerUrl::parse(raw) {
        Ok(place) => {
            output_text.extend([place.to_string(), format!("{place:?}")]);
            found.extend(place.password);
        }
        Err(error) => output_text.push(error),
    }
    if let Err(error) = Endpoint::from_argument(raw) {
        output_text.push(error.to_string());
    }
    output_text.push(redact_url(raw));
    // A message that quotes the URL as one of its words.
    if !raw.contains(|c: char| c.is_whitespace() || "`\"'<>".contains(c)) {
        output_text.push(redact(&format!("cannot read `{raw}`: it is \"{raw}\"")).into_owned());
    }
    (output_text, found)
}

/// Parses a URL in every way. What a parser considers a password is masked and not printed; so is the complete password
/// of an `intact` URL.
fn read(typed: &Typed, intact: bool, random: &mut Rng) -> bool {
    let raw = typed.raw();
    let (output_text, found) = messages_about(&raw, random);
    let is_found = |piece: &String| found.iter().any(|password| password.expose_secret().contains(piece));
    let masked = redact_url(&raw);
    let mut is_password = false;
    for piece in (0..PIECES).map(|number| format!("{PIECE}{number}")).filter(|piece| raw.contains(piece)) {
        is_password |= is_found(&piece);
        if intact || is_found(&piece) {
            assert!(!masked.contains(&piece), "{raw:?}\n{masked:?}");
            for text in &output_text {
                assert!(!text.contains(&piece), "{raw:?}\n{text:?}");
            }
            assert!(holds_secret(&raw), "{raw:?}");
        }
    }
    is_password
}

fn corpus() -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/decode/corpus/urls.txt");
    let text = std::fs::read_to_string(file).unwrap();
    let forms: Vec<String> =
        text.lines().filter(|line| !line.starts_with('#')).map(|line| line.replace("\\t", "\t")).collect();
    assert!(forms.len() > 40 && forms.iter().all(|form| form.contains('$')));
    forms
}

#[test]
fn url_parsers_cause_no_hang_panic_or_leaked_password() {
    let drivers = ENGINES.iter().flat_map(|engine| engine.drivers().iter());
    let names = drivers.clone().flat_map(|driver| driver.parameters.iter().flat_map(|p| p.names.iter().copied()));
    let ignored = drivers.flat_map(|driver| driver.ignored.iter().flat_map(|names| names.split_ascii_whitespace()));
    let parameters: Vec<&str> = names.chain(ignored).chain(["ssl-mode", "nonsense", ""]).collect();
    let forms = corpus();
    let mut with_password = 0;
    for form in &forms {
        for in_account in [true, false] {
            let mut random = Rng::with_seed(3);
            read(&Typed::of(form, secret(in_account, &mut random)), false, &mut random);
        }
    }
    let summary = fuzz::run("urls", 5_000, |random| {
        let typed = if random.bool() {
            Typed::composed(&parameters, random)
        } else {
            let form = &forms[random.usize(..forms.len())];
            Typed::of(form, secret(form.contains("$@"), random))
        };
        // Without a host after it, an @ in a password cannot be distinguished from that of the account.
        let intact = random.u8(..4) == 0 && (!typed.behind.is_empty() || typed.before.contains('='));
        let typed = if intact { typed } else { typed.mutated(random) };
        with_password += u64::from(read(&typed, intact, random));
    });
    // Enough of them were valid enough for a login.
    assert!(with_password > summary.rounds / 20, "{with_password} of {}", summary.rounds);
}
