//! Inserts rows by statements of many rows: the way for engines without a bulk load of their own.

use super::{Bind, Connection, DbError, Dialect, Names, Value};

/// A statement's bytes where the server names no limit.
const STATEMENT: u64 = 4 << 20;
/// The most rows of a statement.
const MOST_ROWS: usize = 128;
/// What a row takes beside its blob, at most nearly always.
const ROW: u64 = 512;

/// Inserts `rows`, each of the six columns of `insert.sql`, in the transaction that is open. Cuts
/// statements by bytes first, a quarter of `max_packet` and 4 MiB at most, then by rows; a row that
/// is larger than that goes alone.
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
        // Statements stay prepared by their text: powers of two are few texts.
        let chunk = 1 << fit.count().max(1).ilog2();
        let sql = insert.render(names, dialect, &Bind::new().rows("rows", rows.drain(..chunk).collect()))?;
        inserted += connection.execute(&sql).await?;
    }
    Ok(inserted)
}

/// About how many bytes of a statement a row takes.
pub(super) fn size(row: &[Value]) -> u64 {
    let data = row.iter().map(|value| if let Value::Bytes(b) = value { b.len() as u64 } else { 0 });
    ROW + data.sum::<u64>()
}
