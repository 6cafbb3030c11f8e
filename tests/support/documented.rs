//! Compares `docs/json.md` with the output.

use std::collections::BTreeSet;

use serde_json::Value;

/// The fields of a section: the names in backticks at the beginning of table rows. `x[]` alone means that the elements
/// are those of `total`.
fn documented(section: &str) -> BTreeSet<String> {
    let text = include_str!("../../docs/json.md");
    let (_, rest) = text.split_once(&format!("\n## {section}\n")).unwrap_or_else(|| panic!("no section {section}"));
    let section = rest.split("\n## ").next().unwrap();
    let fields: Vec<&str> = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let inner = |list: &str| {
        let total = fields.iter().filter_map(|field| field.strip_prefix("total."));
        total.map(|field| format!("{list}.{field}")).collect::<Vec<_>>()
    };
    let all =
        fields.iter().flat_map(|field| if field.ends_with("[]") { inner(field) } else { vec![(*field).to_owned()] });
    all.collect()
}

/// The fields of a result, as `outer.inner` and `list[].inner`.
fn fields(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                fields(value, &path, found);
            }
        }
        Value::Array(list) if list.iter().any(Value::is_object) => {
            list.iter().for_each(|value| fields(value, &format!("{path}[]"), found));
        }
        _ => drop(found.insert(path.to_owned())),
    }
}

/// # Panics
/// If a result has other fields than its section.
#[track_caller]
pub fn same(section: &str, printed: &Value) {
    let mut found = BTreeSet::new();
    fields(printed, "", &mut found);
    assert_eq!(documented(section), found, "docs/json.md, {section}: left is what stands there");
}
