//! A value on one line, truncated to a width.

use super::View;
use super::secret::{REDACTED, is_secret};
use super::tree::{Tree, Value};
use super::user::of_context;

/// Maximum depth of a preview.
const DEPTH: usize = 6;

/// `value` on one line of about `width` characters; `reveal` includes the values that [`is_secret`] hides.
pub fn preview(tree: &Tree<'_>, value: Value, reveal: bool, width: usize) -> String {
    let mut line = Line { tree, reveal, width, out: String::new() };
    line.value(value, DEPTH);
    if line.out.chars().count() > width {
        line.out = line.out.chars().take(width.saturating_sub(1)).collect();
        line.out.push('…');
    }
    line.out
}

/// A primitive, approximately as in Java source code.
pub fn primitive(value: Value) -> String {
    match value {
        Value::Boolean(b) => b.to_string(),
        Value::Byte(n) => n.to_string(),
        Value::Short(n) => n.to_string(),
        Value::Int(n) => n.to_string(),
        Value::Long(n) => n.to_string(),
        Value::Float(n) => n.to_string(),
        Value::Double(n) => n.to_string(),
        Value::Char(unit) => {
            format!("'{}'", char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER))
        }
        Value::Null | Value::Node(_) | Value::Block(_) => String::new(),
    }
}

struct Line<'t, 'a> {
    tree: &'t Tree<'a>,
    reveal: bool,
    width: usize,
    out: String,
}

impl Line<'_, '_> {
    fn full(&self) -> bool {
        self.out.len() > self.width * 4
    }

    fn value(&mut self, value: Value, depth: usize) {
        if self.full() {
            return;
        }
        if let Some(user) = of_context(self.tree, value) {
            self.out.push_str(&format!("user {user}"));
            return;
        }
        match self.tree.view(value) {
            View::Null => self.out.push_str("null"),
            View::Text(text) => {
                self.out.push('"');
                // Enough bytes for every character that can be shown.
                self.out.extend(text.chars().take(self.width + 1));
                self.out.push('"');
            }
            View::Primitive(value) => self.out.push_str(&primitive(value)),
            View::Printed(text) => self.out.push_str(&text),
            View::Constant(name) | View::Class(name) => self.out.push_str(&name),
            View::Bytes(n) => self.out.push_str(&format!("{n} bytes")),
            View::Opaque(n) => self.out.push_str(&format!("{n} bytes of block data")),
            View::List(_) | View::Map(_) | View::Object(_) if depth == 0 => self.out.push('…'),
            View::List(items) => {
                self.out.push('[');
                for (i, item) in items.into_iter().enumerate() {
                    self.part(i);
                    self.value(item, depth - 1);
                    if self.full() {
                        break;
                    }
                }
                self.out.push(']');
            }
            View::Map(pairs) => {
                self.out.push('{');
                for (i, (key, value)) in pairs.into_iter().enumerate() {
                    self.part(i);
                    self.value(key, depth - 1);
                    self.out.push_str(": ");
                    let name = self.tree.string(key);
                    self.named(name.as_deref().unwrap_or_default(), value, depth - 1);
                    if self.full() {
                        break;
                    }
                }
                self.out.push('}');
            }
            View::Object(id) => {
                let class = self.tree.type_of(value);
                self.out.push_str(class.rsplit(['.', '$']).next().unwrap_or(&class));
                self.out.push('(');
                let levels = self.tree.levels(id).to_vec();
                let fields = levels.iter().flat_map(|level| self.tree.fields(level)).collect::<Vec<_>>();
                for (i, (field, value)) in fields.into_iter().enumerate() {
                    self.part(i);
                    let name = self.tree.text(field.name);
                    self.out.push_str(&name);
                    self.out.push('=');
                    self.named(&name, value, depth - 1);
                    if self.full() {
                        break;
                    }
                }
                self.out.push(')');
            }
        }
    }

    fn named(&mut self, name: &str, value: Value, depth: usize) {
        if is_secret(name) && !self.reveal {
            self.out.push_str(REDACTED);
        } else {
            self.value(value, depth);
        }
    }

    fn part(&mut self, i: usize) {
        if i > 0 {
            self.out.push_str(", ");
        }
    }
}
