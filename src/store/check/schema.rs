//! Rules about the table: its kind, its columns, its unique key.

use super::column_roles::{ColumnGuess, guess, may_be_tomcats};
use super::{Facts, Rule, Violation};
use crate::engine::{Bind, ColumnClass, Template};
use crate::finding::{Remedy, Severity};
use crate::store::catalog::table_structure::{Column, Key};
use crate::store::check::remedies::{APP_LENGTH, ID_LENGTH};

/// `ManagerBase.sessionIdLength` is 16 bytes, written as hexadecimal digits.
const BARE_ID: i64 = 32;
/// An id with room for a dot and a jvmRoute of 31 characters.
const ROUTED_ID: i64 = 64;

pub(super) const VIEW: Rule = Rule {
    id: "storage.view",
    evaluate: |facts| {
        if is_table(facts) {
            return Vec::new();
        }
        let kind = facts.shape.kind.to_lowercase();
        let remedy = Remedy::action("use the view's underlying table with --table");
        let table = &facts.names.table;
        vec![Violation::new(Severity::Error, table, format!("`{table}` is a {kind}, not a table"), remedy)]
    },
    why: "Sessions are saved with DELETE and INSERT and purged under row locks. A view does not guarantee these operations.",
    source: "org.apache.catalina.session.DataSourceStore, save and remove",
};

pub(super) const ENGINE: Rule = Rule {
    id: "storage.engine",
    evaluate: |facts| {
        // Storage engines with transactions and row locks.
        const GOOD: [&str; 4] = ["innodb", "rocksdb", "ndbcluster", "xtradb"];
        let Some(engine) = facts.shape.engine.as_deref().filter(|e| !GOOD.contains(&e.to_lowercase().as_str())) else {
            return Vec::new();
        };
        let message = format!("the storage engine is {engine}, which has neither transactions nor row locks");
        vec![Violation::new(
            Severity::Warning,
            &facts.names.table,
            message,
            facts.remedy(facts.statements.fix_engine, &Bind::new()),
        )]
    },
    why: "An engine such as MyISAM locks the whole table for each save: Tomcats have to wait for each other and for a purge. A batch of `expire` cannot be rolled back. A crash of the server can damage the table.",
    source: "MySQL and MariaDB manuals, alternative storage engines",
};

pub(super) const ROW_FORMAT: Rule = Rule {
    id: "storage.row-format",
    evaluate: |facts| {
        let old = |format: &&str| ["compact", "redundant"].contains(&format.to_lowercase().as_str());
        let innodb = facts.shape.engine.as_deref().is_some_and(|e| e.eq_ignore_ascii_case("innodb"));
        let Some(format) = facts.shape.row_format.as_deref().filter(old).filter(|_| innodb) else {
            return Vec::new();
        };
        let message = format!(
            "the row format is {format}: indexed columns are limited to 767 bytes, and index pages contain session data"
        );
        vec![Violation::new(
            Severity::Note,
            &facts.names.table,
            message,
            facts.remedy(facts.statements.fix_row_format, &Bind::new()),
        )]
    },
    why: "COMPACT and REDUNDANT store the first 768 bytes of each blob with the key, so that reading keys reads these bytes too. A column in an index is limited to 767 bytes, and app_name can be longer.",
    source: "MySQL manual, InnoDB row formats",
};

pub(super) const COLUMN_MISSING: Rule = Rule {
    id: "schema.column-missing",
    evaluate: |facts| {
        let missing = facts.names.columns().into_iter().filter(|(_, name)| facts.shape.column(name).is_none());
        let fault = |(option, name): (&str, &str)| {
            let remedy = match guess(facts, option) {
                Some(ColumnGuess { column, option, attribute }) => Remedy::action(format!(
                    "set {attribute}=\"{column}\" in Tomcat's Store; for this program, use --columns {option}={column}"
                )),
                None if option == "app" && is_table(facts) && !facts.shape.columns.is_empty() => {
                    facts.remedy(facts.statements.fix_app_missing, &Bind::new())
                }
                None => Remedy::action(format!(
                    "use --columns {option}=NAME if the column has another name; `tomcat-sessions init-db` prints a table \
                     that has it"
                )),
            };
            Violation::new(Severity::Error, name, format!("the column `{name}` is missing"), remedy)
        };
        missing.map(fault).collect()
    },
    why: "Tomcat's INSERT lists six columns. If one of them is missing, no session can be saved.",
    source: "org.apache.catalina.session.DataSourceStore, save; sessionIdCol and the related attributes",
};

