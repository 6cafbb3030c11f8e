//! Parses Prometheus' text exposition format strictly, also with `promtool` if it is installed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::{Command, Stdio};

/// The samples of a text, by series.
///
/// # Panics
/// If Prometheus would refuse the text, or if it violates the naming conventions.
#[track_caller]
pub fn samples(text: &str) -> BTreeMap<String, f64> {
    assert!(text.ends_with('\n') && !text.contains('\r'), "{text}");
    let (mut samples, mut families) = (BTreeMap::new(), BTreeSet::new());
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let head = line.strip_prefix("# HELP ").unwrap_or_else(|| panic!("a family begins with its help: {line}"));
        let (name, help) = head.split_once(' ').unwrap();
        assert!(is_name(name, ":") && families.insert(name.to_owned()), "{line}");
        assert!(help.ends_with('.') && !help.contains('\\'), "{line}");
        let kind = lines.next().and_then(|line| line.strip_prefix(&format!("# TYPE {name} "))).unwrap();
        assert_eq!(kind == "counter", name.ends_with("_total"), "{name} is a {kind}");
        assert!(["counter", "gauge"].contains(&kind), "{name} is a {kind}");
        for unit in ["_ms", "_millis", "_secs", "_kb", "_mb", "_days"] {
            assert!(!name.contains(unit), "{name}: Prometheus' units are seconds and bytes");
        }
        while let Some(line) = lines.next_if(|line| !line.starts_with('#')) {
            let rest = line.strip_prefix(name).unwrap_or_else(|| panic!("{line} is no sample of {name}"));
            let value = match rest.strip_prefix('{') {
                Some(labels) => after_labels(labels),
                None => rest,
            };
            let number: f64 = value.strip_prefix(' ').unwrap().parse().unwrap_or_else(|_| panic!("{line}: no number"));
            assert!(number.is_finite() && !value[1..].contains(' '), "{line}");
            let series = line[..line.len() - value.len()].to_owned();
            assert!(samples.insert(series, number).is_none(), "{line} is there twice");
        }
    }
    by_promtool(text);
    samples
}

/// The text after the labels and the closing brace.
fn after_labels(mut text: &str) -> &str {
    let mut names = BTreeSet::new();
    loop {
        let (name, rest) = text.split_once("=\"").unwrap();
        assert!(is_name(name, "") && !name.starts_with("__") && names.insert(name.to_owned()), "{text}");
        let mut chars = rest.char_indices();
        let end = loop {
            match chars.next().unwrap() {
                (_, '\\') => assert!(matches!(chars.next(), Some((_, '\\' | '"' | 'n'))), "{rest}"),
                (at, '"') => break at,
                _ => {}
            }
        };
        let rest = &rest[end + 1..];
        match rest.strip_prefix(',') {
            Some(more) => text = more,
            None => return rest.strip_prefix('}').unwrap(),
        }
    }
}

fn is_name(name: &str, more: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || more.contains(c);
    !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(fits)
}

/// Debian's package `prometheus` has it.
fn by_promtool(text: &str) {
    let run = Command::new("promtool").args(["check", "metrics"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut run) = run else { return super::absent("promtool") };
    run.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = run.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
