//! Values that are exchanged with a database: the four kinds that the session table needs.

use std::fmt;

use bytes::Bytes;

use super::DbError;

/// A parameter, or a column of a row.
#[derive(Clone, PartialEq)]
pub enum Value {
    Null,
    Int(i64),
    Text(String),
    Bytes(Bytes),
}

impl Value {
    /// Approximate size in bytes.
    pub(super) fn size(&self) -> usize {
        match self {
            Value::Null => 0,
            Value::Int(_) => 8,
            Value::Text(s) => s.len(),
            Value::Bytes(b) => b.len(),
        }
    }

    /// Whether it is not text, or ASCII text.
    pub(super) fn is_ascii(&self) -> bool {
        if let Value::Text(s) = self { s.is_ascii() } else { true }
    }
}

/// Ids are credentials and blobs contain personal data, so debug output contains only kinds and lengths.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("NULL"),
            Value::Int(n) => write!(f, "{n}"),
            Value::Text(s) => write!(f, "text of {} bytes", s.len()),
            Value::Bytes(b) => write!(f, "{} bytes", b.len()),
        }
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Value {
        Value::Int(n)
    }
}

impl From<&str> for Value {
    fn from(s: &str) -> Value {
        Value::Text(s.to_owned())
    }
}

impl From<String> for Value {
    fn from(s: String) -> Value {
        Value::Text(s)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

impl From<Bytes> for Value {
    fn from(bytes: Bytes) -> Value {
        Value::Bytes(bytes)
    }
}

/// A row of a result. Columns are identified by their position in the SQL file.
#[derive(Debug, Clone)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// The text in column `i`; `None` for NULL.
    ///
    /// Some servers send text under a binary collation as bytes. Bytes that are not UTF-8, which Tomcat's ids never
    /// contain, are replaced: such a key is shown and finds no row.
    pub fn text(&mut self, i: usize) -> Result<Option<String>, DbError> {
        Ok(match self.take(i)? {
            Value::Null => None,
            Value::Text(s) => Some(s),
            Value::Int(n) => Some(n.to_string()),
            Value::Bytes(b) => Some(match String::from_utf8(b.into()) {
                Ok(s) => s,
                Err(e) => String::from_utf8_lossy(e.as_bytes()).into_owned(),
            }),
        })
    }

    /// The integer in column `i`; `None` for NULL.
    ///
    /// # Errors
    /// If the column contains something else, as in a table with other column types.
    pub fn int(&mut self, i: usize) -> Result<Option<i64>, DbError> {
        let parse = |s: &str| {
            let s = s.trim();
            s.parse().map_err(|_| DbError::other(format!("column {} contains {s:?} instead of an integer", i + 1)))
        };
        match self.take(i)? {
            Value::Null => Ok(None),
            Value::Int(n) => Ok(Some(n)),
            Value::Text(s) => parse(&s).map(Some),
            Value::Bytes(b) => parse(&String::from_utf8_lossy(&b)).map(Some),
        }
    }

    /// The bytes in column `i`; `None` for NULL.
    pub fn bytes(&mut self, i: usize) -> Result<Option<Bytes>, DbError> {
        Ok(match self.take(i)? {
            Value::Null => None,
            Value::Bytes(b) => Some(b),
            Value::Text(s) => Some(s.into()),
            Value::Int(n) => Some(n.to_string().into()),
        })
    }

    fn take(&mut self, i: usize) -> Result<Value, DbError> {
        match self.0.get_mut(i) {
            Some(value) => Ok(std::mem::replace(value, Value::Null)),
            None => Err(DbError::other(format!("the server's answer has no column {}", i + 1))),
        }
    }
}