pub(super) const COLUMN_TYPE: Rule = Rule {
    id: "schema.column-type",
    evaluate: |facts| {
        let names = &facts.names;
        let remedy = |name: &str| {
            if name == names.id {
                facts.remedy_id()
            } else if name == names.app {
                facts.remedy_app()
            } else if name == names.max_inactive {
                facts.remedy(facts.statements.fix_max_inactive, &Bind::new())
            } else if name == names.last_access {
                facts.remedy(facts.statements.fix_last_access, &Bind::new())
            } else {
                facts.remedy(facts.statements.fix_data, &Bind::new())
            }
        };
        let faults = facts.shape.columns_of_wrong_type(names, facts.dialect).into_iter();
        faults.map(|(name, message)| Violation::new(Severity::Error, name, message, remedy(name))).collect()
    },
    why: "Tomcat writes ids and names as text, seconds as an int, epoch milliseconds as a long and a Java serialization stream as bytes. A 32-bit column is too small for milliseconds, and a text column changes bytes.",
    source: "org.apache.catalina.session.DataSourceStore, save: setString, setBinaryStream, setInt, setLong",
};

pub(super) const EXTRA_COLUMN: Rule = Rule {
    id: "schema.extra-column",
    evaluate: |facts| {
        let ours = facts.names.columns();
        let is_ours = |column: &Column| ours.iter().any(|(_, name)| column.name.eq_ignore_ascii_case(name));
        let in_the_way = |column: &&Column| is_table(facts) && needs_value(column) && !is_ours(column);
        let fault = |column: &Column| {
            let name = &column.name;
            let message = format!("the column `{name}` is NOT NULL without a default: every INSERT by Tomcat fails");
            // It may be one of Tomcat's columns under a name that is not configured.
            let missing = facts.names.columns().into_iter().filter(|(_, name)| facts.shape.column(name).is_none());
            let guessed = missing.filter_map(|(option, _)| guess(facts, option)).find(|guess| guess.column == name);
            let remedy = match guessed {
                Some(ColumnGuess { column, option, attribute }) => format!(
                    "set {attribute}=\"{column}\" in Tomcat's Store, which now uses another column name; for this program, use --columns {option}={column}"
                ),
                None if may_be_tomcats(&facts.shape, name, facts.dialect) => {
                    format!("set the attribute of the Store that should contain `{name}`, or give the column a default")
                }
                None => format!("add a default to `{name}`, or drop it"),
            };
            Violation::new(Severity::Error, name, message, Remedy::action(remedy))
        };
        facts.shape.columns.iter().filter(in_the_way).map(fault).collect()
    },
    why: "Tomcat's INSERT lists six columns. Additional columns are harmless if they are optional.",
    source: "org.apache.catalina.session.DataSourceStore, save",
};

