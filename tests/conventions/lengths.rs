//! Files are short enough to read.

use crate::files::{below, read};

/// The hard limit, without tests. The soft limit is 300.
const LINES: usize = 400;

#[test]
fn no_file_is_longer_than_400_lines_without_its_tests() {
    for file in below("src", ".rs") {
        let text = read(&file);
        let code = text.split("\n#[cfg(test)]\nmod ").next().unwrap();
        let lines = code.lines().count();
        assert!(file.ends_with("tests.rs") || lines <= LINES, "{file} has {lines} lines");
    }
}

#[test]
fn no_module_is_called_util_or_misc() {
    for file in below("src", ".rs").iter().chain(&below("tests", ".rs")) {
        for word in ["utils", "util", "common", "helpers", "helper", "manager", "misc"] {
            assert!(!file.split(['/', '.']).any(|part| part == word), "{file}: say what is in it");
        }
    }
}
