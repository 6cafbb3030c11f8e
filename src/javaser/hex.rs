//! Annotated hex dump of a stream, one line per named element.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::tree::{Kind, Tree};

/// Bytes per line.
const WIDTH: usize = 16;
/// Maximum length of a name, in characters.
const NAME: usize = 200;

/// Name of a class, truncated if many objects have a class with a long name.
fn short(name: &str) -> String {
    name.chars().take(NAME).collect()
}

/// The bytes of the tree's stream, each range with a description of what begins there.
pub fn hex(tree: &Tree<'_>) -> String {
    let bytes = tree.bytes();
    let mut begins: BTreeMap<usize, String> = BTreeMap::new();
    begins.insert(0, "STREAM_MAGIC, STREAM_VERSION".to_owned());
    let mut name = |at: u32, what: String| {
        let here = begins.entry(at as usize).or_default();
        if !here.is_empty() {
            here.push_str(", ");
        }
        here.push_str(&what);
    };
    for (id, node) in tree.nodes() {
        let class = tree.class_of(id).map(|class| short(&tree.class_name(class))).unwrap_or_default();
        name(
            node.span.start,
            match node.kind {
                Kind::String(_) => "TC_STRING".to_owned(),
                Kind::Object { .. } => format!("TC_OBJECT {class}"),
                Kind::Array { .. } | Kind::Primitives { .. } => format!("TC_ARRAY {class}"),
                Kind::Enum { .. } => format!("TC_ENUM {class}"),
                Kind::Class(class) => format!("TC_CLASS {}", short(&tree.class_name(class))),
                Kind::Descriptor(_) => continue,
            },
        );
    }
    for (id, class) in tree.classes() {
        let code = if class.interfaces.is_some() { "TC_PROXYCLASSDESC" } else { "TC_CLASSDESC" };
        name(class.span.start, format!("{code} {}", tree.class_name(id)));
        for field in tree.fields_of(id) {
            name(field.name.start.saturating_sub(3), format!("field {}", tree.text(field.name)));
        }
    }
    begins.entry(4.min(bytes.len())).or_default();
    let ends = begins.keys().copied().skip(1).chain([bytes.len()]).collect::<Vec<_>>();
    let mut out = String::new();
    for ((start, what), end) in begins.iter().zip(ends) {
        for (i, line) in bytes.get(*start..end).unwrap_or_default().chunks(WIDTH).enumerate() {
            let _ = write!(out, "{:08x} ", start + i * WIDTH);
            for byte in line {
                let _ = write!(out, " {byte:02x}");
            }
            let text: String =
                line.iter().map(|b| if b.is_ascii_graphic() || *b == b' ' { char::from(*b) } else { '.' }).collect();
            let _ = write!(out, "{:pad$}  {text:WIDTH$}", "", pad = 3 * (WIDTH - line.len()));
            let _ = writeln!(out, "  {}", if i == 0 { what.as_str() } else { "" });
        }
    }
    // Class names are text from the stream, and a terminal interprets control characters.
    out.lines().fold(String::new(), |mut all, line| {
        all.extend(line.trim_end().chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }));
        all.push('\n');
        all
    })
}
