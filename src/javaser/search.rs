//! Finds sessions by the contents of their data.

use globset::{GlobBuilder, GlobMatcher};

use super::View;
use super::error::Error;
use super::preview::primitive;
use crate::session::{EpochMillis, SessionMeta};

use super::restorable::{Restorable, RestorableAnswer};
use super::session::Decoded;
use super::tree::{Tree, Value};

/// Maximum depth in an attribute at which a value is searched.
const DEPTH: usize = 3;
/// Maximum number of values of an attribute that are searched.
const VALUES: usize = 10_000;

/// Conditions on the data of a session; all of them must match.
#[derive(Debug, Clone, Default)]
pub struct Search {
    attributes: Vec<(String, Option<GlobMatcher>)>,
    classes: Vec<ClassPattern>,
    /// One user of each group must be logged in.
    users: Vec<Vec<GlobMatcher>>,
    /// Whether Tomcat can load the session; used only by [`Search::admits`], which knows the row.
    pub restorable: Option<RestorableAnswer>,
}

/// Classes by name, and by serialVersionUID if given.
#[derive(Debug, Clone)]
struct ClassPattern {
    name: GlobMatcher,
    uid: Option<i64>,
}

/// A class in the data of a session, and its serialVersionUID there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClassVersion {
    pub class: String,
    pub uid: i64,
}

impl Search {
    /// Adds an attribute, as `NAME` or `NAME=VALUE`. The value may be a glob; it is also searched in collections,
    /// maps and fields of the attribute.
    ///
    /// # Errors
    /// If the glob is invalid; the same applies to the next functions.
    pub fn attribute(&mut self, text: &str) -> Result<(), String> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(glob(value)?)),
            None => (text, None),
        };
        self.attributes.push((name.to_owned(), value));
        Ok(())
    }

    /// Adds a class: the data must contain an object, an array or a descriptor of it, or an attribute of that class;
    /// with `NAME@UID`, only with that serialVersionUID.
    pub fn class(&mut self, pattern: &str) -> Result<(), String> {
        let (name, uid) = match pattern.rsplit_once('@') {
            Some((name, uid)) => {
                let uid = uid.parse().map_err(|_| "the part after the @ is not a serialVersionUID".to_owned())?;
                (name, Some(uid))
            }
            None => (pattern, None),
        };
        self.classes.push(ClassPattern { name: glob(name)?, uid });
        Ok(())
    }

    /// Adds a logged-in user.
    pub fn user(&mut self, pattern: &str) -> Result<(), String> {
        self.one_of_users(&[pattern])
    }

    /// Adds several users, one of whom must be logged in.
    pub fn one_of_users(&mut self, patterns: &[&str]) -> Result<(), String> {
        self.users.push(patterns.iter().map(|pattern| glob(pattern)).collect::<Result<_, _>>()?);
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        !self.looks_into() && self.restorable.is_none()
    }

    /// Tells whether there is a condition on the decoded data.
    fn looks_into(&self) -> bool {
        !(self.attributes.is_empty() && self.classes.is_empty() && self.users.is_empty())
    }

    /// Tells whether the session of `row` matches at `now`, and whether Tomcat can load it. `decoded` is the result of
    /// decoding its data, `None` for NULL data. The result is `None` if the data cannot be decoded far enough to
    /// know.
    pub fn admits(
        &self,
        decoded: Option<&Result<Decoded<'_>, Error>>,
        row: &SessionMeta,
        now: EpochMillis,
    ) -> (Option<bool>, Restorable) {
        let restorable = Restorable::of(decoded, row, now);
        let readable = decoded.and_then(|decoded| decoded.as_ref().ok());
        let found = !self.looks_into() || readable.is_some_and(|decoded| self.matches(decoded));
        let incomplete = readable.is_none_or(|decoded| decoded.broken.is_some());
        let content = (found || !incomplete).then_some(found);
        let answer = match self.restorable {
            None => content,
            Some(wanted) if restorable.is(wanted) => content,
            Some(RestorableAnswer::Unknown) => Some(false),
            // The answer may be the other one.
            Some(_) => restorable.answer().map(|_| false),
        };
        (answer, restorable)
    }

    /// The searched classes, as they are in the data.
    pub fn versions(&self, decoded: &Decoded<'_>) -> Vec<ClassVersion> {
        let tree = &decoded.tree;
        let mut found: Vec<ClassVersion> = tree
            .classes()
            .map(|(id, class)| ClassVersion { class: tree.class_name(id).into_owned(), uid: class.suid })
            .filter(|version| self.classes.iter().any(|pattern| pattern.is(&version.class, Some(version.uid))))
            .collect();
        found.sort();
        found.dedup();
        found
    }

    pub fn asks_for_classes(&self) -> bool {
        !self.classes.is_empty()
    }

    /// Tells whether the session matches.
    pub fn matches(&self, decoded: &Decoded<'_>) -> bool {
        let Decoded { tree, session, .. } = decoded;
        let attribute = |(name, value): &(String, Option<GlobMatcher>)| {
            session.attributes.iter().any(|attribute| {
                tree.string(attribute.name).is_some_and(|text| text == name.as_str())
                    && value.as_ref().is_none_or(|glob| holds(tree, attribute.value, glob, DEPTH, &mut VALUES.clone()))
            })
        };
        let class = |pattern: &ClassPattern| {
            // Strings, and values that another class represents in the stream, have no descriptor.
            tree.classes().any(|(id, class)| pattern.is(&tree.class_name(id), Some(class.suid)))
                || session.attributes.iter().any(|attribute| {
                    let described = match attribute.value {
                        Value::Node(id) => tree.class_of(id).is_some_and(|class| !tree.is(class, "java.time.Ser")),
                        _ => false,
                    };
                    !described && pattern.is(&tree.class_shown(attribute.value), None)
                })
        };
        let users = if self.users.is_empty() { Vec::new() } else { session.users(tree) };
        self.attributes.iter().all(attribute)
            && self.classes.iter().all(class)
            && self
                .users
                .iter()
                .all(|group| group.iter().any(|glob| users.iter().any(|user| glob.is_match(user.as_ref()))))
    }
}

