//! Readable views of JDK classes: a list is shown as its elements, not as a capacity and an array that is
//! longer than the list.
//!
//! A view covers one step: its elements are values that the caller views in turn. The caller decides how deep it
//! goes, and a cycle costs nothing unless the caller follows it.

mod collections;
mod number;
mod time;

use std::borrow::Cow;

use super::tree::{Kind, NodeId, Tree, Value};

/// A value as a person understands it.
#[derive(Debug, Clone, PartialEq)]
pub enum View<'a> {
    Null,
    Text(Cow<'a, str>),
    /// A primitive, or a boxed primitive.
    Primitive(Value),
    /// The result of the class's toString: a date, a UUID, a big number.
    Printed(String),
    /// An enum constant.
    Constant(Cow<'a, str>),
    /// The name of a class.
    Class(Cow<'a, str>),
    /// A byte array with this many bytes.
    Bytes(usize),
    List(Vec<Value>),
    Map(Vec<(Value, Value)>),
    /// Block data: this many bytes that only the class understands.
    Opaque(usize),
    /// Anything else: its fields, those of the topmost superclass first.
    Object(NodeId),
}

/// Classes of the results of `List.of`, `Set.of` and `Map.of`.
const IMMUTABLE: [&str; 6] = [
    "java.util.ImmutableCollections$List12",
    "java.util.ImmutableCollections$ListN",
    "java.util.ImmutableCollections$Set12",
    "java.util.ImmutableCollections$SetN",
    "java.util.ImmutableCollections$Map1",
    "java.util.ImmutableCollections$MapN",
];
/// Classes of the results of `EnumSet.of`.
const ENUM_SETS: [&str; 2] = ["java.util.RegularEnumSet", "java.util.JumboEnumSet"];

impl<'a> Tree<'a> {
    /// The view of `value`.
    pub fn view(&self, value: Value) -> View<'a> {
        let id = match value {
            Value::Null => return View::Null,
            Value::Block(span) => return View::Opaque(span.len()),
            Value::Node(id) => id,
            primitive => return View::Primitive(primitive),
        };
        match self.node(id).kind {
            Kind::String(span) => View::Text(self.text(span)),
            Kind::Enum { constant, .. } => View::Constant(self.text(constant)),
            Kind::Class(class) | Kind::Descriptor(class) => View::Class(self.class_name(class)),
            Kind::Array { .. } => View::List(self.items(id).to_vec()),
            Kind::Primitives { element: b'B', bytes, .. } => View::Bytes(bytes.len()),
            Kind::Primitives { element, bytes, .. } => View::List(elements(element, bytes.of(self.bytes()))),
            Kind::Object { class, .. } => {
                if let Some(primitive) = self.unboxed(value) {
                    return View::Primitive(primitive);
                }
                let name = self.class_name(class);
                self.text_of(id, &name)
                    .map(View::Printed)
                    .or_else(|| collections::view(self, id))
                    .unwrap_or(View::Object(id))
            }
        }
    }

    /// The class that a value has after a JVM has read it, as Java names it, if another class represents it in the
    /// stream and identifies it.
    pub fn class_shown(&self, value: Value) -> Cow<'a, str> {
        let class = self.type_of(value);
        match value {
            Value::Node(id) if class == "java.time.Ser" => time::class(self, id).map_or(class, Cow::Owned),
            _ => class,
        }
    }

    /// The classes that a value can have after a JVM has read it: [`Tree::class_shown`], or the non-public classes
    /// that another class represents in the stream without identifying them.
    pub fn classes_read(&self, value: Value) -> Vec<Cow<'a, str>> {
        let class = self.class_shown(value);
        let hidden = match class.as_ref() {
            "java.util.CollSer" => &IMMUTABLE[..],
            "java.util.EnumSet$SerializationProxy" => &ENUM_SETS[..],
            _ => return vec![class],
        };
        hidden.iter().map(|name| Cow::Borrowed(*name)).collect()
    }

    fn text_of(&self, id: NodeId, class: &str) -> Option<String> {
        time::text_of(self, id, class)
            .or_else(|| number::text_of(self, id, class))
            .or_else(|| self.text_of_class(id, class))
    }

    fn text_of_class(&self, id: NodeId, class: &str) -> Option<String> {
        let text = |name| self.field(id, name).and_then(|value| self.string(value));
        match class {
            "java.util.UUID" => match (self.field(id, "mostSigBits")?, self.field(id, "leastSigBits")?) {
                (Value::Long(high), Value::Long(low)) => {
                    let (high, low) = (high as u64, low as u64);
                    let (a, b, c) = (high >> 32, high >> 16 & 0xffff, high & 0xffff);
                    Some(format!("{a:08x}-{b:04x}-{c:04x}-{:04x}-{:012x}", low >> 48, low & 0xffff_ffff_ffff))
                }
                _ => None,
            },
            "java.util.Locale" => {
                let parts = ["language", "country", "variant"].map(|name| text(name).unwrap_or_default());
                Some(parts.join("_").trim_end_matches('_').to_owned())
            }
            "java.util.Currency" => text("currencyCode").map(Cow::into_owned),
            "java.net.URI" => text("string").map(Cow::into_owned),
            "java.io.File" => text("path").map(Cow::into_owned),
            _ => None,
        }
    }
}

/// The elements of an array of primitives.
fn elements(code: u8, bytes: &[u8]) -> Vec<Value> {
    fn each<const N: usize>(bytes: &[u8], of: fn([u8; N]) -> Value) -> Vec<Value> {
        bytes.chunks_exact(N).filter_map(|chunk| chunk.first_chunk().copied()).map(of).collect()
    }
    match code {
        b'Z' => each(bytes, |[b]| Value::Boolean(b != 0)),
        b'C' => each(bytes, |b| Value::Char(u16::from_be_bytes(b))),
        b'S' => each(bytes, |b| Value::Short(i16::from_be_bytes(b))),
        b'I' => each(bytes, |b| Value::Int(i32::from_be_bytes(b))),
        b'J' => each(bytes, |b| Value::Long(i64::from_be_bytes(b))),
        b'F' => each(bytes, |b| Value::Float(f32::from_be_bytes(b))),
        b'D' => each(bytes, |b| Value::Double(f64::from_be_bytes(b))),
        _ => each(bytes, |b| Value::Byte(i8::from_be_bytes(b))),
    }
}
