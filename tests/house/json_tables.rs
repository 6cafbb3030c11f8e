//! Each field in `docs/json.md` has its name, type, unit, first version and meaning. That the names are
//! those which are printed is held by `tests/cli/json_documented.rs` and `tests/tomcat/`.

use crate::files::read;

const HEAD: &str = "| field | type | unit | since | meaning |";
const TYPES: [&str; 6] = ["any", "array of objects", "array of strings", "boolean", "number", "string"];
const UNITS: [&str; 6] = ["", "bytes", "epoch ms", "ms", "s", "sessions"];

/// Numbers of a version, to compare.
fn version(text: &str) -> Vec<u32> {
    text.split('.').map(|part| part.parse().unwrap_or_else(|_| panic!("`{text}` is no version"))).collect()
}

#[test]
fn every_field_has_type_unit_and_version() {
    let text = read("docs/json.md");
    let mut fields = 0;
    for row in text.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [name, kind, unit, since, _] = cells[..] else { panic!("five columns, as in `{HEAD}`: {row}") };
        if !name.starts_with('`') {
            assert!(row == HEAD || name.starts_with("---"), "{row}");
            continue;
        }
        let plain = kind.trim_end_matches(" or null");
        assert!(plain == "null" || TYPES.contains(&plain), "`{kind}` is no type: {row}");
        assert!(UNITS.contains(&unit), "`{unit}` is no unit: {row}");
        assert!(version(since) <= version(env!("CARGO_PKG_VERSION")), "{since} is not out yet: {row}");
        fields += 1;
    }
    assert!(fields > 300, "{fields}");
}
