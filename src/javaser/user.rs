//! Finds the logged-in user: the name in Tomcat's principal, and in Spring Security's context.

use std::borrow::Cow;

use super::View;
use super::session::Envelope;
use super::tree::{Tree, Value};

const CONTEXT: &str = "org.springframework.security.core.context.SecurityContextImpl";

/// Maximum number of contexts of a session that are examined; Spring Security stores one.
const CONTEXTS: usize = 16;

/// Fields in which principal classes store the name, the most likely first.
const NAMES: [&str; 4] = ["username", "name", "userName", "login"];

impl Envelope {
    /// Names of the logged-in users; usually none or one.
    pub fn users<'a>(&self, tree: &Tree<'a>) -> Vec<Cow<'a, str>> {
        let contexts = self.attributes.iter().map(|attribute| attribute.value).filter(|value| is_context(tree, *value));
        let contexts = contexts.take(CONTEXTS).filter_map(|context| spring(tree, context));
        let mut users: Vec<_> = contexts.chain(name(tree, self.principal)).collect();
        users.sort();
        users.dedup();
        users
    }
}

/// The user in a `SecurityContextImpl`; `None` for any other value.
pub(super) fn of_context<'a>(tree: &Tree<'a>, value: Value) -> Option<Cow<'a, str>> {
    if is_context(tree, value) { spring(tree, value) } else { None }
}

fn is_context(tree: &Tree<'_>, value: Value) -> bool {
    match value {
        Value::Node(id) => tree.class_of(id).is_some_and(|class| tree.is(class, CONTEXT)),
        _ => false,
    }
}

fn spring<'a>(tree: &Tree<'a>, context: Value) -> Option<Cow<'a, str>> {
    let Value::Node(context) = context else { return None };
    let authentication = tree.field(context, "authentication")?;
    let Value::Node(token) = authentication else { return None };
    tree.field(token, "principal").and_then(|principal| name(tree, principal)).or_else(|| name(tree, authentication))
}

/// Name of a principal: the string itself, or one of its fields.
fn name<'a>(tree: &Tree<'a>, principal: Value) -> Option<Cow<'a, str>> {
    if let Some(text) = tree.string(principal) {
        return Some(text);
    }
    let Value::Node(id) = principal else { return None };
    let named = NAMES.iter().find_map(|name| tree.string(tree.field(id, name)?));
    // OAuth 2: the name is one of the attributes; a field says which.
    named.or_else(|| {
        let key = tree.string(tree.field(id, "nameAttributeKey")?)?;
        let View::Map(pairs) = tree.view(tree.field(id, "attributes")?) else { return None };
        pairs
            .iter()
            .find(|(name, _)| tree.string(*name).as_ref() == Some(&key))
            .and_then(|(_, name)| tree.string(*name))
    })
}
