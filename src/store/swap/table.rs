//! The swap table: the table in the same database to which sessions are swapped out.

use crate::engine::{Bind, ColumnClass, DbErrorKind, Names};
use crate::store::catalog::queries;
use crate::store::catalog::table_structure::{Key, Shape};
use crate::store::error::{Result, StoreError};
use crate::store::provision;
use crate::store::provision::Profile;
use crate::store::session_store::SessionStore;

/// The other table, which was verified to accept the sessions of this one.
#[derive(Debug, Clone)]
pub struct SwapTable {
    /// Its names: those of the store with the two tables exchanged.
    pub(in crate::store) names: Names,
    pub(in crate::store) shape: Shape,
}

impl SwapTable {
    pub fn name(&self) -> &str {
        &self.names.table
    }
}

impl SessionStore {
    /// Finds the other table of this store.
    ///
    /// # Errors
    /// [`StoreError::NoSwapTable`]; [`StoreError::WrongShape`] if it does not accept every session that the store's
    /// own table can contain.
    pub async fn swap_table(&mut self) -> Result<SwapTable> {
        let names = self.names.with_tables_exchanged();
        names.check(self.dialect()).map_err(StoreError::Name)?;
        let dialect = self.dialect();
        let Some(shape) = queries::shape(&mut *self.connection, &names, dialect).await? else {
            return Err(StoreError::NoSwapTable { table: names.table, target: self.target.to_string() });
        };
        let mut faults = provision::unusable(&shape, &names, dialect);
        faults.extend(self.narrower(&shape));
        if !faults.is_empty() {
            return Err(StoreError::WrongShape { table: names.table, faults });
        }
        Ok(SwapTable { names, shape })
    }

    /// Creates the other table if it does not exist.
    ///
    /// # Errors
    /// [`StoreError::Db`], for example if the account lacks the privilege.
    pub async fn create_swap_table(&mut self) -> Result<()> {
        // If the table accepts rows without an application, the other one must too.
        let nullable = self.shape.column(&self.names.app).is_some_and(|column| column.nullable);
        let profile = if nullable { Profile::Documented } else { Profile::Recommended };
        let names = self.names.with_tables_exchanged();
        let dialect = self.dialect();
        names.check(dialect).map_err(StoreError::Name)?;
        if queries::shape(&mut *self.connection, &names, dialect).await?.is_some() {
            return Ok(());
        }
        let bind = Bind::new().set("table", names.catalogue_name(&names.table, dialect));
        for file in profile.table(self.statements()) {
            let doing = || format!("create the table `{}`", names.table);
            let sql = file.render_script(&names, dialect, &bind).map_err(|e| StoreError::db(doing(), e))?;
            match self.connection.execute_raw(&sql).await {
                // Sessions can be stored without it; only scans are slower.
                Err(error) if file == self.statements().table_storage && error.kind == DbErrorKind::Other => {}
                done => done.map_err(|e| StoreError::db(doing(), e))?,
            }
        }
        Ok(())
    }

    /// Exchanges the tables: the store then reads the swapped-out sessions. Its previous table is returned as the
    /// other one.
    ///
    /// # Errors
    /// [`StoreError::NoSwapTable`], [`StoreError::WrongShape`].
    pub async fn into_swap_table(mut self) -> Result<(SessionStore, SwapTable)> {
        let SwapTable { names, shape } = self.swap_table().await?;
        let live = SwapTable { names: self.names, shape: self.shape };
        Ok((SessionStore { names, shape, ..self }, live))
    }

    /// What rows of this store's table may contain and rows of `other` may not.
    fn narrower(&self, other: &Shape) -> Vec<String> {
        let class = self.dialect().class;
        let mut found = Vec::new();
        if self.shape.key(&self.names) == Key::IdAndApp && other.key(&self.names) == Key::Id {
            found.push("its key is only the id; the key of the live table is the id and the application".to_owned());
        }
        for (_, name) in self.names.columns() {
            let (Some(own), Some(theirs)) = (self.shape.column(name), other.column(name)) else { continue };
            let longer =
                |own: Option<i64>, theirs: Option<i64>| theirs.is_some_and(|most| own.is_none_or(|own| own > most));
            let smaller = match (class(&own.data_type), class(&theirs.data_type)) {
                (ColumnClass::Int { bits: own }, ColumnClass::Int { bits: theirs }) => own > theirs,
                (ColumnClass::Binary { max: Some(own) }, ColumnClass::Binary { max: Some(theirs) }) => own > theirs,
                _ => longer(own.length, theirs.length),
            };
            if smaller {
                found.push(format!(
                    "the column `{name}` is {}, smaller than {} in the live table",
                    theirs.declared, own.declared
                ));
            }
            if own.nullable && !theirs.nullable {
                found.push(format!("the column `{name}` is NOT NULL, but nullable in the live table"));
            }
        }
        found
    }
}
