//! Reads the properties of the server and the table.

use crate::engine::{Bind, Connection, DbError, Dialect, Names, Row, Template};
use crate::store::catalog::table_structure::{Column, Index, Shape};
use crate::store::error::{Result, StoreError};

/// The server, and those of its limits that matter here.
#[derive(Debug, Clone, Default)]
pub struct ServerInfo {
    pub version: String,
    /// The account as the server reports it (`tomcat@%`).
    pub user: Option<String>,
    pub database: Option<String>,
    /// Maximum length of a statement or value, in bytes.
    pub max_packet: Option<i64>,
    pub read_only: bool,
    /// The SQL modes of a new connection, if the server has any.
    pub sql_mode: Option<String>,
    /// Whether readers wait for writers in this database.
    pub readers_wait: bool,
}

pub(in crate::store) async fn server(connection: &mut dyn Connection, dialect: &Dialect) -> Result<ServerInfo> {
    let server = connection.statements().server;
    let rows = query(connection, &Names::default(), dialect, server, &Bind::new()).await?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(ServerInfo::default());
    };
    let mut read = || {
        Ok(ServerInfo {
            version: row.text(0)?.unwrap_or_default(),
            user: row.text(1)?,
            database: row.text(2)?,
            max_packet: row.int(3)?,
            read_only: row.int(4)? == Some(1),
            sql_mode: row.text(5)?,
            readers_wait: row.int(6)? == Some(1),
        })
    };
    read().map_err(failed)
}

/// The structure of the table; `None` if it does not exist.
pub(in crate::store) async fn shape(
    connection: &mut dyn Connection,
    names: &Names,
    dialect: &Dialect,
) -> Result<Option<Shape>> {
    let files = connection.statements();
    let bind = Bind::new()
        .set("table", names.catalogue_name(&names.table, dialect))
        .set("timeout_column", names.max_inactive.as_str())
        .set("access_column", names.last_access.as_str())
        .set("expires_column", names.expires_at.as_str());
    let table = query(connection, names, dialect, files.table, &bind).await?;
    let Some(mut table) = table.into_iter().next() else {
        return Ok(None);
    };
    let columns = query(connection, names, dialect, files.columns, &bind).await?;
    let indexes = query(connection, names, dialect, files.indexes, &bind).await?;
    let read = || -> std::result::Result<Shape, DbError> {
        Ok(Shape {
            kind: table.text(0)?.unwrap_or_default(),
            engine: table.text(1)?,
            row_format: table.text(2)?,
            rows: table.int(4)?,
            bytes: table.int(5)?,
            columns: columns.into_iter().map(column).collect::<std::result::Result<_, _>>()?,
            indexes: group(indexes)?,
        })
    };
    read().map(Some).map_err(failed)
}

fn column(mut row: Row) -> std::result::Result<Column, DbError> {
    Ok(Column {
        name: row.text(0)?.unwrap_or_default(),
        data_type: row.text(1)?.unwrap_or_default().to_ascii_lowercase(),
        declared: row.text(2)?.unwrap_or_default(),
        length: row.int(3)?,
        nullable: row.int(4)? == Some(1),
        collation: row.text(5)?,
        generated: row.text(6)?,
        has_default: row.int(7)? == Some(1),
    })
}

/// Groups the rows of the catalogue, one per column, by index.
fn group(rows: Vec<Row>) -> std::result::Result<Vec<Index>, DbError> {
    let mut indexes: Vec<Index> = Vec::new();
    for mut row in rows {
        let name = row.text(0)?.unwrap_or_default();
        let (primary, unique) = (row.int(1)? == Some(1), row.int(2)? == Some(1));
        // An index expression has no column here.
        let column = row.text(3)?.unwrap_or_default();
        let (prefix, visible) = (row.int(4)?.is_some(), row.int(5)? == Some(1));
        match indexes.last_mut().filter(|index| index.name == name) {
            Some(index) => {
                index.columns.push(column);
                index.prefix |= prefix;
            }
            None => indexes.push(Index { name, primary, unique, columns: vec![column], prefix, visible }),
        }
    }
    Ok(indexes)
}

async fn query(
    connection: &mut dyn Connection,
    names: &Names,
    dialect: &Dialect,
    template: Template,
    bind: &Bind,
) -> Result<Vec<Row>> {
    let sql = template.render(names, dialect, bind).map_err(failed)?;
    connection.query(&sql).await.map_err(failed)
}

fn failed(error: DbError) -> StoreError {
    StoreError::db("read the server's catalog", error)
}
