//! Masks passwords in text that may contain a URL, judging by characters alone: a mistyped URL cannot be parsed, and
//! must not be printed either.
//!
//! Call [`redact_url`] for everything that may be a URL (an argument, a line of a file, an attribute of a
//! context.xml, a path that may be a mistyped URL) before it becomes part of a message, and [`redact`] for text that
//! may quote a URL (the message of a library). These parts are masked:
//!
//! - the part between the first `:` and the last `@` of an authority, with or without `//`;
//! - a port that is not a number, and everything after it;
//! - the value of a parameter whose name indicates a password, a secret or a token, and the values of all parameters
//!   after it. The names after it are kept: for every driver, a `;` or `&` ends the password;
//! - secret keys of age.
//!
//! Only names of parameters are decoded, nothing is assumed to be well-formed, and too much is masked rather than too
//! little.

use std::borrow::Cow;
use std::ops::Range;

use percent_encoding::percent_decode_str;

/// Replacement for masked text.
pub const MASK: &str = "…";

/// Parts of the names of parameters whose values are secret, in lower case.
const SECRET_NAMES: [&str; 7] = ["pass", "pwd", "secret", "token", "credential", "apikey", "accesskey"];
/// Prefix of age's secret keys.
const SECRET_KEY: &str = "AGE-SECRET-KEY-";
/// Schemes that cannot be mistaken for a password; other words before a `:` may be the name of an account.
const SCHEMES: [&str; 12] = [
    "mysql",
    "mariadb",
    "mssql",
    "sqlserver",
    "sqlite",
    "postgresql",
    "postgres",
    "oracle",
    "filestore",
    "file",
    "http",
    "https",
];
/// Characters that separate words in a message.
const BETWEEN_WORDS: [char; 5] = ['`', '"', '\'', '<', '>'];

/// `raw`, which may be a malformed URL, without its secrets.
pub fn redact_url(raw: &str) -> String {
    let mut shown = String::with_capacity(raw.len());
    let mut at = 0;
    for span in secrets(raw) {
        shown.push_str(&raw[at..span.start]);
        shown.push_str(MASK);
        at = span.end;
    }
    shown.push_str(&raw[at..]);
    shown
}

/// Text that may quote URLs, without their secrets; each word is judged separately.
pub fn redact(text: &str) -> Cow<'_, str> {
    if !text.contains(['@', '=']) && !text.contains("//") && find_ignoring_case(text, SECRET_KEY).is_none() {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let between = |c: char| c.is_whitespace() || BETWEEN_WORDS.contains(&c);
    for piece in text.split_inclusive(between) {
        let word = piece.trim_end_matches(between);
        shown.push_str(&redact_url(word));
        shown.push_str(&piece[word.len()..]);
    }
    Cow::Owned(shown)
}

/// Masks in `message` only what [`redact_url`] masks in `raw`: whole secrets, and text in backticks.
pub fn redact_quotes(message: &str, raw: &str) -> String {
    let spans = secrets(raw);
    if spans.is_empty() {
        return message.to_owned();
    }
    let decoded = percent_decode_str(raw).decode_utf8_lossy();
    let kept = redact_url(raw);
    let mut shown = message.to_owned();
    for secret in spans.into_iter().map(|span| &raw[span]).filter(|secret| secret.chars().count() > 2) {
        shown = shown.replace(secret, MASK).replace(&*percent_decode_str(secret).decode_utf8_lossy(), MASK);
    }
    let quoted = |(number, part): (usize, &str)| {
        let hidden = number % 2 == 1 && !part.is_empty() && !kept.contains(part);
        if hidden && (raw.contains(part) || decoded.contains(part)) { MASK.to_owned() } else { part.to_owned() }
    };
    shown.split('`').enumerate().map(quoted).collect::<Vec<_>>().join("`")
}

/// Tells whether `raw` contains anything that must not be shown.
pub fn holds_secret(raw: &str) -> bool {
    !secrets(raw).is_empty()
}

/// Tells whether `host` occurs only inside a password of `raw`: a password with `@` and `/` was split.
pub fn is_within_secret(raw: &str, host: &str) -> bool {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().to_lowercase();
    let host = host.to_lowercase();
    // After the first secret parameter, more is masked than is secret.
    of_account(raw).into_iter().chain(of_parameters(raw).into_iter().take(1)).any(|span| {
        let others = [&raw[..span.start], &raw[span.end..]];
        decoded(&raw[span]).contains(&host) && !others.iter().any(|text| decoded(text).contains(&host))
    })
}

