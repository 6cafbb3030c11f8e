use super::super::{DataEncoding, Encoder};
use super::*;

fn session(id: &str, data: Option<&[u8]>) -> Session {
    Session {
        meta: SessionMeta {
            key: SessionKey::new(Some("/Catalina/localhost/d\"emo".to_owned()), id),
            valid: Some(String::new()),
            max_inactive: Some(i64::MIN),
            last_access: None,
            size: data.map(|d| d.len() as u64),
        },
        data: data.map(|data| data.to_vec().into()),
    }
}

fn sessions() -> Vec<Session> {
    vec![session("A", Some(b"\xac\xed\x00\x05t")), session("B", Some(b"")), session("é\n", None)]
}

fn archive() -> Vec<String> {
    in_form(DataEncoding::Base64)
}

fn in_form(form: DataEncoding) -> Vec<String> {
    let (mut encoder, mut out) = (Encoder::new(form), Vec::new());
    encoder.header(&Header::new("sqlite", "3.50.0", "tomcat_sessions", "recommended", 1_795_360_000_000));
    sessions().iter().for_each(|session| encoder.session(session, &mut out).unwrap());
    encoder.trailer(&mut out).unwrap();
    String::from_utf8(out).unwrap().lines().map(str::to_owned).collect()
}

/// Reads all lines, and returns the sessions or the first error.
fn read(lines: &[impl AsRef<str>]) -> Result<Vec<Session>, DecodeError> {
    let mut decoder = Decoder::default();
    let mut sessions = Vec::new();
    for line in lines {
        if let Item::Session(session) = decoder.read(line.as_ref().as_bytes())? {
            sessions.push(session);
        }
    }
    decoder.finish().map(|()| sessions)
}

#[track_caller]
fn fault(lines: &[impl AsRef<str>], line: u64, kind: DecodeErrorKind, words: &str) {
    let fault = read(lines).unwrap_err();
    assert_eq!((fault.line, fault.kind), (line, kind), "{fault}");
    assert!(fault.message.contains(words), "{fault}");
}

/// The archive with `old` in line `line` replaced.
fn with(line: usize, old: &str, new: &str) -> Vec<String> {
    let mut lines = archive();
    assert!(lines[line - 1].contains(old), "{}", lines[line - 1]);
    lines[line - 1] = lines[line - 1].replace(old, new);
    lines
}

#[test]
fn archive_round_trips_every_session() {
    assert_eq!(read(&archive()).unwrap(), sessions());
    let text = in_form(DataEncoding::Compressible);
    assert!(text[1].ends_with(",\"session_text\":\"¬í\u{100}\u{105}t\"}"), "{text:?}");
    assert_eq!(read(&text).unwrap(), sessions());
}

#[test]
fn equivalent_json_of_another_program_is_read() {
    // The contents are unchanged; only the trailer shows that the line has other bytes.
    let mut lines = with(2, "rO0ABXQ=", "rO0\\u0041BX\\u0051=");
    let trailer = lines.pop().unwrap();
    assert_eq!(read(&lines).unwrap_err().kind, DecodeErrorKind::Truncated, "the session is intact");
    lines.push(trailer);
    fault(&lines, 5, DecodeErrorKind::Trailer, "SHA-256");
}

#[test]
fn data_outside_the_text_encoding_are_damaged() {
    for other in ["12", "[\"rO0ABXQ=\"]", "{}", "true"] {
        fault(&with(2, "\"rO0ABXQ=\"", other), 2, DecodeErrorKind::Damaged, "session_data: not a string");
        let text = with(2, "\"session_data\":\"rO0ABXQ=\"", &format!("\"session_text\":{other}"));
        fault(&text, 2, DecodeErrorKind::Damaged, "session_text: not a string");
    }
}

#[test]
fn a_truncated_archive_is_always_detected() {
    let whole = archive().join("\n") + "\n";
    for end in 0..whole.len() - 2 {
        let Some(cut) = whole.get(..end) else { continue };
        assert!(read(&cut.lines().collect::<Vec<_>>()).is_err(), "{end} bytes");
    }
    fault(&archive()[..3], 4, DecodeErrorKind::Truncated, "after 2 sessions");
    fault(&[""; 0], 1, DecodeErrorKind::Foreign, "empty");
}

#[test]
fn every_flipped_bit_is_detected() {
    let whole = archive().join("\n").into_bytes();
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << bit;
            let mut decoder = Decoder::default();
            let read = bytes.split(|b| *b == b'\n').try_for_each(|line| decoder.read(line).map(drop));
            assert!(read.is_err() || decoder.finish().is_err(), "bit {bit} of byte {at}");
        }
    }
}

#[test]
fn lines_in_another_order() {
    let mut lines = archive();
    lines.swap(1, 2);
    fault(&lines, 5, DecodeErrorKind::Trailer, "the archive was changed");
    let mut lines = archive();
    lines.swap(0, 1);
    fault(&lines, 1, DecodeErrorKind::Foreign, "does not begin with a header");
    let mut lines = archive();
    lines.swap(3, 4);
    fault(&lines, 4, DecodeErrorKind::Trailer, "says 3 sessions, but there are 2");
}

