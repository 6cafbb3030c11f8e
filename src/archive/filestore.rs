//! Files of Tomcat's `FileStore`: `<id>.session` contains exactly the bytes of `session_data`. The other columns come
//! from the fields of the data; the application is not recorded.
//!
//! The fields that a store needs are at the beginning of `StandardSession.writeObjectData`, at fixed offsets, because
//! they are boxed primitives. `javaser` decodes complete sessions.

use crate::session::EpochMillis;

/// Extension of the files (`FileStore.FILE_EXT`).
const END: &str = ".session";

/// Columns that can be read from the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    pub id: String,
    pub last_access: EpochMillis,
    /// Seconds.
    pub max_inactive: i64,
}

/// STREAM_MAGIC and STREAM_VERSION of `java.io.ObjectStreamConstants`.
const STREAM: &[u8] = &[0xac, 0xed, 0x00, 0x05];

/// Tells whether data begin like a Java serialization stream.
pub fn is_java_stream(data: &[u8]) -> bool {
    data.starts_with(STREAM)
}

/// Reads the fields that are columns of a store; `None` if the data are not those of a session.
pub fn fields(data: &[u8]) -> Option<Fields> {
    if !is_java_stream(data)
        || !has_class(data, 4, "java.lang.Long")
        || !has_class(data, 96, "java.lang.Integer")
        || !has_class(data, 146, "java.lang.Boolean")
    {
        return None;
    }
    let last_access = i64::from_be_bytes(data.get(88..96)?.try_into().ok()?);
    let max_inactive = i32::from_be_bytes(data.get(142..146)?.try_into().ok()?);
    // isValid is a separate Boolean, or a reference to isNew if both have the same value.
    let id = match data.get(189)? {
        0x71 => 200,
        _ => 202,
    };
    // thisAccessedTime is followed by TC_STRING, and the length in two bytes.
    let (head, text) = data.get(id + 8..)?.split_at_checked(3)?;
    let &[0x74, high, low] = head else { return None };
    let text = text.get(..usize::from(u16::from_be_bytes([high, low])))?;
    Some(Fields {
        id: std::str::from_utf8(text).ok()?.to_owned(),
        last_access: EpochMillis(last_access),
        max_inactive: i64::from(max_inactive),
    })
}

/// Tells whether an object begins there whose class occurs for the first time.
fn has_class(data: &[u8], at: usize, name: &str) -> bool {
    // TC_OBJECT, TC_CLASSDESC, the name preceded by its length in two bytes.
    let length = u8::try_from(name.len()).unwrap_or(u8::MAX);
    let begins = [&[0x73, 0x72, 0x00, length], name.as_bytes()].concat();
    data.get(at..).is_some_and(|rest| rest.starts_with(&begins))
}

/// Name of the file of a session; `None` for an id that would lead to another directory or to a hidden file.
pub fn file_name(id: &str) -> Option<String> {
    let unsafe_char = |c: char| c.is_control() || matches!(c, '/' | '\\' | ':');
    if id.is_empty() || id.starts_with('.') || id.contains(unsafe_char) || id.len() > 200 {
        return None;
    }
    Some(format!("{id}{END}"))
}

/// The id of the session in a file with this name; `None` for any other file.
pub fn id_of(file: &str) -> Option<&str> {
    let id = file.strip_suffix(END)?;
    file_name(id).map(|_| id)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;

    fn samples() -> Vec<(serde_json::Value, Vec<u8>)> {
        let text = include_str!("../../tests/fixtures/sessions.ndjson");
        let rows = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        rows.map(|row| {
            let data = row["session_data"].as_str().unwrap().to_owned();
            (row, base64::engine::general_purpose::STANDARD.decode(data).unwrap())
        })
        .collect()
    }

    #[test]
    fn filestore_fields_equal_the_columns() {
        for (row, data) in samples() {
            let fields = fields(&data).unwrap();
            assert_eq!(Some(fields.id.as_str()), row["session_id"].as_str());
            assert_eq!(Some(fields.last_access.0), row["last_access"].as_i64());
            assert_eq!(Some(fields.max_inactive), row["max_inactive"].as_i64());
        }
    }

    #[test]
    fn truncated_and_foreign_data_yield_no_fields() {
        let (_, data) = samples().swap_remove(0);
        for end in 0..260 {
            let _ = fields(&data[..end]);
        }
        assert_eq!(fields(&data[..200]), None);
        assert_eq!(fields(b"\xac\xed\x00\x05t\x00\x01x"), None);
        assert_eq!(fields(b""), None);
    }

    #[test]
    fn names_outside_the_directory_are_refused() {
        assert_eq!(file_name("0A1B.jvm1").as_deref(), Some("0A1B.jvm1.session"));
        assert_eq!(id_of("0A1B.jvm1.session"), Some("0A1B.jvm1"));
        for id in ["", ".", "..", "../A", "a/b", "a\\b", "C:a", ".hidden", "a\0b", "a\nb", &"A".repeat(201)] {
            assert_eq!(file_name(id), None, "{id:?}");
        }
        for file in ["A.session.tmp", ".session", "A", "../A.session"] {
            assert_eq!(id_of(file), None, "{file}");
        }
    }
}
