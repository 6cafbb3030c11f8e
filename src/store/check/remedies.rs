//! Remedies: the statements in `sql/<engine>/fix_*.sql`, with the names of the table.

use crate::engine::{Bind, ColumnClass, Names, Template};
use crate::finding::Remedy;
use crate::store::check::Facts;

/// Lengths in the published table, in characters.
pub(in crate::store) const ID_LENGTH: i64 = 100;
pub(in crate::store) const APP_LENGTH: i64 = 255;

/// The longest text column that a remedy keeps unchanged: two of them fit into an InnoDB key, which has at most 3072
/// bytes.
const KEPT_LENGTH: i64 = 384;

impl Facts {
    /// The account in a finding.
    pub(in crate::store) fn account_name(&self) -> &str {
        self.server.user.as_deref().unwrap_or("account")
    }

    /// The database in a finding.
    pub(in crate::store) fn database_name(&self) -> &str {
        self.server.database.as_deref().unwrap_or("database")
    }

    /// The statement of a file, on one line and ready to paste; if the engine has no statement, the comment of the
    /// file.
    pub(in crate::store) fn remedy(&self, file: Template, bind: &Bind) -> Remedy {
        self.remedy_of(&[file], bind)
    }

    /// As [`Facts::remedy`], with several statements.
    pub(in crate::store) fn remedy_of(&self, files: &[Template], bind: &Bind) -> Remedy {
        self.remedy_for(files, &self.names, bind)
    }

    /// As [`Facts::remedy`], for an account other than the connected one.
    pub(in crate::store) fn remedy_for_account(&self, file: Template, account: &str) -> Remedy {
        let names = Names { account: account.to_owned(), ..self.names.clone() };
        self.remedy_for(&[file], &names, &Bind::new())
    }

    fn remedy_for(&self, files: &[Template], names: &Names, bind: &Bind) -> Remedy {
        let bind = self.with_dependent_objects(bind);
        let mut sql = Vec::new();
        for file in files {
            if !file.is_statement() {
                return Remedy::Action(file.comment().skip(1).collect::<Vec<_>>().join(" "));
            }
            match file.render_script(names, self.dialect, &bind) {
                Ok(rendered) => {
                    let lines: Vec<&str> = rendered.text.lines().map(str::trim).collect();
                    // On one line, the word that ends a batch in a script has no effect.
                    sql.push(format!("{};", lines.join(" ")));
                }
                Err(error) => return Remedy::Action(format!("report this error: {error}")),
            }
        }
        Remedy::Sql(sql.join(" "))
    }

    /// Adds the objects that depend on the columns: some engines cannot alter a column with such objects.
    fn with_dependent_objects(&self, bind: &Bind) -> Bind {
        let (shape, names) = (&self.shape, &self.names);
        let app = shape.column(&names.app);
        let wide = app.is_some_and(|c| matches!(c.data_type.as_str(), "nvarchar" | "nchar"));
        let nullable = app.is_some_and(|c| c.nullable);
        let (id_length, app_length) = self.key_lengths(if wide { 2 } else { 1 });
        bind.clone()
            .set("table", names.catalogue_name(&names.table, self.dialect))
            .set("id_column", names.id.as_str())
            .set("app_column", names.app.as_str())
            .set("timeout_column", names.max_inactive.as_str())
            .set("id_length", id_length)
            .set("app_length", app_length)
            .flag("schema", names.schema.is_some())
            .flag("nullable", nullable)
            .flag("narrow_app", !wide)
            .flag("wide_app", wide)
            .flag("nullable_narrow_app", nullable && !wide)
            .flag("nullable_wide_app", nullable && wide)
            .flag("app_indexed", shape.has_index(&[&names.app]))
            .flag("expiry_indexed", shape.has_index(&names.of_tokens(self.dialect.expiry_index)))
    }

    /// Fixes the id column: all problems that it may have at once.
    pub(in crate::store) fn remedy_id(&self) -> Remedy {
        self.remedy(self.statements.fix_id, &Bind::new())
    }

    /// Fixes the application column.
    pub(in crate::store) fn remedy_app(&self) -> Remedy {
        self.remedy(self.statements.fix_app, &Bind::new())
    }

    /// The lengths of id and application that fit into one key; a character of the application takes `bytes` bytes.
    fn key_lengths(&self, bytes: i64) -> (i64, i64) {
        let (id, app) = (self.length(&self.names.id, ID_LENGTH), self.length(&self.names.app, APP_LENGTH));
        let fits = |(id, app): &(i64, i64)| self.dialect.max_key_bytes.is_none_or(|most| id + app * bytes <= most);
        let choices = [(id, app), (id, APP_LENGTH), (ID_LENGTH, app)];
        choices.into_iter().find(fits).unwrap_or((ID_LENGTH, APP_LENGTH))
    }

    /// The new length of a text column: never less than its current length.
    fn length(&self, column: &str, wanted: i64) -> i64 {
        let text = self.shape.column(column).filter(|c| (self.dialect.class)(&c.data_type) == ColumnClass::Text);
        let has = text.and_then(|column| column.length).filter(|n| *n <= KEPT_LENGTH);
        has.map_or(wanted, |n| n.max(wanted))
    }

    /// The parameters of a statement about the account, given as `user@host`.
    pub(in crate::store) fn account(&self) -> Bind {
        let account = self.server.user.as_deref().unwrap_or_default();
        let (user, host) = account.rsplit_once('@').unwrap_or((account, "%"));
        Bind::new().set("user", user).set("host", host)
    }
}
