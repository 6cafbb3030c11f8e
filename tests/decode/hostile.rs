//! Malformed streams: whatever the bytes, the decoder returns a result or an error, within a limit of processor time,
//! which does not depend on the load of the machine.

use std::time::{Duration, Instant};

use tomcat_sessions::javaser::{
    Content, ErrorKind, Kind, Limits, OutputBudget, Parser, Value, View, decode, decode_many, hex, json, preview,
};

use super::fixtures;
use super::fuzz::processor_time;
use super::support::{sample, variable};

/// Reads `bytes` in every way, and views everything that was read.
fn read(bytes: &[u8]) {
    let limits = Limits::default();
    let _ = decode_many(bytes, limits).map_err(|error| error.to_string());
    if let Ok(decoded) = decode(bytes, limits) {
        assert!(decoded.session.attributes.len() <= bytes.len());
    }
    let Ok(mut parser) = Parser::new(bytes, limits) else { return };
    let mut seen = 4;
    while let Ok(Some(top)) = parser.read() {
        assert!(top.span.start >= seen && top.span.end > top.span.start && top.span.end as usize <= bytes.len());
        seen = top.span.end;
    }
    let tree = parser.into_tree();
    for (id, node) in tree.nodes() {
        assert!(node.span.end as usize <= bytes.len());
        match tree.view(Value::Node(id)) {
            View::List(items) => assert!(items.len() <= bytes.len()),
            View::Map(pairs) => assert!(pairs.len() <= bytes.len()),
            _ => {}
        }
    }
    for (id, _) in tree.classes() {
        assert!(tree.lineage(id).count() <= limits.depth);
    }
}

/// Inputs that the fuzzer found.
fn corpus() -> impl Iterator<Item = (String, Vec<u8>)> {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/decode");
    let mut files: Vec<_> = std::fs::read_dir(dir).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|path| ("a file of the corpus".to_owned(), std::fs::read(path).unwrap()))
}

/// Every stream that can be mutated; long ones separately.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let sample =
        sample().into_iter().map(|session| ("a session of the sample".to_owned(), session.data.unwrap().to_vec()));
    let mut seeds: Vec<_> = fixtures::all().into_iter().chain(sample).collect();
    seeds.retain(|(_, bytes)| bytes.len() < 20_000);
    assert!(seeds.len() > 35);
    seeds
}

#[test]
fn streams_truncated_at_every_byte() {
    for (name, bytes) in seeds() {
        let since = processor_time();
        for length in 0..bytes.len() {
            read(&bytes[..length]);
        }
        assert!(processor_time() - since < Duration::from_secs(60), "{name}");
    }
}

#[test]
fn flipped_bits_and_moved_blocks_cause_no_panic() {
    let seconds = variable("TOMCAT_SESSIONS_FUZZ_SECONDS").and_then(|n| n.parse().ok());
    let seeds: Vec<_> = seeds().into_iter().chain(corpus()).collect();
    let mut random = fastrand::Rng::with_seed(seconds.unwrap_or(5));
    let until = Instant::now() + Duration::from_secs(seconds.unwrap_or(0));
    let mut rounds = 0_u64;
    let mut slowest = Duration::ZERO;
    for (_, bytes) in &seeds {
        read(bytes);
    }
    while rounds < 20_000 || Instant::now() < until {
        let mut bytes = seeds[random.usize(..seeds.len())].1.clone();
        for _ in 0..random.usize(1..6) {
            mutate(&mut bytes, &seeds, &mut random);
        }
        let since = processor_time();
        read(&bytes);
        slowest = slowest.max(processor_time() - since);
        rounds += 1;
    }
    assert!(slowest < Duration::from_secs(10), "one of {rounds} took {slowest:?}");
}

fn mutate(bytes: &mut Vec<u8>, seeds: &[(String, Vec<u8>)], random: &mut fastrand::Rng) {
    if bytes.is_empty() {
        return;
    }
    let at = random.usize(..bytes.len());
    match random.u8(..7) {
        0..=2 => bytes[at] ^= 1 << random.u8(..8),
        3 => bytes[at] = random.u8(0x70..0x7f),
        4 => bytes[at] = *random.choice([0, 1, 0x7f, 0x80, 0xff].iter()).unwrap(),
        5 => {
            let other = &seeds[random.usize(..seeds.len())].1;
            let from = random.usize(..other.len());
            let run = &other[from..(from + random.usize(..64)).min(other.len())];
            bytes.splice(at..at, run.iter().copied());
        }
        _ => {
            let end = (at + random.usize(..64)).min(bytes.len());
            bytes.drain(at..end);
        }
    }
}

