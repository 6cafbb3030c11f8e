//! Converts a value to JSON: values that JSON knows are themselves, all others are objects with their class.
//!
//! Each object is written once; further occurrences are `{"ref": id}`, so that cycles and shared values cost nothing.
//! Text, names and the contents of wrappers may occur more often than in the stream; beyond a limit that depends on
//! the length of the stream, `{"omitted": true}` is written instead.

use std::collections::HashSet;

use serde_json::{Map, Number, Value as Json, json};

use super::View;
use super::preview::primitive;
use super::secret::{REDACTED, is_secret};
use super::tree::{NodeId, Tree, Value};

/// Maximum nesting of the JSON; deeper values are `{"class": …, "omitted": true}`.
const DEPTH: usize = 48;

/// Number of characters allowed per byte of the stream, and for every stream.
const A_BYTE: usize = 16;
const ANY: usize = 1 << 20;

/// Approximate number of characters that all values of a tree together may still produce.
#[derive(Debug)]
pub struct OutputBudget(usize);

impl OutputBudget {
    pub fn of(tree: &Tree<'_>) -> OutputBudget {
        OutputBudget(ANY.saturating_add(tree.bytes().len().saturating_mul(A_BYTE)))
    }
}

/// `value` as JSON; `reveal` includes the values that [`is_secret`] hides.
pub fn json(tree: &Tree<'_>, value: Value, reveal: bool, room: &mut OutputBudget) -> Json {
    Writer { tree, reveal, met: HashSet::new(), room }.value(value, DEPTH)
}

struct Writer<'t, 'a, 'r> {
    tree: &'t Tree<'a>,
    reveal: bool,
    met: HashSet<NodeId>,
    room: &'r mut OutputBudget,
}

impl Writer<'_, '_, '_> {
    fn value(&mut self, value: Value, depth: usize) -> Json {
        if self.room.0 == 0 {
            return json!({ "omitted": true });
        }
        let class = self.tree.class_shown(value);
        let view = self.tree.view(value);
        self.spend(match &view {
            View::Text(text) => text.len(),
            View::Constant(name) | View::Class(name) => class.len() + name.len(),
            View::Printed(text) => class.len() + text.len(),
            View::List(_) | View::Map(_) | View::Object(_) | View::Bytes(_) => class.len(),
            View::Null | View::Primitive(_) | View::Opaque(_) => 0,
        });
        let compound = matches!(view, View::List(_) | View::Map(_) | View::Object(_));
        if let (true, Value::Node(id)) = (compound, value) {
            if depth == 0 {
                return json!({ "class": class, "omitted": true });
            }
            if !self.met.insert(id) {
                return json!({ "ref": id.number() });
            }
        }
        let id = match value {
            Value::Node(id) => id.number(),
            _ => 0,
        };
        match view {
            View::Null => Json::Null,
            View::Text(text) => Json::String(text.into_owned()),
            View::Primitive(value) => scalar(value),
            View::Printed(text) => json!({ "class": class, "value": text }),
            View::Constant(name) => json!({ "class": class, "constant": name }),
            View::Class(name) => json!({ "class": class, "name": name }),
            View::Bytes(n) => json!({ "class": class, "bytes": n }),
            View::Opaque(n) => json!({ "block_bytes": n }),
            View::List(items) => {
                let items: Vec<Json> = items.into_iter().map(|item| self.value(item, depth - 1)).collect();
                json!({ "class": class, "id": id, "items": items })
            }
            View::Map(pairs) => {
                let entries: Vec<Json> = pairs
                    .into_iter()
                    .map(|(key, value)| {
                        let name = self.tree.string(key).unwrap_or_default();
                        json!({ "key": self.value(key, depth - 1), "value": self.named(&name, value, depth - 1) })
                    })
                    .collect();
                json!({ "class": class, "id": id, "entries": entries })
            }
            View::Object(node) => {
                let mut fields = Map::new();
                let levels = self.tree.levels(node).to_vec();
                for level in &levels {
                    let of_level: Vec<_> = self.tree.fields(level).collect();
                    for (field, value) in of_level {
                        let name = self.tree.text(field.name);
                        self.spend(name.len());
                        let json = self.named(&name, value, depth - 1);
                        // A field that hides a field of a superclass.
                        let key = match fields.contains_key(name.as_ref()) {
                            true => format!("{}.{name}", self.tree.class_name(level.class)),
                            false => name.into_owned(),
                        };
                        fields.insert(key, json);
                    }
                    let annotation = self.tree.annotation(level).to_vec();
                    if !annotation.is_empty() {
                        self.spend(self.tree.class(level.class).name.len());
                        let values: Vec<Json> = annotation.into_iter().map(|v| self.value(v, depth - 1)).collect();
                        fields.insert(format!("{} wrote", self.tree.class_name(level.class)), Json::Array(values));
                    }
                }
                json!({ "class": class, "id": id, "fields": fields })
            }
        }
    }

    fn spend(&mut self, characters: usize) {
        self.room.0 = self.room.0.saturating_sub(characters + 1);
    }

    fn named(&mut self, name: &str, value: Value, depth: usize) -> Json {
        if is_secret(name) && !self.reveal { json!(REDACTED) } else { self.value(value, depth) }
    }
}

fn scalar(value: Value) -> Json {
    match value {
        Value::Boolean(b) => Json::Bool(b),
        Value::Byte(n) => json!(n),
        Value::Short(n) => json!(n),
        Value::Int(n) => json!(n),
        Value::Long(n) => json!(n),
        // JSON has no NaN and no infinity.
        Value::Float(n) => Number::from_f64(f64::from(n)).map_or_else(|| json!(n.to_string()), Json::Number),
        Value::Double(n) => Number::from_f64(n).map_or_else(|| json!(n.to_string()), Json::Number),
        Value::Char(_) => json!(primitive(value).trim_matches('\'')),
        Value::Null | Value::Node(_) | Value::Block(_) => Json::Null,
    }
}
