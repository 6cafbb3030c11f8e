//! Finds sessions by what their data hold.

use globset::{GlobBuilder, GlobMatcher};

use super::View;
use super::preview::primitive;
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
    classes: Vec<GlobMatcher>,
    users: Vec<GlobMatcher>,
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

    /// Adds a class of which the data hold an object, an array or a descriptor, or that an attribute is of.
    pub fn class(&mut self, pattern: &str) -> Result<(), String> {
        self.classes.push(glob(pattern)?);
        Ok(())
    }

    /// Adds who is logged in.
    pub fn user(&mut self, pattern: &str) -> Result<(), String> {
        self.users.push(glob(pattern)?);
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty() && self.classes.is_empty() && self.users.is_empty()
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
        let class = |glob: &GlobMatcher| {
            let is = |name: &str| glob.is_match(name);
            // Strings, and what another class stands for in the stream, have no descriptor of their own.
            tree.classes().any(|(id, _)| is(&tree.class_name(id)))
                || session.attributes.iter().any(|attribute| {
                    let described = match attribute.value {
                        Value::Node(id) => tree.class_of(id).is_some_and(|class| !tree.is(class, "java.time.Ser")),
                        _ => false,
                    };
                    !described && is(&tree.class_shown(attribute.value))
                })
        };
        let users = if self.users.is_empty() { Vec::new() } else { session.users(tree) };
        self.attributes.iter().all(attribute)
            && self.classes.iter().all(class)
            && self.users.iter().all(|glob| users.iter().any(|user| glob.is_match(user.as_ref())))
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