pub(super) const VALID: Rule = Rule {
    id: "schema.valid",
    evaluate: |facts| {
        let name = &facts.names.valid;
        let Some(column) = facts.shape.column(name).filter(|_| facts.dialect.enforces_lengths) else {
            return Vec::new();
        };
        // In a BIT column a character has eight bits, and '1' needs six of them. SQL Server converts it to a number.
        let bits = column
            .declared
            .to_ascii_lowercase()
            .strip_prefix("bit(")
            .and_then(|rest| rest.trim_end_matches(')').trim().parse::<u32>().ok());
        let is_time = ["date", "time", "datetime", "datetime2", "smalldatetime", "datetimeoffset", "timestamp"];
        let other = is_time.contains(&column.data_type.as_str()) || column.data_type == "uniqueidentifier";
        let bytes = !facts.dialect.converts_text_to_bytes
            && matches!((facts.dialect.class)(&column.data_type), ColumnClass::Binary { .. });
        let text = facts.dialect.converts_text || (facts.dialect.class)(&column.data_type) == ColumnClass::Text;
        if text && !(bits.is_some_and(|bits| bits < 6) || other || bytes) {
            return Vec::new();
        }
        let message = format!(
            "the column `{name}` is {}, which does not accept Tomcat's '1': no session can be saved",
            column.declared
        );
        vec![Violation::new(Severity::Error, name, message, facts.remedy(facts.statements.fix_valid, &Bind::new()))]
    },
    why: "Tomcat writes the validity as the text '1'. MySQL and MariaDB store text in a BIT column as its bits, and '1' (0x31) needs six bits: a BIT(1) column refuses every INSERT (error 1406). Numeric, CHAR and ENUM columns accept it. PostgreSQL converts text to neither a number nor a boolean: there, only a text column accepts it.",
    source: "org.apache.catalina.session.DataSourceStore, save: setString(4, \"1\"); seen on MariaDB 10.11",
};

pub(super) const KEY: Rule = Rule {
    id: "schema.key",
    evaluate: |facts| {
        let names = &facts.names;
        if !is_table(facts) || !has_key_columns(facts) || facts.shape.key(names) != Key::None {
            return Vec::new();
        }
        let primary = facts.shape.indexes.iter().find(|index| index.primary);
        let of_ours = |column: &String| [&names.id, &names.app].iter().any(|name| column.eq_ignore_ascii_case(name));
        let remedy = match primary {
            Some(index) if !index.columns.iter().all(of_ours) => {
                Remedy::action(format!("add a unique key of `{}` and `{}`", names.id, names.app))
            }
            _ => facts.remedy_of(
                &with_bounded_columns(facts, &[&names.id, &names.app], facts.statements.fix_primary_key),
                &Bind::new().flag("primary", primary.is_some()),
            ),
        };
        let message = format!(
            "nothing prevents duplicate sessions: there is no unique key on `{}` and `{}`",
            names.id, names.app
        );
        vec![Violation::new(Severity::Error, &names.table, message, remedy)]
    },
    why: "Without a key, each load and each save reads the whole table. Two saves of one session can insert two rows. A purge cannot identify the rows that it has checked.",
    source: "org.apache.catalina.session.DataSourceStore, load and remove: WHERE id = ? AND app = ?",
};

pub(super) const KEY_WITHOUT_APP: Rule = Rule {
    id: "schema.key-without-app",
    evaluate: |facts| {
        let names = &facts.names;
        if !is_table(facts) || !has_key_columns(facts) || facts.shape.key(names) != Key::Id {
            return Vec::new();
        }
        let of_id = |columns: &[String]| columns.len() == 1 && columns[0].eq_ignore_ascii_case(&names.id);
        let other = facts.shape.indexes.iter().find(|index| index.unique && !index.primary && of_id(&index.columns));
        let remedy = match other {
            Some(index) => Remedy::action(format!(
                "drop the unique index `{}`, and create a primary key on `{}` and `{}`",
                index.name, names.id, names.app
            )),
            None => facts.remedy_of(
                &with_bounded_columns(facts, &[&names.app], facts.statements.fix_primary_key),
                &Bind::new().flag("primary", true),
            ),
        };
        let message = format!("the key is only `{}`: two applications cannot have the same id", names.id);
        vec![Violation::new(Severity::Warning, &names.table, message, remedy)]
    },
    why: "With sessionCookiePath=\"/\" Tomcat uses one id for the sessions of several applications. A save deletes only the row of its own application. The INSERT of the second application then fails because of the first application's row, and its session is lost (before 9.0.119, 10.1.56 and 11.0.23 Tomcat logs the SQL error, but treats the save as successful).",
    source: "org.apache.catalina.session.DataSourceStore, save and remove; seen on Tomcat 10.1 as \"Duplicate entry\"",
};

