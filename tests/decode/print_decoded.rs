//! Prints decoded objects in the format in which `Fixtures.java` prints those of the JVM.

use tomcat_sessions::javaser::{Kind, NodeId, Tree, Value, View, units};

pub fn say(tree: &Tree<'_>, value: Value) -> String {
    say_in(tree, value, &mut Vec::new())
}

fn say_in(tree: &Tree<'_>, value: Value, path: &mut Vec<NodeId>) -> String {
    let id = match value {
        Value::Node(id) => Some(id),
        _ => None,
    };
    let compound = id.is_some_and(|id| matches!(tree.node(id).kind, Kind::Object { .. } | Kind::Array { .. }));
    if let Some(id) = id.filter(|_| compound) {
        if path.contains(&id) {
            return "^".to_owned();
        }
        path.push(id);
    }
    let output_text = match tree.view(value) {
        View::Null => "null".to_owned(),
        View::Text(_) => quote(tree, id.unwrap()),
        View::Primitive(value) => primitive(value),
        View::Printed(text) => format!("said {text}"),
        View::Constant(name) => format!("enum {name}"),
        View::Class(name) => format!("class {name}"),
        View::Bytes(n) => format!("bytes {n}"),
        View::Opaque(n) => format!("block {n}"),
        View::List(items) => {
            let items: Vec<String> = items.into_iter().map(|item| say_in(tree, item, path)).collect();
            format!("[{}]", items.join(", "))
        }
        View::Map(pairs) => {
            let pairs: Vec<String> = pairs
                .into_iter()
                .map(|(key, value)| format!("{}: {}", say_in(tree, key, path), say_in(tree, value, path)))
                .collect();
            format!("{{{}}}", pairs.join(", "))
        }
        View::Object(id) => object(tree, id, path),
    };
    if compound {
        path.pop();
    }
    output_text
}

fn object(tree: &Tree<'_>, id: NodeId, path: &mut Vec<NodeId>) -> String {
    let class = tree.class_name(tree.class_of(id).unwrap()).into_owned();
    let mut parts = Vec::new();
    for level in tree.levels(id) {
        let java = tree.class_name(level.class).starts_with("java.");
        for (field, value) in tree.fields(level) {
            let name = tree.text(field.name);
            match java && !class.starts_with("proxy") {
                true => parts.push(name.into_owned()),
                false => parts.push(format!("{name}={}", say_in(tree, value, path))),
            }
        }
    }
    format!("{class}({})", parts.join(", "))
}

fn quote(tree: &Tree<'_>, id: NodeId) -> String {
    let Kind::String(span) = tree.node(id).kind else { panic!("no string") };
    if span.len() > 1000 {
        return format!("long string {}", span.len());
    }
    let mut out = "\"".to_owned();
    for unit in units(span.of(tree.bytes())).map(Option::unwrap) {
        match u8::try_from(unit) {
            Ok(c @ 0x20..=0x7e) if c != b'"' && c != b'\\' => out.push(c as char),
            _ => out.push_str(&format!("\\u{unit:04x}")),
        }
    }
    out.push('"');
    out
}

fn primitive(value: Value) -> String {
    match value {
        Value::Boolean(b) => format!("boolean {b}"),
        Value::Byte(n) => format!("byte {n}"),
        Value::Short(n) => format!("short {n}"),
        Value::Int(n) => format!("integer {n}"),
        Value::Long(n) => format!("long {n}"),
        Value::Char(c) => format!("character {c}"),
        Value::Float(f) => format!("float {:x}", f.to_bits()),
        Value::Double(d) => format!("double {:x}", d.to_bits()),
        other => panic!("{other:?} is no primitive"),
    }
}