impl ClassPattern {
    /// `uid` is `None` for a class without a descriptor in the data.
    fn is(&self, name: &str, uid: Option<i64>) -> bool {
        self.uid.is_none_or(|wanted| uid == Some(wanted)) && self.name.is_match(name)
    }
}

fn glob(pattern: &str) -> Result<GlobMatcher, String> {
    let built = GlobBuilder::new(pattern).literal_separator(false).backslash_escape(true).build();
    built.map(|glob| glob.compile_matcher()).map_err(|error| error.kind().to_string())
}

/// Tells whether `value`, or anything in it, matches the glob.
fn holds(tree: &Tree<'_>, value: Value, glob: &GlobMatcher, depth: usize, left: &mut usize) -> bool {
    if *left == 0 {
        return false;
    }
    *left -= 1;
    let inner = match tree.view(value) {
        View::Null | View::Bytes(_) | View::Opaque(_) => return false,
        View::Text(text) | View::Constant(text) | View::Class(text) => return glob.is_match(text.as_ref()),
        View::Printed(text) => return glob.is_match(&text),
        View::Primitive(value) => return glob.is_match(primitive(value)),
        _ if depth == 0 => return false,
        View::List(items) => items,
        View::Map(pairs) => pairs.into_iter().flat_map(|(key, value)| [key, value]).collect(),
        View::Object(id) => {
            tree.levels(id).iter().flat_map(|level| tree.fields(level).map(|(_, value)| value)).collect()
        }
    };
    inner.into_iter().any(|value| holds(tree, value, glob, depth - 1, left))
}
