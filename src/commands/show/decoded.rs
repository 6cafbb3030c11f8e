//! The decoded data of a session: times, login, attributes, classes.

use std::borrow::Cow;

use serde::Serialize;

use crate::javaser::{
    Decoded, EnvelopeForm, Error, ErrorKind, OutputBudget, REDACTED, Tree, Value, is_secret, json, preview,
};
use crate::session::{EpochMillis, SessionMeta};
use crate::ui::{Head, Page, Table, age, bytes, count, plural};

/// Maximum number of characters of a value in the table.
const PREVIEW: usize = 100;
/// Maximum length of a name, in bytes.
const MAX_NAME_BYTES: usize = 1_000;

/// Which attribute values are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    Hidden,
    /// All values, except those named like a password, secret, token or credential.
    Shown,
    Revealed,
}

/// The decoded data of a session.
#[derive(Debug, Serialize)]
pub struct Data {
    /// Epoch milliseconds, like the other two times.
    creation_time: EpochMillis,
    creation_time_rfc3339: Option<String>,
    last_accessed_time: EpochMillis,
    last_accessed_time_rfc3339: Option<String>,
    this_accessed_time: EpochMillis,
    this_accessed_time_rfc3339: Option<String>,
    /// Seconds.
    max_inactive_interval: i32,
    is_new: bool,
    is_valid: bool,
    /// Whether the id in the data is that of the row. Tomcat uses the id in the data.
    id_matches_row: bool,
    /// The objects before the attributes: `plain` (none), `login`, `login-and-notes`.
    format: &'static str,
    auth_type: Option<String>,
    principal_class: Option<String>,
    users: Vec<String>,
    has_saved_request: bool,
    attribute_count: usize,
    attributes: Vec<Attribute>,
    /// All classes in the data, with their serialVersionUIDs.
    classes: Vec<Class>,
    /// The error that ended decoding of the attributes.
    decode_error: Option<String>,
    trailing_bytes: u64,
    /// What the times and the ids mean for Tomcat.
    conclusions: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Attribute {
    name: String,
    class: String,
    /// As a string: many JSON parsers lose digits of a 64-bit number. Null for classes without a descriptor.
    serial_version_uid: Option<String>,
    /// Size of name and value in the stream.
    size_bytes: u64,
    /// Whether serializing the value failed; `class` is then the exception.
    write_failed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<serde_json::Value>,
    #[serde(skip)]
    preview: Option<String>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Class {
    class: String,
    serial_version_uid: String,
}

impl Data {
    pub fn of(decoded: &Decoded<'_>, meta: &SessionMeta, now: EpochMillis, values: Values) -> Data {
        let Decoded { tree, session, broken, trailing } = decoded;
        let id_matches_row = tree.string(Value::Node(session.id)).is_some_and(|id| id == meta.key.id);
        let mut room = OutputBudget::of(tree);
        let some = |value: Value| (value != Value::Null).then_some(value);
        Data {
            creation_time: EpochMillis(session.creation_time),
            creation_time_rfc3339: EpochMillis(session.creation_time).rfc3339(),
            last_accessed_time: EpochMillis(session.last_accessed_time),
            last_accessed_time_rfc3339: EpochMillis(session.last_accessed_time).rfc3339(),
            this_accessed_time: EpochMillis(session.this_accessed_time),
            this_accessed_time_rfc3339: EpochMillis(session.this_accessed_time).rfc3339(),
            max_inactive_interval: session.max_inactive_interval,
            is_new: session.is_new,
            is_valid: session.is_valid,
            id_matches_row,
            format: match session.form {
                EnvelopeForm::Plain => "plain",
                EnvelopeForm::Login => "login",
                EnvelopeForm::LoginAndNotes => "login-and-notes",
            },
            auth_type: tree.string(session.auth_type).map(Into::into),
            principal_class: some(session.principal).map(|value| tree.type_of(value).into_owned()),
            users: session.users(tree).into_iter().map(Into::into).collect(),
            has_saved_request: some(session.saved_request).is_some(),
            attribute_count: session.count,
            attributes: session
                .attributes
                .iter()
                .map(|attribute| Attribute::new(tree, attribute, values, &mut room))
                .collect(),
            classes: classes(tree),
            decode_error: broken.as_ref().map(ToString::to_string),
            trailing_bytes: *trailing,
            conclusions: conclusions(decoded, meta, now, id_matches_row),
        }
    }

    pub fn has_attributes(&self) -> bool {
        !self.attributes.is_empty()
    }

    /// The times and the login, as additional fields of the session.
    pub fn fields(&self, page: &Page) -> Vec<(&'static str, String)> {
        let time = |at: EpochMillis| format!("{} ({})", at.0, page.time(at));
        let principal = self.principal_class.as_ref().map(|class| format!("principal of class {class}"));
        let login = match (self.auth_type.clone(), principal) {
            (None, None) => "-".to_owned(),
            (auth, principal) => auth.into_iter().chain(principal).collect::<Vec<_>>().join(", "),
        };
        vec![
            ("created", time(self.creation_time)),
            ("lastAccessed", time(self.last_accessed_time)),
            ("thisAccessed", time(self.this_accessed_time)),
            ("login", login),
            // Tomcat's principal and Spring Security may have different names.
            (
                if self.users.len() > 1 { "users" } else { "user" },
                if self.users.is_empty() { "-".to_owned() } else { self.users.join(", ") },
            ),
        ]
    }

    pub fn page(&self, page: &mut Page) {
        page.blank();
        for conclusion in &self.conclusions {
            page.line(conclusion);
        }
        if !self.attributes.is_empty() {
            page.blank();
            page.table(&self.table());
        } else if self.decode_error.is_none() {
            page.line("The session has no attributes.");
        }
        if let Some(why) = &self.decode_error {
            page.line(format!(
                "{} of {} can be read: {why}.",
                count(self.attributes.len() as u64),
                plural(self.attribute_count as u64, "attribute")
            ));
        }
        if self.trailing_bytes > 0 {
            page.line(format!("{} follow the end of the session; Tomcat ignores them.", bytes(self.trailing_bytes)));
        }
    }

    fn table(&self) -> Table {
        let values = self.attributes.iter().any(|attribute| attribute.preview.is_some());
        // Those of JDK classes never change.
        let version = |attribute: &Attribute| attribute.serial_version_uid.clone().filter(|_| !attribute.is_jdks());
        let versions = self.attributes.iter().any(|attribute| version(attribute).is_some());
        let mut heads = vec![Head::left("ATTRIBUTE"), Head::left("CLASS"), Head::right("SIZE")];
        if versions {
            heads.insert(2, Head::right("SERIALVERSIONUID"));
        }
        if values {
            heads.push(Head::left("VALUE"));
        }
        let row = |attribute: &Attribute| {
            let mut row = vec![attribute.name.clone(), attribute.class.clone(), bytes(attribute.size_bytes)];
            if attribute.write_failed {
                row[1] = format!("could not be written: {}", attribute.class);
            }
            if versions {
                row.insert(2, version(attribute).unwrap_or_else(|| "-".to_owned()));
            }
            row.extend(attribute.preview.clone().filter(|_| values));
            row
        };
        Table { heads, rows: self.attributes.iter().map(row).collect() }
    }
}

impl Attribute {
    fn new(
        tree: &Tree<'_>,
        attribute: &crate::javaser::Attribute,
        values: Values,
        room: &mut OutputBudget,
    ) -> Attribute {
        let name = tree.string(attribute.name).unwrap_or_default();
        let reveal = values == Values::Revealed;
        let kept_back = is_secret(&name) && !reveal;
        let (value, line) = match values {
            Values::Hidden => (None, None),
            _ if kept_back => (Some(REDACTED.into()), Some(REDACTED.to_owned())),
            _ => {
                (Some(json(tree, attribute.value, reveal, room)), Some(preview(tree, attribute.value, reveal, PREVIEW)))
            }
        };
        Attribute {
            class: short(tree.class_shown(attribute.value)),
            serial_version_uid: version_of(tree, attribute.value),
            size_bytes: attribute.span.len() as u64,
            write_failed: attribute.broken,
            value,
            preview: line,
            name: short(name),
        }
    }
}

impl Attribute {
    fn is_jdks(&self) -> bool {
        ["java.", "javax.", "[Ljava."].iter().any(|package| self.class.starts_with(package)) || self.class.len() < 3
    }
}

/// The serialVersionUID of the class of a value.
fn version_of(tree: &Tree<'_>, value: Value) -> Option<String> {
    let Value::Node(id) = value else { return None };
    tree.class_of(id)
        .map(|class| tree.class(class))
        .filter(|class| class.interfaces.is_none())
        .map(|c| c.suid.to_string())
}

/// The distinct classes in a stream, with their serialVersionUIDs.
fn classes(tree: &Tree<'_>) -> Vec<Class> {
    let of_class = tree.classes().filter(|(_, class)| class.interfaces.is_none());
    let mut all: Vec<Class> = of_class
        .map(|(id, class)| Class { class: short(tree.class_name(id)), serial_version_uid: class.suid.to_string() })
        .collect();
    all.sort();
    all.dedup();
    all
}

/// The name, truncated if it is longer than any class name: many objects may refer to it.
fn short(name: Cow<'_, str>) -> String {
    if name.len() <= MAX_NAME_BYTES {
        name.into_owned()
    } else {
        name.chars().take(MAX_NAME_BYTES).chain(['…']).collect()
    }
}

/// What an administrator should know. Tomcat finds a session by its columns, but uses the times and the id in the data.
fn conclusions(decoded: &Decoded<'_>, meta: &SessionMeta, now: EpochMillis, id_matches_row: bool) -> Vec<String> {
    let session = &decoded.session;
    let mut out = Vec::new();
    if !id_matches_row {
        out.push(
            "The session id in the data is not the id of the row: Tomcat will not load this session, and since 9.0.122, 10.1.60 \
             and 11.0.26 deletes the row when it is asked for."
                .to_owned(),
        );
    }
    if let Some(column) = meta.last_access
        && column.0 != session.last_accessed_time
    {
        let off = column.0.abs_diff(session.last_accessed_time);
        out.push(format!(
            "The column last_access differs from the data by {}: at least one of the two was not written by Tomcat.",
            age(off)
        ));
    }
    if meta.max_inactive.is_some_and(|column| column != i64::from(session.max_inactive_interval)) {
        out.push(
            "The column max_inactive differs from the data: at least one of the two was not written by Tomcat."
                .to_owned(),
        );
    }
    // StoreBase.processExpires finds rows by the column, but decides by thisAccessedTime.
    let by_column = meta.state_at(now).as_str();
    out.push(match (session.expires_at(), by_column) {
        (None, _) => "According to the data the session never expires.".to_owned(),
        (Some(ends), "expired") if ends < now => {
            format!("According to the data, too, it expired {} ago.", age(now.since(ends)))
        }
        (Some(ends), _) if ends < now => format!(
            "According to the data it expired {} ago, although the row has not: Tomcat will not load it.",
            age(now.since(ends))
        ),
        (Some(ends), "expired") => format!(
            "According to the data it expires in {}, although by the column it has expired: Tomcat would load it, and `expire` \
             deletes it.",
            age(ends.since(now))
        ),
        (Some(ends), _) => format!("According to the data it expires in {}.", age(ends.since(now))),
    });
    if !session.is_valid {
        out.push("The data mark the session as invalid: Tomcat will not load it.".to_owned());
    }
    out
}

/// Tells whether higher limits could help.
pub fn is_limit(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::TooDeep { .. } | ErrorKind::TooMany { .. })
}