/// The header of a stream and the descriptor of `[Ljava.lang.Object;`, whose handle is 7E0000.
fn object_array() -> Vec<u8> {
    let mut bytes =
        b"\xac\xed\x00\x05\x75\x72\x00\x13[Ljava.lang.Object;\x90\xceX\x9f\x10s)l\x02\x00\x00\x78\x70".to_vec();
    bytes.extend(b"\x00\x00\x00\x01");
    bytes
}

/// An object that is referred to a hundred thousand times is not written that many times.
#[test]
fn shared_references_do_not_multiply_memory() {
    const MANY: u32 = 100_000;
    let text = [&b"\x74\xff\xff"[..], &[b'x'; 65_535]].concat();
    let mut texts = object_array();
    let end = texts.len();
    texts[end - 4..].copy_from_slice(&(MANY + 1).to_be_bytes());
    texts.extend(&text);
    // Handles: the class, the array, the text.
    (0..MANY).for_each(|_| texts.extend(b"\x71\x00\x7e\x00\x02"));
    // The same number of objects of a class with such a name.
    let mut objects = object_array();
    objects[end - 4..].copy_from_slice(&(MANY + 1).to_be_bytes());
    objects.extend([&b"\x73\x72\xff\xff"[..], &[b'x'; 65_535], &[0; 8], b"\x02\x00\x00\x78\x70"].concat());
    (0..MANY).for_each(|_| objects.extend(b"\x73\x71\x00\x7e\x00\x02"));
    for bytes in [texts, objects] {
        let mut parser = Parser::new(&bytes, Limits::default()).unwrap();
        let Content::Value(value) = parser.read().unwrap().unwrap().content else { panic!("no value") };
        let tree = parser.into_tree();
        let written = json(&tree, value, true, &mut OutputBudget::of(&tree)).to_string();
        assert!(written.len() < (2 << 20) + 40 * bytes.len(), "{} of {}", written.len(), bytes.len());
        assert!(written.contains(r#"{"omitted":true}"#));
        assert!(preview(&tree, value, true, 100).chars().count() <= 100);
        assert!(hex(&tree).len() < 400 * MANY as usize);
    }
}

#[test]
fn nesting_is_limited_without_recursion() {
    let mut bytes = object_array();
    for _ in 0..200_000 {
        bytes.extend(b"\x75\x71\x00\x7e\x00\x00\x00\x00\x00\x01");
    }
    bytes.push(0x70);
    let parse = |depth| Parser::new(&bytes, Limits { depth, ..Limits::default() }).unwrap().read();
    assert_eq!(parse(512).unwrap_err().kind, ErrorKind::TooDeep { limit: 512 });
    assert!(parse(300_000).unwrap().is_some());
}

#[test]
fn a_length_without_its_bytes_allocates_nothing() {
    let mut bytes = object_array();
    let end = bytes.len();
    for length in [[0x7f, 0xff, 0xff, 0xff], [0xff; 4], [0, 1, 0, 0]] {
        bytes[end - 4..].copy_from_slice(&length);
        assert!(Parser::new(&bytes, Limits::default()).unwrap().read().is_err());
    }
    for start in [&b"\x7c\x7f\xff\xff\xff\xff\xff\xff\xff"[..], b"\x7a\x7f\xff\xff\xff", b"\x7d\x7f\xff\xff\xff"] {
        let bytes = [&b"\xac\xed\x00\x05"[..], start].concat();
        assert!(matches!(
            Parser::new(&bytes, Limits::default()).unwrap().read().unwrap_err().kind,
            ErrorKind::Ended { .. }
        ));
    }
}

#[test]
fn too_many_objects_and_too_many_values() {
    let mut bytes = b"\xac\xed\x00\x05".to_vec();
    bytes.extend(b"\x74\x00\x00".repeat(11));
    let mut parser = Parser::new(&bytes, Limits { objects: 10, depth: 10 }).unwrap();
    let error = std::iter::from_fn(|| parser.read().transpose()).find_map(Result::err).unwrap();
    assert_eq!((error.kind, error.offset), (ErrorKind::TooMany { limit: 10 }, 37));

    let mut bytes = object_array();
    let end = bytes.len();
    bytes[end - 1] = 81;
    bytes.extend([0x70; 81]);
    let mut parser = Parser::new(&bytes, Limits { objects: 10, depth: 10 }).unwrap();
    assert_eq!(parser.read().unwrap_err().kind, ErrorKind::TooMany { limit: 10 });
}

/// A class descriptor up to its superclass.
fn class(name: &str) -> Vec<u8> {
    let mut bytes = vec![0x72, 0, name.len() as u8];
    bytes.extend(name.as_bytes());
    bytes.extend([0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0x78]);
    bytes
}

#[test]
fn a_class_that_is_its_own_superclass_is_refused() {
    let bytes = [b"\xac\xed\x00\x05\x73".to_vec(), class("A"), b"\x71\x00\x7e\x00\x00".to_vec()].concat();
    let error = Parser::new(&bytes, Limits::default()).unwrap().read().unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Impossible(_)), "{error}");
}

