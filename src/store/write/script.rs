//! Writes sessions as SQL statements for a client.

use std::collections::BTreeMap;

use crate::engine::{Bind, Dialect, Engine, Names, Statements, Template};
use crate::session::Session;
use crate::store::error::{Result, StoreError};
use crate::store::write::insert::row;

/// Maximum size of the data in a statement, in bytes; a larger session gets its own statement.
const STATEMENT: u64 = 128 << 10;
/// Maximum number of rows in VALUES on SQL Server.
const ROWS: usize = 1_000;

/// The beginning of a script, which makes it independent of the client's settings; empty if the engine needs none.
///
/// # Errors
/// [`StoreError::Db`] if it cannot be rendered, which is a bug.
pub fn script_head(files: &Statements, dialect: &Dialect, names: &Names) -> Result<String> {
    let file = files.script_head;
    if !file.is_statement() {
        return Ok(String::new());
    }
    let sql = file.render_script(names, dialect, &Bind::new()).map_err(|e| StoreError::db("write the script", e))?;
    let comment: String = file.comment().map(|line| format!("-- {line}\n")).collect();
    Ok(format!("{comment}{}{}\n", sql.text, dialect.terminator))
}

/// The statements that insert `sessions` into a table with these names. With `again`, rows with their keys are
/// deleted first, because earlier statements of the script may have inserted them.
///
/// # Errors
/// [`StoreError::Db`] if a statement cannot be rendered, which is a bug.
pub fn insert_script(engine: &dyn Engine, names: &Names, sessions: &[Session], again: bool) -> Result<String> {
    let (files, dialect) = (engine.statements(), engine.dialect());
    let mut script = String::new();
    let mut write = |file: Template, bind: &Bind| {
        let sql = file.render_data(names, dialect, bind).map_err(|e| StoreError::db("write the script", e))?;
        script.push_str(&sql.text);
        script.push_str(dialect.terminator);
        script.push('\n');
        Ok::<(), StoreError>(())
    };
    let mut rest = sessions;
    while !rest.is_empty() {
        let mut bytes = 0;
        let fits = rest.iter().take(ROWS).take_while(|session| {
            bytes += session.meta.size.unwrap_or(0);
            bytes <= STATEMENT
        });
        let (now, later) = rest.split_at(fits.count().max(1));
        rest = later;
        if again {
            let mut apps: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
            for Session { meta, .. } in now {
                apps.entry(meta.key.app.as_deref()).or_default().push(&meta.key.id);
            }
            for (app, ids) in apps {
                write(files.delete_rows, &Bind::new().keys(app, ids, true))?;
            }
        }
        write(files.insert, &Bind::new().rows("rows", now.iter().map(row).collect()))?;
    }
    Ok(script)
}