/// The ranges of the secrets, sorted and disjoint.
fn secrets(raw: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if let Some(start) = find_ignoring_case(raw, SECRET_KEY) {
        found.push(start + SECRET_KEY.len()..raw.len());
    }
    found.extend(of_account(raw));
    found.extend(of_parameters(raw));
    found.retain(|span| !span.is_empty());
    found.sort_by_key(|span| span.start);
    let mut apart: Vec<Range<usize>> = Vec::new();
    for span in found {
        match apart.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => apart.push(span),
        }
    }
    apart
}

/// The password in `user:password@host`, and the text in place of a port.
fn of_account(raw: &str) -> Option<Range<usize>> {
    let slashes = raw.find("//").filter(|at| is_scheme(&raw[..*at])).map(|at| at + 2);
    let start = slashes.unwrap_or_else(|| behind_scheme(raw));
    let rest = &raw[start..];
    if let Some(end) = rest.rfind('@') {
        let account = &rest[..end];
        let colon = [":", "%3a", "%3A"].iter().filter_map(|c| Some(account.find(c)? + c.len())).min();
        // `scott/tiger@host`, unless it is a path.
        let slash = account.find('/').filter(|at| slashes.is_some() && *at > 0).map(|at| at + 1);
        let behind = [colon, slash].into_iter().flatten().min()?;
        return Some(start + behind..start + end);
    }
    slashes?;
    let authority = &rest[..rest.find(['/', '?', ';', '#', '&', ',', ')', '(']).unwrap_or(rest.len())];
    let address = authority.starts_with('[')
        || (authority.matches(':').count() > 1 && authority.chars().all(|c| c.is_ascii_hexdigit() || ":.".contains(c)));
    let behind = if address { authority.find("]:")? + 2 } else { authority.find(':')? + 1 };
    let port = authority[behind..].trim_end_matches([':', '.']);
    (!port.chars().all(|c| c.is_ascii_digit())).then(|| start + behind..raw.len())
}

/// Tells whether the text before `//` can be a scheme, with or without its colon.
fn is_scheme(text: &str) -> bool {
    let jdbc = text.get(..5).is_some_and(|begin| begin.eq_ignore_ascii_case("jdbc:"));
    let word = text.strip_suffix(':').unwrap_or(text);
    (jdbc && text.ends_with(':')) || word.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

/// Offset after a known scheme.
fn behind_scheme(raw: &str) -> usize {
    let after =
        |at: usize| -> Option<(usize, &str)> { raw[at..].find(':').map(|end| (at + end + 1, &raw[at..at + end])) };
    match after(0) {
        Some((at, scheme)) if scheme.eq_ignore_ascii_case("jdbc") => after(at).map_or(at, |(at, _)| at),
        Some((at, scheme)) if SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)) => at,
        _ => 0,
    }
}

/// The value of the first secret parameter, and everything after it except names.
fn of_parameters(raw: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut secret = false;
    while let Some((name, start)) = next_value(raw, at) {
        secret |= is_secret(&raw[name.clone()]);
        if !secret {
            at = start;
            continue;
        }
        let separators = separators(&raw[..name.start]);
        let end = end_of_value(raw, start, separators);
        found.push(start..end);
        at = end;
        // Up to the next name, if there is a valid one.
        match next_value(raw, at) {
            Some((name, _))
                if raw[at..name.start].chars().all(|c| " ,)(".contains(c) || separators.contains(&c))
                    && is_name(&raw[name.clone()]) => {}
            _ => {
                found.push(at..raw.len());
                break;
            }
        }
    }
    found
}

/// The name of the next parameter, and the offset of its value.
fn next_value(raw: &str, from: usize) -> Option<(Range<usize>, usize)> {
    let rest = &raw[from..];
    let (equals, length) = equals_sign(rest)?;
    let name = rest[..equals].trim_end();
    let start = name
        .rfind(|c: char| !(c.is_alphanumeric() || "_-.%+ ".contains(c)))
        .map_or(0, |before| before + name[before..].chars().next().map_or(1, char::len_utf8));
    let start = start + (name[start..].len() - name[start..].trim_start().len());
    let value = equals + length;
    let value = value + (rest[value..].len() - rest[value..].trim_start().len());
    Some((from + start..from + name.len(), from + value))
}

