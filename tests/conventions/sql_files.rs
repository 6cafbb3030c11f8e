//! The files in `sql/` follow the rules in `sql/README.md`, and correspond to each other in all directories.

use std::collections::BTreeSet;
use std::fs;

use crate::files::{below, read, root, stem};

/// The directories in `sql/`.
fn engines() -> Vec<String> {
    let entries = fs::read_dir(root("sql")).unwrap().map(|entry| entry.unwrap());
    let folders = entries.filter(|entry| entry.file_type().unwrap().is_dir());
    folders.map(|folder| format!("sql/{}", folder.file_name().to_str().unwrap())).collect()
}

fn files() -> Vec<String> {
    engines().iter().flat_map(|engine| below(engine, ".sql")).collect()
}

/// The lines with SQL.
fn statement(file: &str) -> String {
    let text = read(file);
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("--"));
    lines.map(|line| format!("{line}\n")).collect()
}

/// The names after `mark` in `text`, outside of quotes: parameters, for a colon.
fn parameters(file: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in statement(file).lines() {
        let line = line.rsplit_once(" -- if ").map_or(line, |(line, _)| line);
        // Every second part is quoted.
        for outside in line.split('\'').step_by(2) {
            for part in outside.split(':').skip(1) {
                let name: String = part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                assert!(!name.is_empty(), "{file}: a colon that is no parameter in `{line}`");
                found.insert(name);
            }
        }
    }
    found
}

fn conditions(file: &str) -> BTreeSet<String> {
    let text = statement(file);
    text.lines().filter_map(|line| Some(line.rsplit_once(" -- if ")?.1.trim().to_owned())).collect()
}

#[test]
fn every_folder_has_the_same_names() {
    let names = |engine: &String| -> BTreeSet<String> {
        below(engine, ".sql").iter().map(|file| stem(file).to_owned()).collect()
    };
    let first = names(&engines()[0]);
    assert!(engines().len() >= 2 && first.len() > 30);
    for engine in engines() {
        assert_eq!(names(&engine), first, "{engine}");
        // A variant has the same directory as its standard file.
        for ending in [".mariadb.sql", ".azure.sql"] {
            for variant in below(&engine, ending) {
                assert!(root(&variant.replace(ending, ".sql")).exists(), "{variant} varies nothing");
            }
        }
    }
}

#[test]
fn every_name_is_a_field_and_every_field_has_its_file() {
    let list = read("src/engine/statements.rs");
    let (_, list) = list.split_once("\ndefine!(").unwrap();
    let fields: BTreeSet<&str> = list.lines().filter_map(|line| line.trim().strip_suffix(',')).collect();
    let all = files();
    let names: BTreeSet<&str> = all.iter().map(|file| stem(file)).collect();
    assert_eq!(fields, names);
}

/// The page about SQL Server names each statement; two rows stand for the remedies and for Azure SQL Database.
#[test]
fn every_statement_for_sql_server_is_documented() {
    let page = read("docs/sqlserver.md");
    for file in below("sql/mssql", ".sql") {
        let (name, sql) = (stem(&file).to_owned(), statement(&file));
        let is_covered = name.starts_with("fix_") || file.ends_with(".azure.sql") || sql.trim().is_empty();
        assert!(is_covered || page.contains(&format!("`{name}`")), "docs/sqlserver.md does not name {name}");
    }
}

#[test]
fn the_first_line_says_what_it_does() {
    for file in files() {
        let text = read(&file);
        let first = text.lines().next().unwrap();
        let begins = first.strip_prefix("-- ").is_some_and(|rest| rest.starts_with(char::is_uppercase));
        assert!(begins, "{file}: `{first}`");
        let head: Vec<&str> = text.lines().take_while(|line| line.starts_with("--")).collect();
        assert!(head.iter().any(|line| line.ends_with(['.', ':'])), "{file}: no sentence ends in its head");
        assert!(text.ends_with('\n') && !text.contains('\t'), "{file}: ends without a newline, or has a tab");
    }
}

/// `diff -r sql/mysql sql/mssql` should show dialects only, so the descriptions are the same.
#[test]
fn the_first_line_is_the_same_in_mysql_and_mssql() {
    for file in below("sql/mssql", ".sql") {
        let first = |file: &str| read(file).lines().next().unwrap().to_owned();
        let plain = file.replace("sql/mssql", "sql/mysql").replace(".azure.sql", ".sql");
        assert_eq!(first(&file), first(&plain), "{file}");
    }
}

