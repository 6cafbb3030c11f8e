//! Converts values to and from the driver's types.

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{Arguments, Column, Row as _, TypeInfo, ValueRef};

use super::error;
use crate::engine::{DbError, Row, Sql, Value};

pub(super) fn arguments(sql: &Sql) -> Result<PgArguments, DbError> {
    let mut arguments = PgArguments::default();
    // Without the reservation, the buffer would double, and take twice the size of a large session. Each value has 4
    // bytes of length.
    arguments.reserve(sql.params.len(), sql.params.iter().map(|value| value.size() + 4).sum());
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

/// Converts a row by the types of its columns. The padding of `char(n)` is removed.
pub(super) fn row(row: &PgRow) -> Result<Row, DbError> {
    let value = |i: usize| -> Result<Value, sqlx::Error> {
        let raw = row.try_get_raw(i)?;
        if raw.is_null() {
            return Ok(Value::Null);
        }
        let info = raw.type_info();
        Ok(match info.name() {
            "INT8" => Value::Int(row.try_get_unchecked(i)?),
            "INT4" => Value::Int(row.try_get_unchecked::<i32, _>(i)?.into()),
            "INT2" => Value::Int(row.try_get_unchecked::<i16, _>(i)?.into()),
            "BOOL" => Value::Int(row.try_get_unchecked::<bool, _>(i)?.into()),
            "BYTEA" => Value::Bytes(row.try_get_unchecked::<Vec<u8>, _>(i)?.into()),
            "CHAR" => Value::Text(row.try_get_unchecked::<String, _>(i)?.trim_end_matches(' ').to_owned()),
            "FLOAT4" => Value::Text(row.try_get_unchecked::<f32, _>(i)?.to_string()),
            "FLOAT8" => Value::Text(row.try_get_unchecked::<f64, _>(i)?.to_string()),
            _ => Value::Text(row.try_get_unchecked::<String, _>(i)?),
        })
    };
    let values = row.columns().iter().map(|column| value(column.ordinal()));
    values.collect::<Result<Vec<_>, _>>().map(Row).map_err(error::map)
}
