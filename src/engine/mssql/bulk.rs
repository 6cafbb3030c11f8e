//! TDS bulk load, by which many rows travel without a statement each.
//!
//! tiberius 0.13 compares the length of a VARBINARY(MAX) value with the 0xFFFF that marks MAX and
//! refuses what is longer ("Binary length 1000000 exceed column limit 65535"), and it knows no
//! column longer than the staging table's; rows beyond either go as parameters. It encodes what a
//! VARCHAR column takes by its collation, some of which it does not know: all text is loaded as
//! Unicode, and converted by the server.

use tiberius::error::Error;
use tiberius::{ColumnData, TokenRow};

use super::login::Tds;
use crate::engine::Value;

/// Rows below which a statement or two cost less than loading, moving and clearing.
pub(super) const WORTHWHILE: usize = 20;
/// The longest blob that tiberius loads, in bytes.
const MAX_BLOB: usize = 65_535;
/// The longest text of the staging table, in UTF-16 units.
const MAX_TEXT: usize = 400;
const MAX_VALID: usize = 10;

const TABLE: &str = "#tomcat_staging";
const COLUMNS: [&str; 6] = ["id", "app", "valid", "max_inactive", "last_access", "data"];

/// Tells whether the row can be loaded in bulk.
pub(super) fn takes(row: &[Value]) -> bool {
    row.iter().enumerate().all(|(i, value)| match value {
        Value::Bytes(b) => b.len() <= MAX_BLOB,
        Value::Text(s) => s.encode_utf16().count() <= if i == 2 { MAX_VALID } else { MAX_TEXT },
        Value::Null | Value::Int(_) => true,
    })
}

/// Tells whether the key is the same in every code page.
pub(super) fn takes_key(key: &[Value]) -> bool {
    key.iter().all(|value| match value {
        Value::Text(s) => s.is_ascii() && s.len() <= MAX_TEXT,
        Value::Null | Value::Int(_) | Value::Bytes(_) => true,
    })
}

/// Loads `rows`, or the first columns of rows, into the staging table, in the transaction that is open.
pub(super) async fn load(client: &mut Tds, rows: Vec<Vec<Value>>) -> Result<(), Error> {
    let columns = rows.first().map_or(0, Vec::len).min(COLUMNS.len());
    let mut request = client.bulk_insert_columns(TABLE, &COLUMNS[..columns]).await?;
    for row in rows {
        let mut token = TokenRow::with_capacity(columns);
        for (i, value) in row.into_iter().enumerate() {
            token.push(typed(i, value));
        }
        request.send(token).await?;
    }
    request.finalize().await?;
    Ok(())
}

/// A value of the type of the staging table's column `i`, also where it is NULL.
fn typed(i: usize, value: Value) -> ColumnData<'static> {
    match (i, value) {
        (0..=2, Value::Text(s)) => ColumnData::String(Some(s.into())),
        (0..=2, _) => ColumnData::String(None),
        (3 | 4, Value::Int(n)) => ColumnData::I64(Some(n)),
        (3 | 4, _) => ColumnData::I64(None),
        (_, Value::Bytes(b)) => ColumnData::Binary(Some(Vec::from(b).into())),
        (_, _) => ColumnData::Binary(None),
    }
}
