//! TDS bulk load: transfers many rows without a statement for each.
//!
//! tiberius 0.13 compares the length of a VARBINARY(MAX) value with the 0xFFFF that marks MAX, and refuses longer
//! values ("Binary length 1000000 exceed column limit 65535"). It also refuses text that is longer than the column of
//! the staging table. Such rows are sent as parameters. It encodes the text of a VARCHAR column by its collation, and
//! does not know all collations; all text is therefore loaded as Unicode, and converted by the server.
//!
//! The message is split into packets of 4,096 bytes at arbitrary positions. If the token that ends the load is split,
//! Babelfish (4.4, 2024) answers "unexpected token encountered" and closes the connection; that would happen to one
//! load in 340. No load therefore has such a length: [`without_cut_end`], [`columns_for`].

use tiberius::error::Error;
use tiberius::{ColumnData, TokenRow};

use super::login::Tds;
use crate::engine::Value;

/// Number of rows below which one or two statements are cheaper than a bulk load.
pub(super) const MIN_ROWS: usize = 20;
/// Maximum size of a blob that tiberius can load, in bytes.
const MAX_BLOB: usize = 65_535;
/// Maximum length of text in the staging table, in UTF-16 units.
const MAX_TEXT: usize = 400;
const MAX_VALID: usize = 10;

const TABLE: &str = "#tomcat_staging";
/// The columns of the staging table.
pub(super) const COLUMNS: [&str; 6] = ["id", "app", "valid", "max_inactive", "last_access", "data"];

/// Bytes of a packet after its header, with the packet size that tiberius requests.
const PACKET: usize = 4_096 - 8;
/// Size of the token that ends a load (DONE), in bytes.
const DONE_BYTES: usize = 13;

/// Tells whether the row can be bulk-loaded.
pub(super) fn can_load(row: &[Value]) -> bool {
    row.iter().enumerate().all(|(i, value)| match value {
        Value::Bytes(b) => b.len() <= MAX_BLOB,
        Value::Text(s) => s.encode_utf16().count() <= if i == 2 { MAX_VALID } else { MAX_TEXT },
        Value::Null | Value::Int(_) => true,
    })
}

/// Tells whether the key is the same in every code page.
pub(super) fn can_load_key(key: &[Value]) -> bool {
    key.iter().all(|value| match value {
        Value::Text(s) => s.is_ascii() && s.len() <= MAX_TEXT,
        Value::Null | Value::Int(_) | Value::Bytes(_) => true,
    })
}

/// Removes rows from the end until the final token of the load is in one packet; returns the removed rows.
pub(super) fn without_cut_end(rows: &mut Vec<Vec<Value>>) -> Vec<Vec<Value>> {
    let mut length = head(COLUMNS.len()) + rows.iter().map(|row| encoded(row, COLUMNS.len())).sum::<usize>();
    let mut taken = Vec::new();
    while is_cut(length)
        && let Some(row) = rows.pop()
    {
        length -= encoded(&row, COLUMNS.len());
        taken.push(row);
    }
    taken
}

/// The number of columns with which the final token of a load of `keys` is in one packet; the additional columns are
/// NULL.
pub(super) fn columns_for(keys: &[Vec<Value>]) -> usize {
    let least = keys.first().map_or(0, Vec::len);
    let length = |columns| head(columns) + keys.iter().map(|key| encoded(key, columns)).sum::<usize>();
    (least..=COLUMNS.len()).find(|columns| !is_cut(length(*columns))).unwrap_or(least)
}

/// Tells whether the final token is split, if it follows this many bytes.
fn is_cut(length: usize) -> bool {
    (1..DONE_BYTES).contains(&((length + DONE_BYTES) % PACKET))
}

/// Size of the description of the first columns (COLMETADATA): a token and a count; for each column its user type,
/// flags, type and name.
fn head(columns: usize) -> usize {
    let of_type = |i| match i {
        0..=2 => 8,
        3 | 4 => 2,
        _ => 3,
    };
    3 + COLUMNS[..columns].iter().enumerate().map(|(i, name)| 6 + of_type(i) + 1 + 2 * name.len()).sum::<usize>()
}

/// Size of a row with this many columns; those that `row` does not have are NULL.
fn encoded(row: &[Value], columns: usize) -> usize {
    let value = |i| match (i, row.get(i)) {
        (0..=2, Some(Value::Text(s))) => 2 + 2 * s.encode_utf16().count(),
        (0..=2, _) => 2,
        (3 | 4, Some(Value::Int(_))) => 9,
        (3 | 4, _) => 1,
        (_, Some(Value::Bytes(b))) if b.is_empty() => 12,
        (_, Some(Value::Bytes(b))) => 16 + b.len(),
        _ => 8,
    };
    1 + (0..columns).map(value).sum::<usize>()
}

/// Loads `rows` into the first columns of the staging table, in the open transaction; missing columns are NULL.
pub(super) async fn load(client: &mut Tds, rows: Vec<Vec<Value>>, columns: usize) -> Result<(), Error> {
    let mut request = client.bulk_insert_columns(TABLE, &COLUMNS[..columns]).await?;
    for row in rows {
        let mut token = TokenRow::with_capacity(columns);
        let values = row.into_iter().chain(std::iter::repeat(Value::Null));
        for (i, value) in values.take(columns).enumerate() {
            token.push(typed(i, value));
        }
        request.send(token).await?;
    }
    request.finalize().await?;
    Ok(())
}

/// A value, or NULL, with the type of column `i` of the staging table.
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