/// The first `=`, encoded or not, and its length.
fn equals_sign(text: &str) -> Option<(usize, usize)> {
    let encoded = |at: usize| text.as_bytes()[at..].get(..3).is_some_and(|sign| sign.eq_ignore_ascii_case(b"%3d"));
    text.match_indices(['=', '%']).find_map(|(at, sign)| match sign {
        "=" => Some((at, 1)),
        _ => encoded(at).then_some((at, 3)),
    })
}

fn is_secret(name: &str) -> bool {
    let plain = percent_decode_str(name).decode_utf8_lossy().to_lowercase();
    let plain: String = plain.chars().filter(|c| c.is_alphanumeric()).collect();
    SECRET_NAMES.iter().any(|secret| plain.contains(secret))
}

/// Tells whether a driver could have a parameter with this name.
fn is_name(text: &str) -> bool {
    let letters = text.chars().filter(char::is_ascii_alphabetic).count();
    letters > 2 && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
}

/// The separator that ends a value: the one before its name. After a semicolon, as in SQL Server's URLs, an ampersand
/// belongs to the value, and vice versa.
fn separators(before: &str) -> &'static [char] {
    match before.trim_end().chars().next_back() {
        Some(';') => &[';'],
        Some('&' | '?') => &['&'],
        _ => &[';', '&'],
    }
}

fn end_of_value(raw: &str, start: usize, separators: &[char]) -> usize {
    let rest = &raw[start..];
    if rest.starts_with('{') {
        // `}}` stands for one `}`.
        let mut at = 1;
        while let Some(brace) = rest[at..].find('}') {
            at += brace + 1;
            if !rest[at..].starts_with('}') {
                return start + at;
            }
            at += 1;
        }
        return raw.len();
    }
    start + rest.find(separators).unwrap_or(rest.len())
}

