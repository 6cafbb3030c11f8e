//! Finds sessions by what their data hold.

use globset::{GlobBuilder, GlobMatcher};

use super::View;
use super::error::Error;
use super::preview::primitive;
use super::restorable::{Restorable, RestorableAnswer};
use super::session::Decoded;
use super::tree::{Tree, Value};

/// How deep in an attribute a value is looked for.
const DEPTH: usize = 3;
/// Values of an attribute that are looked at.
const VALUES: usize = 10_000;

/// A condition on a session's data: all of it must hold.
#[derive(Debug, Clone, Default)]
pub struct Search {
    attributes: Vec<(String, Option<GlobMatcher>)>,
    classes: Vec<ClassPattern>,
    /// Of each group, one must be logged in.
    users: Vec<Vec<GlobMatcher>>,
    /// Whether Tomcat can load the session: for [`Search::admits`], which knows the row.
    pub restorable: Option<RestorableAnswer>,
}

/// Classes by their names, and by their serialVersionUID where one is asked for.
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
    /// Adds an attribute, as `NAME` or `NAME=VALUE`; the value may be a glob, and is found in
    /// collections, maps and fields of the attribute too.
    ///
    /// # Errors
    /// What is wrong with the glob; likewise below.
    pub fn attribute(&mut self, text: &str) -> Result<(), String> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(glob(value)?)),
            None => (text, None),
        };
        self.attributes.push((name.to_owned(), value));
        Ok(())
    }

    /// Adds a class of which the data hold an object, an array or a descriptor, or that an attribute is of; as
    /// `NAME@UID`, only with that serialVersionUID.
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

    /// Adds who is logged in.
    pub fn user(&mut self, pattern: &str) -> Result<(), String> {
        self.one_of_users(&[pattern])
    }

    /// Adds several users, of whom one is logged in.
    pub fn one_of_users(&mut self, patterns: &[&str]) -> Result<(), String> {
        self.users.push(patterns.iter().map(|pattern| glob(pattern)).collect::<Result<_, _>>()?);
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        !self.looks_into() && self.restorable.is_none()
    }

    /// Tells whether it asks for something in the data.
    fn looks_into(&self) -> bool {
        !(self.attributes.is_empty() && self.classes.is_empty() && self.users.is_empty())
    }

    /// Tells whether the session of the row `id` is wanted, where decoding its data brought `decoded`, `None` for
    /// data that are NULL; and whether Tomcat can load it. The answer is `None` where the data cannot be decoded as
    /// far as it takes to know.
    pub fn admits(&self, decoded: Option<&Result<Decoded<'_>, Error>>, id: &str) -> (Option<bool>, Restorable) {
        let restorable = Restorable::of(decoded, id);
        let readable = decoded.and_then(|decoded| decoded.as_ref().ok());
        let found = !self.looks_into() || readable.is_some_and(|decoded| self.matches(decoded));
        let incomplete = readable.is_none_or(|decoded| decoded.broken.is_some());
        let content = (found || !incomplete).then_some(found);
        let answer = match self.restorable {
            None => content,
            Some(wanted) if restorable.is(wanted) => content,
            Some(RestorableAnswer::Unknown) => Some(false),
            // It may be the other answer.
            Some(_) => restorable.answer().map(|_| false),
        };
        (answer, restorable)
    }

    /// The classes that it asks for, as they are in the data.
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

    /// Tells whether the session is wanted.
    pub fn matches(&self, decoded: &Decoded<'_>) -> bool {
        let Decoded { tree, session, .. } = decoded;
        let attribute = |(name, value): &(String, Option<GlobMatcher>)| {
            session.attributes.iter().any(|attribute| {
                tree.string(attribute.name).is_some_and(|text| text == name.as_str())
                    && value.as_ref().is_none_or(|glob| holds(tree, attribute.value, glob, DEPTH, &mut VALUES.clone()))
            })
        };
        let class = |pattern: &ClassPattern| {
            // Strings, and what another class stands for in the stream, have no descriptor of their own.
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

/// Tells whether `value`, or what it holds, is what the glob wants.
fn holds(tree: &Tree<'_>, value: Value, glob: &GlobMatcher, depth: usize, left: &mut usize) -> bool {
    if *left == 0 {
        return false;
    }
    *left -= 1;
    let inner = match tree.view(value) {
        View::Null | View::Bytes(_) | View::Opaque(_) => return false,
        View::Text(text) | View::Constant(text) | View::Class(text) => return glob.is_match(text.as_ref()),
        View::Said(text) => return glob.is_match(&text),
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
