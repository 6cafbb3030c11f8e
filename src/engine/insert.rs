//! Inserts rows with multi-row statements, for engines without a bulk load.

use super::{Bind, Connection, DbError, Dialect, Names, Value};

/// Maximum size of a statement if the server has no limit, in bytes.
const STATEMENT: u64 = 4 << 20;
/// Maximum number of rows per statement.
const MOST_ROWS: usize = 128;
/// Size of a row without its blob, in nearly all cases the maximum.
const ROW: u64 = 512;

/// Inserts `rows`, each with the six columns of `insert.sql`, in the open transaction. A statement has at most a
/// quarter of `max_packet` and 4 MiB, and a maximum number of rows; a larger row is sent alone.
pub(super) async fn by_statements(
    connection: &mut dyn Connection,
    dialect: &Dialect,
    names: &Names,
    mut rows: Vec<Vec<Value>>,
    max_packet: Option<u64>,
) -> Result<u64, DbError> {
    let most_bytes = max_packet.map_or(STATEMENT, |n| (n / 4).min(STATEMENT));
    let most_rows = MOST_ROWS.min(dialect.max_params / 6);
    let insert = connection.statements().insert;
    let mut inserted = 0;
    while !rows.is_empty() {
        let mut bytes = 0;
        let fit = rows.iter().take(most_rows).take_while(|row| {
            bytes += size(row);
            bytes <= most_bytes
        });
        // Prepared statements are cached by their text: powers of two result in few texts.
        let chunk = 1 << fit.count().max(1).ilog2();
        let sql = insert.render(names, dialect, &Bind::new().rows("rows", rows.drain(..chunk).collect()))?;
        inserted += connection.execute(&sql).await?;
    }
    Ok(inserted)
}

/// Approximate size of a row in a statement, in bytes.
pub(super) fn size(row: &[Value]) -> u64 {
    let data = row.iter().map(|value| if let Value::Bytes(b) = value { b.len() as u64 } else { 0 });
    ROW + data.sum::<u64>()
}