pub(super) const HEAP: Rule = Rule {
    id: "schema.heap",
    evaluate: |facts| {
        if facts.shape.row_format.as_deref() != Some("HEAP") || !has_key_columns(facts) {
            return Vec::new();
        }
        let message = "the table is a heap: it has no clustered index, and the space of deleted rows is not released";
        let remedy = facts.remedy(facts.statements.fix_primary_key, &Bind::new().flag("primary", true));
        vec![Violation::new(Severity::Warning, &facts.names.table, message, remedy)]
    },
    why: "Tomcat deletes and inserts a row for each save. In a table without a clustered index, the emptied pages remain part of the table. Every scan reads all of them, including Tomcat's own search for expired sessions.",
    source: "SQL Server documentation, heaps (tables without clustered indexes) and DELETE, locking behavior",
};

pub(super) const NULLABLE: Rule = Rule {
    id: "schema.nullable",
    evaluate: |facts| {
        let nullable = |name: &str| is_table(facts) && facts.shape.column(name).is_some_and(|column| column.nullable);
        let fault = |name: &str, remedy: Remedy| {
            Violation::new(
                Severity::Note,
                name,
                format!("the column `{name}` may be NULL, and Tomcat never finds such rows"),
                remedy,
            )
        };
        let (id, app) = (&facts.names.id, &facts.names.app);
        let of_id = nullable(id).then(|| fault(id, facts.remedy_id()));
        of_id.into_iter().chain(nullable(app).then(|| fault(app, facts.remedy_app()))).collect()
    },
    why: "Tomcat selects rows by id and application with =, and NULL equals nothing: such a row is never loaded, expired or deleted. A column that may be NULL cannot be part of the primary key either.",
    source: "org.apache.catalina.session.DataSourceStore: WHERE id = ? AND app = ?",
};

pub(super) const TOO_SHORT: Rule = Rule {
    id: "schema.too-short",
    evaluate: |facts| {
        let length = |name: &str| {
            let column = facts.shape.column(name).filter(|_| facts.dialect.enforces_lengths)?;
            let text =
                matches!((facts.dialect.class)(&column.data_type), ColumnClass::Text | ColumnClass::Binary { .. });
            column.length.filter(|_| text)
        };
        let (id, app) = (&facts.names.id, &facts.names.app);
        let of_id = length(id).filter(|n| *n < ROUTED_ID).map(|n| {
            let (severity, message) = if n < BARE_ID {
                (Severity::Error, format!("the column `{id}` holds {n} characters, but an id has {BARE_ID}"))
            } else {
                let message = match n - BARE_ID {
                    0 => format!("the column `{id}` has room for an id, but not for a jvmRoute"),
                    1 => format!("the column `{id}` leaves 1 character for the dot and the jvmRoute after an id"),
                    left => {
                        format!("the column `{id}` leaves {left} characters for the dot and the jvmRoute after an id")
                    }
                };
                (Severity::Warning, message)
            };
            Violation::new(severity, id, format!("{message}; the documented table has {ID_LENGTH}"), facts.remedy_id())
        });
        let of_app = length(app).filter(|n| *n < APP_LENGTH).map(|n| {
            let message = format!(
                "the column `{app}` is limited to {n} characters, for names like /Engine/Host/context; the documented table has {APP_LENGTH}"
            );
            Violation::new(Severity::Warning, app, message, facts.remedy_app())
        });
        of_id.into_iter().chain(of_app).collect()
    },
    why: "An id has 32 hexadecimal digits, followed by a dot and the route if there is a jvmRoute. An application name is /Engine/Host/context, with ##version under parallel deployment. The server refuses a value that does not fit, and the session is lost; without STRICT_TRANS_TABLES it truncates the value, and the session is never found again.",
    source: "org.apache.catalina.util.StandardSessionIdGenerator; StoreBase.getStoreName and ManagerBase.getName",
};