fn find_ignoring_case(text: &str, wanted: &str) -> Option<usize> {
    text.as_bytes().windows(wanted.len()).position(|bytes| bytes.eq_ignore_ascii_case(wanted.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_masked_and_the_rest_is_kept() {
        for (raw, shown) in [
            ("mysql://u:PW@h:3306/t", "mysql://u:…@h:3306/t"),
            ("mysql://u:P@W@h/t", "mysql://u:…@h/t"),
            ("mysql://u:P/W#?@h/t", "mysql://u:…@h/t"),
            ("mysql:u:PW@h/t", "mysql:u:…@h/t"),
            ("mysql//u:PW@h/t", "mysql//u:…@h/t"),
            ("mysql://u%3aPW@h/t", "mysql://u%3a…@h/t"),
            ("root:PW@h", "root:…@h"),
            ("mysql://u:PW", "mysql://u:…"),
            ("mysql://h:33x6/t", "mysql://h:…"),
            ("jdbc:sqlserver://sa:PW@host", "jdbc:sqlserver://sa:…@host"),
            ("jdbc:oracle:thin:scott/PW@h:1521/x", "jdbc:oracle:thin:…@h:1521/x"),
            ("mssql://h:1/t;password=PW", "mssql://h:1/t;password=…"),
            ("jdbc:mysql://h/t?user=u;password=PW", "jdbc:mysql://h/t?user=u;password=…"),
            ("jdbc:sqlserver://h;PassWord={P;W}}x};encrypt=PW;a=b", "jdbc:sqlserver://h;PassWord=…;encrypt=……"),
            ("jdbc:sqlserver://h;password={P;W", "jdbc:sqlserver://h;password=…"),
            ("jdbc:mysql://h/t?p%61ssword=PW&useSSL=PW", "jdbc:mysql://h/t?p%61ssword=…&useSSL=…"),
            ("jdbc:mysql://address=(host=h)(password=PW)/t", "jdbc:mysql://address=(host=h)(password=…"),
            // The other separator belongs to the password.
            ("jdbc:sqlserver://h;user=sa;password=&PW=x", "jdbc:sqlserver://h;user=sa;password=…"),
            ("jdbc:mysql://h/t?password=;PW=x&user=u", "jdbc:mysql://h/t?password=…&user=……"),
            ("x?accessToken=PW", "x?accessToken=…"),
            ("x;pwd = PW", "x;pwd = …"),
            ("age-secret-key-1PWPW", "age-secret-key-…"),
        ] {
            assert_eq!(redact_url(raw).replace("……", "…"), shown.replace("……", "…"), "{raw}");
            assert!(holds_secret(raw), "{raw}");
        }
    }

    #[test]
    fn text_without_secrets_is_unchanged() {
        for raw in [
            "mysql://u@h:3306/t?ssl-mode=required",
            "mysql://to@m@db.example:3307/tomcat",
            "mysql://::1:3306/t",
            "jdbc:mysql://[::1]:3306/t?sslMode=REQUIRED",
            "jdbc:sqlserver://h:1433;databaseName=t;encrypt=true",
            "sqlite:/tmp/a@b.db",
            "sqlite:path/to.db",
            "filestore:/var/lib/x@y",
            "/var/backups/sessions@night.ndjson.zst",
            "http://127.0.0.1:8080/manager:",
            "https://user@host:8443/manager",
            "Catalina/localhost/a@b",
            "",
            "é=ü",
        ] {
            assert_eq!(redact_url(raw), raw);
            assert!(!holds_secret(raw), "{raw}");
        }
    }

    #[test]
    fn messages_are_masked_without_other_changes() {
        let text = "cannot read `mysql//u:PW@h`: no such file; say \"root:PW@h\" or password=PW of 'u'@'%'";
        assert_eq!(redact(text), "cannot read `mysql//u:…@h`: no such file; say \"root:…@h\" or password=… of 'u'@'%'");
        assert_eq!(redact("nothing to see"), "nothing to see");
        let raw = "mssql://u:1?PWPW=x@h/t?encrpt=1";
        assert_eq!(redact_quotes("the parameter `PWPW` or `encrpt`", raw), "the parameter `…` or `encrpt`");
    }

    #[test]
    fn an_at_sign_in_a_password_is_not_taken_for_the_host_separator() {
        for (raw, host, within) in [
            ("mysql://u:x@secret/y@h/t", "secret", true),
            ("mysql://u:x@h/t", "h", false),
            ("mysql://h:h@h/t", "h", false),
            ("mssql://h;password=x@secret", "secret", true),
            ("jdbc:sqlserver://;password=x;serverName=db", "db", false),
            ("jdbc:mysql://u:p@/t", "localhost", false),
        ] {
            assert_eq!(is_within_secret(raw, host), within, "{raw}");
        }
    }

    /// Passwords with every special character, in every place of a URL: no part of one remains.
    #[test]
    fn no_piece_of_a_password_is_left_in_generated_urls() {
        let mut random = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = |below: usize| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) as usize % below
        };
        let special = [
            "@", ":", "/", "?", "#", "%", "%40", "%3B", "{", "}", "}}", "+", "!", "$", "\\", "\u{e9}", "é", "(", ")",
            ",", "[", "]", "|", "~", "^", "*",
        ];
        let in_account = [" ", ";", "&", "=", "'", "`", "//", "?password", "&x=", ";a="];
        let accounts = [
            "mysql://u:@@h:3306/t",
            "mariadb://:@@h/t?ssl-mode=required",
            "mssql://u:@@h/t",
            "mysql:u:@@h/t",
            "mysql//u:@@h",
            "jdbc:sqlserver://sa:@@h;databaseName=t",
            "u:@@h",
            "https://u:@@h:8443/manager",
            "jdbc:mysql://u:@@h/t?useSSL=false",
            "mysq://u:@@h/t",
            "MYSQL://U:@@H",
            "sqlite://u:@@h/t",
            "filestore:u:@@h",
            "jdbc:oracle:thin:u/@@h:1521:x",
        ];
        let parameters = [
            "mssql://h:1/t;password=@",
            "jdbc:mysql://h/t?user=u&password=@",
            "jdbc:mysql://h/t?user=u;password=@",
            "mysql://h/t/user=u&password=@",
            "jdbc:sqlserver://h;user=sa;PWD=@;encrypt=true",
            "jdbc:mysql://h/t?accessToken=@&x=1",
            "jdbc:sqlserver://h;trustStorePassword = @",
            "mysql://h/t?clientSecret=@",
        ];
        for _ in 0..20_000 {
            let in_parameters = next(2) == 0;
            let form = if in_parameters { parameters[next(parameters.len())] } else { accounts[next(accounts.len())] };
            let mut secret = String::from("Zq0");
            for piece in 1..=next(4) {
                let pool = if in_parameters || next(2) == 0 { &special[..] } else { &in_account[..] };
                secret.push_str(pool[next(pool.len())]);
                secret.push_str(&format!("Zq{piece}"));
            }
            let raw = form.replacen('@', &secret, 1);
            let shown = redact_url(&raw);
            assert!(!shown.contains("Zq"), "{raw}: {shown}");
        }
    }
}