#[test]
fn concatenated_archives_are_refused() {
    fault(&[archive(), archive()].concat(), 6, DecodeErrorKind::Trailer, "a second archive follows");
    fault(&[archive()[..2].to_vec(), archive()].concat(), 3, DecodeErrorKind::Damaged, "a second header");
    fault(&[archive(), vec![String::new()]].concat(), 6, DecodeErrorKind::Trailer, "data after the trailer");
}

#[test]
fn versions_and_formats() {
    let newer = with(1, "\"version\":1,\"needs\":\"0.1.0\"", "\"version\":2,\"needs\":\"0.9.0\",\"new\":[1]");
    fault(&newer, 1, DecodeErrorKind::Version, "it needs tomcat-sessions 0.9.0");
    fault(&with(1, "\"format\":\"tomcat", "\"format\":\"other"), 1, DecodeErrorKind::Foreign, "other-sessions");
    fault(&with(1, ",\"table\":\"tomcat_sessions\"", ""), 1, DecodeErrorKind::Foreign, "missing field `table`");
    fault(&["PK\u{3}\u{4}"], 1, DecodeErrorKind::Foreign, "not an archive");
}

#[test]
fn missing_unknown_and_duplicate_fields() {
    fault(&with(2, ",\"last_access\":null", ""), 2, DecodeErrorKind::Damaged, "missing field `last_access`");
    fault(&with(2, "\"valid_session\"", "\"valid\""), 2, DecodeErrorKind::Damaged, "unknown field `valid`");
    fault(
        &with(2, "\"length\":5", "\"length\":5,\"length\":5"),
        2,
        DecodeErrorKind::Damaged,
        "duplicate field `length`",
    );
    fault(&with(2, "\"length\":5", "\"length\":null"), 2, DecodeErrorKind::Damaged, "null together");
    fault(
        &with(2, "session_data\":\"rO0ABXQ=\"", "session_text\":\"\u{120}\""),
        2,
        DecodeErrorKind::Damaged,
        "above U+011F",
    );
    fault(&with(2, ",\"session_data\":\"rO0ABXQ=\"", ""), 2, DecodeErrorKind::Damaged, "missing field `session_data`");
    let both = with(2, "\"session_data\"", "\"session_text\":\"\",\"session_data\"");
    fault(&both, 2, DecodeErrorKind::Damaged, "both session_data and session_text are present");
    fault(&with(2, "\"session_id\":\"A\"", "\"session_id\":\"\""), 2, DecodeErrorKind::Damaged, "session_id is empty");
    fault(
        &with(2, "\"type\":\"session\"", "\"type\":\"gone\""),
        2,
        DecodeErrorKind::Damaged,
        "unknown line type \"gone\"",
    );
}

#[test]
fn data_that_do_not_match_length_and_sha256_are_damaged() {
    fault(&with(2, "rO0ABXQ=", "rO0ABXU="), 2, DecodeErrorKind::Damaged, "SHA-256");
    fault(&with(2, "rO0ABXQ=", "rO0ABQ=="), 2, DecodeErrorKind::Damaged, "4 bytes long, not 5");
    fault(&with(2, "rO0ABXQ=", "rO0A*XQ="), 2, DecodeErrorKind::Damaged, "session_data: Invalid symbol 42");
    fault(&with(2, "\"length\":5", "\"length\":99999999999"), 2, DecodeErrorKind::Damaged, "the maximum is");
    fault(&with(2, "rO0ABXQ=\"}", "rO0ABXQ=\""), 2, DecodeErrorKind::Damaged, "EOF while parsing an object (column ");
}

#[test]
fn a_too_long_line_is_refused() {
    let mut lines = archive();
    lines[1] = format!("{{\"type\":\"session\",\"x\":\"{}\"}}", "x".repeat(MAX_LINE));
    fault(&lines, 2, DecodeErrorKind::Damaged, "longer than");
}

#[test]
fn the_trailer_must_agree() {
    fault(&with(5, "\"records\":3", "\"records\":4"), 5, DecodeErrorKind::Trailer, "says 4 sessions, but there are 3");
    fault(&with(5, "\"bytes\":5", "\"bytes\":6"), 5, DecodeErrorKind::Trailer, "bytes of data");
    // A session whose columns were changed, with correct checksums of its own.
    fault(
        &with(2, "\"session_id\":\"A\"", "\"session_id\":\"C\""),
        5,
        DecodeErrorKind::Trailer,
        "the archive was changed",
    );
}

#[test]
fn lines_after_a_damaged_one_can_be_read() {
    let lines = with(2, "rO0ABXQ=", "rO0ABXU=");
    let mut decoder = Decoder::default();
    let read: Vec<_> = lines.iter().map(|line| decoder.read(line.as_bytes()).is_ok()).collect();
    assert_eq!(read, [true, false, true, true, false]);
}