pub(super) const UNSIGNED: Rule = Rule {
    id: "schema.unsigned",
    evaluate: |facts| {
        let unsigned = |name: &str| {
            facts.shape.column(name).is_some_and(|column| column.declared.to_ascii_lowercase().contains("unsigned"))
        };
        let names = &facts.names;
        let of_timeout = unsigned(&names.max_inactive).then(|| {
            let message =
                format!("the column `{}` is unsigned, but a session that never expires has -1", names.max_inactive);
            let remedy = facts.remedy(facts.statements.fix_max_inactive, &Bind::new());
            Violation::new(Severity::Warning, &names.max_inactive, message, remedy)
        });
        let of_access = unsigned(&names.last_access).then(|| {
            let message = format!(
                "the column `{}` is unsigned: a query of your own fails if it subtracts a later time from it",
                names.last_access
            );
            let remedy = facts.remedy(facts.statements.fix_last_access, &Bind::new());
            Violation::new(Severity::Note, &names.last_access, message, remedy)
        });
        of_timeout.into_iter().chain(of_access).collect()
    },
    why: "setMaxInactiveInterval(-1) means that a session never expires. An unsigned column refuses -1, and the session is not saved; without STRICT_TRANS_TABLES it becomes 0. A subtraction with an unsigned column fails if its result is negative (error 1690); Tomcat's own statements do not subtract.",
    source: "jakarta.servlet.http.HttpSession.setMaxInactiveInterval; DataSourceStore.save: setInt",
};

pub(super) const MAX_INACTIVE: Rule = Rule {
    id: "schema.max-inactive",
    evaluate: |facts| {
        let name = &facts.names.max_inactive;
        let narrow = |column: &Column| (facts.dialect.class)(&column.data_type) == (ColumnClass::Int { bits: 32 });
        let Some(error) = facts.dialect.int_overflow_error.filter(|_| facts.shape.column(name).is_some_and(narrow))
        else {
            return Vec::new();
        };
        let (severity, message) = match facts.rows.known().map_or(0, |rows| rows.timeouts_above_int) {
            0 => (
                Severity::Note,
                format!(
                    "the column `{name}` is int: a single session with a timeout above 24.8 days prevents Tomcat from expiring any session of its application ({error})"
                ),
            ),
            n => (
                Severity::Error,
                format!(
                    "the column `{name}` is int, and {n} of the sessions have a timeout above 24.8 days: Tomcat's expiry \
                     fails ({error})"
                ),
            ),
        };
        vec![Violation::new(severity, name, message, facts.remedy(facts.statements.fix_max_inactive, &Bind::new()))]
    },
    why: "Tomcat's query for expired sessions multiplies max_inactive by 1000. Some servers compute that in the type of the column. With INT the query then fails if a timeout exceeds 2,147,483 seconds, and no session of the application expires any more.",
    source: "DataSourceStore.expiredKeys: lastaccess + maxinactive * 1000 < ?; T-SQL reference, data type precedence; PostgreSQL manual, mathematical operators",
};

/// The statement, preceded by those that give a length to columns that cannot be in a key: MySQL refuses TEXT and
/// BLOB in a key (error 1170).
pub(super) fn with_bounded_columns(facts: &Facts, columns: &[&str], then: Template) -> Vec<Template> {
    let unbounded = |name: &str| {
        let of = facts.shape.column(name).filter(|_| facts.shape.engine.is_some());
        of.is_some_and(|column| ["text", "blob"].iter().any(|end| column.data_type.ends_with(end)))
    };
    let remedy = |name: &&str| {
        if **name == facts.names.id { facts.statements.fix_id } else { facts.statements.fix_app }
    };
    columns.iter().filter(|name| unbounded(name)).map(remedy).chain([then]).collect()
}

/// Tells whether an INSERT must specify the column.
fn needs_value(column: &Column) -> bool {
    !column.nullable && !column.has_default && column.generated.is_none()
}

fn is_table(facts: &Facts) -> bool {
    facts.shape.kind == "BASE TABLE"
}

/// If key columns are missing, that is another finding, and no key can be expected.
fn has_key_columns(facts: &Facts) -> bool {
    [&facts.names.id, &facts.names.app].iter().all(|name| facts.shape.column(name).is_some())
}
