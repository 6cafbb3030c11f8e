//! Streams of `java/Fixtures.java`: the committed ones and, if there is a JDK, newly created ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tomcat_sessions::javaser::{
    Content, Envelope, EnvelopeForm, ErrorKind, Limits, Parser, Tree, Value, decode, decode_many,
};

use super::print_decoded::say;
use super::support;

pub fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/decode/fixtures")
}

pub fn stream(dir: &Path, name: &str) -> Vec<u8> {
    fs::read(dir.join(format!("{name}.ser"))).unwrap()
}

/// Every committed stream, by name.
pub fn all() -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> = fs::read_dir(committed())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ser"))
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()))
        .collect();
    all.sort();
    all
}

fn recorded_fields(dir: &Path, name: &str) -> String {
    fs::read_to_string(dir.join(format!("{name}.txt"))).unwrap()
}

/// A line for each item of the stream.
fn lines(bytes: &[u8]) -> String {
    let mut parser = Parser::new(bytes, Limits::default()).unwrap();
    let mut tops = Vec::new();
    while let Some(top) = parser.read().unwrap() {
        tops.push(top);
    }
    let tree = parser.into_tree();
    tops.iter()
        .map(|top| match top.content {
            Content::Value(value) => say(&tree, value) + "\n",
            Content::Block(span) => format!("block {}\n", span.len()),
            Content::Broken(exception) => format!("broken {}\n", tree.type_of(exception)),
        })
        .collect()
}

fn session_lines(tree: &Tree<'_>, session: &Envelope) -> String {
    assert_eq!(
        (session.creation_time, session.last_accessed_time, session.this_accessed_time, session.max_inactive_interval),
        (1_700_000_000_000, 1_700_000_001_000, 1_700_000_002_000, 1800)
    );
    assert_eq!((session.is_new, session.is_valid), (session.form == EnvelopeForm::Plain, true));
    assert_eq!(tree.string(Value::Node(session.id)).unwrap(), "0123456789ABCDEF0123456789ABCDEF.jvm1");
    assert_eq!(tree.string(session.auth_type).is_some(), session.form != EnvelopeForm::Plain);
    let form = match session.form {
        EnvelopeForm::Plain => "PLAIN",
        EnvelopeForm::Login => "LOGIN",
        EnvelopeForm::LoginAndNotes => "NOTES",
    };
    let mut out = format!("{form} {}\n", session.attributes.len());
    for attribute in &session.attributes {
        let name = tree.string(attribute.name).unwrap();
        let value = if attribute.broken {
            let Value::Node(exception) = attribute.value else { panic!("no exception") };
            format!("broken {}", tree.string(tree.field(exception, "detailMessage").unwrap()).unwrap())
        } else {
            say(tree, attribute.value)
        };
        out.push_str(&format!("{name}: {value}\n"));
    }
    out
}

fn compare(dir: &Path) {
    for name in ["values", "times", "collections", "grammar", "security", "longstring", "blocks", "annotated"] {
        pretty(name, &lines(&stream(dir, name)), &recorded_fields(dir, name));
    }
    for name in ["session-plain", "session-login", "session-notes", "session-broken"] {
        let bytes = stream(dir, name);
        let decoded = decode(&bytes, Limits::default()).unwrap();
        assert_eq!((decoded.broken, decoded.trailing), (None, 0), "{name}");
        pretty(name, &session_lines(&decoded.tree, &decoded.session), &recorded_fields(dir, name));
    }
    let bytes = stream(dir, "SESSIONS");
    let (tree, sessions) = decode_many(&bytes, Limits::default()).unwrap();
    let text: String = sessions.iter().map(|session| session_lines(&tree, session)).collect();
    pretty("SESSIONS", &text, &recorded_fields(dir, "SESSIONS"));
}

fn pretty(name: &str, ours: &str, javas: &str) {
    for (i, (ours, javas)) in ours.lines().zip(javas.lines()).enumerate() {
        assert_eq!(ours, javas, "{name}, line {}", i + 1);
    }
    assert_eq!(ours.lines().count(), javas.lines().count(), "{name}");
}

#[test]
fn the_decoder_agrees_with_the_recorded_jvm() {
    compare(&committed());
}

#[test]
fn the_decoder_agrees_with_the_local_jvm() {
    let dir = tempfile::TempDir::new().unwrap();
    let java = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/decode/java");
    let run = |program: &str, args: &[&str]| {
        Command::new(program).args(args).current_dir(&java).output().map(|output| {
            assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        })
    };
    let path = dir.path().to_str().unwrap();
    if run("javac", &["-d", path, "-sourcepath", ".", "Fixtures.java"]).is_err() {
        support::absent("jdk");
        return;
    }
    run("java", &["-cp", path, "Fixtures", path]).unwrap();
    compare(dir.path());
}

#[test]
fn externalizable_data_of_protocol_1_are_reported() {
    let bytes = stream(&committed(), "externalizable1");
    let error = Parser::new(&bytes, Limits::default()).unwrap().read().unwrap_err();
    assert_eq!((error.kind, error.offset), (ErrorKind::Opaque, 4));
}

#[test]
fn every_type_code_of_the_grammar_is_in_a_fixture() {
    use std::collections::BTreeSet;
    // Each item is compared at the position where the decoder found it, not anywhere in the bytes.
    let mut found = BTreeSet::new();
    for (_, bytes) in all() {
        let Ok(mut parser) = Parser::new(&bytes, Limits::default()) else { continue };
        while let Ok(Some(top)) = parser.read() {
            found.insert(bytes[top.span.start as usize]);
            if matches!(top.content, Content::Broken(_)) {
                found.insert(0x7b);
            }
        }
        let tree = parser.into_tree();
        found.extend(tree.nodes().map(|(_, node)| bytes[node.span.start as usize]));
        found.extend(tree.classes().map(|(_, class)| bytes[class.span.start as usize]));
        // RESET is between objects, ENDBLOCKDATA at the end of each annotation.
        found.extend(tree.classes().filter_map(|(_, class)| bytes.get(class.span.end as usize - 2).copied()));
        if bytes.contains(&0x79) && bytes.windows(2).any(|pair| pair == [0x79, 0x74]) {
            found.insert(0x79);
        }
    }
    for code in 0x70..=0x7e {
        assert!(found.contains(&code), "{code:#x}");
    }
}
