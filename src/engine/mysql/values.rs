//! Converts values to and from the driver's types.

use sqlx::mysql::{MySqlArguments, MySqlRow};
use sqlx::{Arguments, Column, Row as _, TypeInfo, ValueRef};

use super::error;
use crate::engine::{DbError, Row, Sql, Value};

pub(super) fn arguments(sql: &Sql) -> Result<MySqlArguments, DbError> {
    let mut arguments = MySqlArguments::default();
    // Growing by doubling would need twice the size of a large session; a value has at most nine additional bytes.
    arguments.reserve(sql.params.len(), sql.params.iter().map(|value| value.size() + 9).sum());
    for value in &sql.params {
        let added = match value {
            Value::Null => arguments.add(None::<i64>),
            Value::Int(n) => arguments.add(*n),
            Value::Text(s) => arguments.add(s.as_str()),
            Value::Bytes(b) => arguments.add(&b[..]),
        };
        added.map_err(|e| DbError::other(e.to_string()))?;
    }
    Ok(arguments)
}

/// Converts a row by the types of its columns: integers, and bytes for everything else. Text under a binary collation
/// is announced as bytes anyway, and [`Row::text`] reads both.
pub(super) fn row(row: &MySqlRow) -> Result<Row, DbError> {
    let value = |i: usize| -> Result<Value, sqlx::Error> {
        let raw = row.try_get_raw(i)?;
        if raw.is_null() {
            return Ok(Value::Null);
        }
        // Read once, because it is needed for every value of every row.
        let info = raw.type_info();
        Ok(match info.name() {
            "BIGINT UNSIGNED" => {
                let n: u64 = row.try_get_unchecked(i)?;
                i64::try_from(n).map_or_else(|_| Value::Text(n.to_string()), Value::Int)
            }
            "INT UNSIGNED" | "MEDIUMINT UNSIGNED" | "SMALLINT UNSIGNED" | "TINYINT UNSIGNED" => {
                Value::Int(i64::from(row.try_get_unchecked::<u32, _>(i)?))
            }
            "BIGINT" | "INT" | "MEDIUMINT" | "SMALLINT" | "TINYINT" | "BOOLEAN" | "YEAR" => {
                Value::Int(row.try_get_unchecked(i)?)
            }
            "FLOAT" | "DOUBLE" => Value::Text(row.try_get_unchecked::<f64, _>(i)?.to_string()),
            _ => Value::Bytes(row.try_get_unchecked::<Vec<u8>, _>(i)?.into()),
        })
    };
    let values = row.columns().iter().map(|column| value(column.ordinal()));
    values.collect::<Result<Vec<_>, _>>().map(Row).map_err(error::map)
}