#[test]
fn deep_class_hierarchies_end_at_the_limit() {
    let mut bytes = b"\xac\xed\x00\x05".to_vec();
    // A sequence of descriptors, each the superclass of the next: deep without nesting.
    for i in 0..600_u32 {
        bytes.extend(class("A"));
        match i.checked_sub(1) {
            None => bytes.push(0x70),
            Some(below) => bytes.extend([&[0x71][..], &(0x7e_0000 + below).to_be_bytes()].concat()),
        }
    }
    let mut parser = Parser::new(&bytes, Limits::default()).unwrap();
    let error = std::iter::from_fn(|| parser.read().transpose()).find_map(Result::err).unwrap();
    assert_eq!(error.kind, ErrorKind::TooDeep { limit: 512 });
}

#[test]
fn objects_of_a_class_without_fields_are_one_step_each() {
    let mut bytes = b"\xac\xed\x00\x05".to_vec();
    for i in 0..500_u32 {
        bytes.extend(class("A"));
        match i.checked_sub(1) {
            None => bytes.push(0x70),
            Some(below) => bytes.extend([&[0x71][..], &(0x7e_0000 + below).to_be_bytes()].concat()),
        }
    }
    bytes.extend(b"\x73\x71\x00\x7e\x01\xf3".repeat(900_000));
    let since = processor_time();
    let mut parser = Parser::new(&bytes, Limits::default()).unwrap();
    while parser.read().unwrap().is_some() {}
    let took = processor_time() - since;
    assert!(took < Duration::from_secs(5), "{took:?}");
    let tree = parser.into_tree();
    assert_eq!(tree.nodes().filter(|(_, node)| matches!(node.kind, Kind::Object { .. })).count(), 900_000);
}

#[test]
fn errors_say_where_and_what() {
    let output_text = |bytes: &[u8]| decode(bytes, Limits::default()).unwrap_err().to_string();
    assert_eq!(output_text(b""), "the bytes end at offset 0, where the header of a stream was expected");
    assert_eq!(output_text(b"junk of a row"), "not a Java serialization stream: it does not begin with AC ED 00 05");
    assert_eq!(
        output_text(b"\xac\xed\x00\x05\x74\x00\x01a"),
        "not a session: creationTime (a Long) was expected at offset 4"
    );
    assert_eq!(output_text(b"\xac\xed\x00\x05"), "the bytes end at offset 4, where creationTime (a Long) was expected");
    assert_eq!(output_text(b"\xac\xed\x00\x05\x6f"), "byte 0x6f at offset 4, where an object was expected");
    assert_eq!(
        output_text(b"\xac\xed\x00\x05\x71\x00\x7e\x00\x05"),
        "the reference 0x007e0005 at offset 5 does not refer to an earlier object"
    );
    assert_eq!(output_text(b"\xac\xed\x00\x05\x74\x00\x01\xff"), "the text at offset 7 is not modified UTF-8");
}
