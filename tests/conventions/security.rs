//! The promises of SECURITY.md with their tests, and the code that it calls `unsafe`.

use crate::files::{below, read, root};

/// The items of a chapter, without their list markers.
fn points(chapter: &str) -> Vec<String> {
    let text = read("SECURITY.md");
    let (_, behind) = text.split_once(&format!("## {chapter}\n")).unwrap();
    let chapter = behind.split("\n## ").next().unwrap();
    let points: Vec<String> = chapter.lines().filter_map(|line| line.strip_prefix("- ")).map(str::to_owned).collect();
    assert!(points.len() > 2, "{chapter}");
    points
}

/// Tells whether the tests exist: a file below `tests`, or a module of the library.
fn has_tests(name: &str) -> bool {
    if name.starts_with("tests/") {
        return root(name).is_file() && read(name).contains("#[test]")
            || root(name).is_file() && (read(name).contains("#[tokio::test") || read(name).contains("suite!("));
    }
    let Some(module) = name.strip_suffix("::tests") else { return false };
    let path = format!("src/{}", module.replace("::", "/"));
    let own = [format!("{path}.rs"), format!("{path}/mod.rs")];
    root(&format!("{path}/tests.rs")).is_file()
        || own.iter().any(|file| root(file).is_file() && read(file).contains("mod tests {"))
}

#[test]
fn each_promise_names_tests_that_exist() {
    for promise in points("What this program promises") {
        let tests = promise.rsplit_once(" (`").map(|(_, tests)| format!("`{tests}"));
        let tests = tests.filter(|tests| tests.ends_with(')')).unwrap_or_else(|| panic!("without a test: {promise}"));
        let named: Vec<&str> = tests
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|name| name.ends_with(".rs") || name.ends_with("::tests"))
            .collect();
        assert!(!named.is_empty(), "without a test: {promise}");
        for name in named {
            assert!(has_tests(name), "{name} is no test: {promise}");
        }
    }
}

#[test]
fn unsafe_code_is_only_in_the_documented_files() {
    let mut found: Vec<String> = below("src", ".rs");
    found.retain(|file| read(file).contains("unsafe_code"));
    assert_eq!(found, ["src/engine/socket.rs", "src/main.rs"]);
    let promise = points("What this program promises").into_iter().find(|promise| promise.contains("`unsafe` in two"));
    let promise = promise.unwrap();
    for file in &found {
        assert!(promise.contains(&format!("`{file}`")), "{file} is not named: {promise}");
    }
    assert!(read("Cargo.toml").contains("unsafe_code = \"deny\""));
}