/// The last comment line contains the lowest version that accepts the statement. The versions in docs/tested.md must
/// accept all statements.
#[test]
fn statements_of_sql_server_name_the_version_that_they_need() {
    let mut highest = 0;
    for file in below("sql/mssql", ".sql") {
        let text = read(&file);
        let last = text.lines().take_while(|line| line.starts_with("--")).last().unwrap();
        let version = last.strip_prefix("-- Works on SQL Server ").and_then(|rest| rest.strip_suffix(" and later."));
        if statement(&file).is_empty() {
            assert_eq!(version, None, "{file} has no statement");
            continue;
        }
        let version: u32 = version.and_then(|v| v.parse().ok()).unwrap_or_else(|| {
            panic!(
                "{file}: the comment does not end in `-- Works on SQL Server 2016 and later.`, or of another version"
            )
        });
        assert!([2005, 2008, 2012, 2014, 2016].contains(&version), "{file} needs {version}");
        highest = highest.max(version);
    }
    assert!(read("docs/tested.md").contains(&format!("SQL Server {highest} to 2025")));
}

#[test]
fn one_statement_a_file() {
    for file in files() {
        let sql = statement(&file);
        let outside: String = sql.split('\'').step_by(2).collect();
        let semicolons = outside.matches(';').count();
        // A block in T-SQL or PL/pgSQL is a single statement for its client, and contains several. PostgreSQL executes
        // statements that are sent together, without parameters, in one transaction.
        let together = file.starts_with("sql/postgres/") && !is_prepared(stem(&file));
        let block =
            outside.contains("BEGIN") || outside.contains("DECLARE") || file.starts_with("sql/mssql/") || together;
        assert!(semicolons == 0 || block, "{file}: a semicolon ends a statement");
    }
}

/// Whether the driver gets the statement with parameters, unlike the scripts of `init-db`, the remedies of `check` and
/// statements that set up a connection.
fn is_prepared(stem: &str) -> bool {
    !["fix_", "grant_", "set_"].iter().any(|begin| stem.starts_with(begin))
}

/// A statement has the same parameters in every engine; an engine may omit some.
#[test]
fn parameters_have_the_same_names_in_every_engine() {
    let known: BTreeSet<String> = below("sql/mysql", ".sql").iter().flat_map(|file| parameters(file)).collect();
    assert!(known.len() > 15, "{known:?}");
    let engine_only = [
        "table",
        "password",
        "database",
        "id_length",
        "id_rows",
        "id_column",
        "app_column",
        "timeout_column",
        "access_column",
        "expires_column",
        "data_column",
    ]
    .map(str::to_owned);
    for file in files() {
        for name in parameters(&file) {
            assert!(
                known.contains(&name) || engine_only.contains(&name),
                "{file}: `:{name}` is no parameter elsewhere"
            );
        }
    }
    // If a statement exists in two dialects, the same values select the rows.
    for name in ["page", "expired_page", "lock_rows", "delete_rows", "count_expired", "get", "expired_page_by_index"] {
        let all: BTreeSet<BTreeSet<String>> =
            engines().iter().map(|engine| values_of(&format!("{engine}/{name}.sql"))).collect();
        assert_eq!(all.len(), 1, "{name}: {all:?}");
    }
}

/// The parameters of a file; `:id_rows` are the same values as `:ids`, as rows.
fn values_of(file: &str) -> BTreeSet<String> {
    parameters(file).into_iter().map(|name| if name == "id_rows" { "ids".to_owned() } else { name }).collect()
}

/// A condition is the name of a parameter, or of a flag that the code sets.
#[test]
fn conditions_are_names_that_the_code_sets() {
    let code: String = below("src", ".rs").iter().map(|file| read(file)).collect();
    let mut seen = 0;
    for file in files() {
        for name in conditions(&file) {
            seen += 1;
            assert!(code.contains(&format!("\"{name}\"")), "{file}: nothing sets `-- if {name}`");
        }
    }
    assert!(seen > 20);
}

#[test]
fn quoted_names_are_ours() {
    let known = read("src/engine/identifiers.rs");
    for file in files() {
        let sql = statement(&file);
        let tokens: Vec<&str> = if file.starts_with("sql/mssql/") {
            sql.split('[').skip(1).filter_map(|rest| rest.split_once(']')).map(|(token, _)| token).collect()
        } else if file.starts_with("sql/postgres/") {
            assert!(!sql.contains('`'), "{file}: a backtick is no quote there");
            let outside: String = sql.split('\'').step_by(2).collect();
            // The binary collation is not a name of ours.
            let tokens: BTreeSet<String> = outside.split('"').skip(1).step_by(2).map(str::to_owned).collect();
            for token in tokens.iter().filter(|token| *token != "C") {
                assert!(known.contains(&format!("\"{token}\"")), "{file}: `{token}` is none of our names");
            }
            continue;
        } else {
            assert!(!sql.contains('"'), "{file}: SQLite reads an unknown name in double quotes as a string");
            sql.split('`').skip(1).step_by(2).collect()
        };
        for token in tokens {
            // A column of SQLite's own catalogue with a reserved name, or a pattern of LIKE.
            let catalogue = ["notnull", "unique", "!", "dbo", "'"].contains(&token) || token.contains('\'');
            let ours = known.contains(&format!("\"{token}\""));
            assert!(ours || catalogue, "{file}: `{token}` is none of our names, and would never be replaced");
        }
    }
}
