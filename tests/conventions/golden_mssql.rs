//! The rendered statements of `sql/mssql/`, in `tests/golden/mssql.sql`: without SQL Server, changes of a statement are
//! visible there. `UPDATE_GENERATED=1 cargo test --test conventions` updates it.

use std::collections::BTreeSet;

use tomcat_sessions::store::{Bind, Names, Sql, Template, by_name};

use crate::files::{read, root};
use crate::generated::updating;

const GOLDEN: &str = "tests/golden/mssql.sql";

const TEXTS: &[(&str, &str)] = &[
    ("after_app", "/Catalina/localhost/demo"),
    ("after_id", "0E8268F8"),
    ("app", "/Catalina/localhost/demo"),
    ("app_column", "app_name"),
    ("database", "tomcat"),
    ("from_id", "0E8268F8"),
    ("host", "%"),
    ("id", "0E8268F8"),
    ("id_column", "session_id"),
    ("id_prefix", "0E"),
    ("name", "tomcat-sessions:tomcat.tomcat_sessions"),
    ("password", "it's"),
    ("table", "tomcat_sessions"),
    ("timeout_column", "max_inactive"),
    ("to_id", "FFFFFFFF"),
    ("user", "tomcat"),
];

const NUMBERS: &[(&str, i64)] = &[
    ("accessed_before", 1_795_360_000_000),
    ("accessed_from", 1_795_350_000_000),
    ("after_expiry", 1_795_350_000_000),
    ("app_length", 255),
    ("bytes", 1 << 24),
    ("cutoff", 1_795_360_000_000),
    ("expired_before", 1_795_360_000_000),
    ("future", 1_795_360_300_000),
    ("session", 51),
    ("id_length", 100),
    ("larger_than", 1_000),
    ("limit", 500),
    ("smaller_than", 1_000_000),
    ("wait_seconds", 5),
    ("session", 51),
];

/// All statements, followed by those of Azure that differ.
fn statements() -> Vec<(&'static str, Template)> {
    let engine = by_name("mssql").unwrap();
    let all = engine.statements().all();
    let (_, azure) = engine.variants()[0];
    let others: Vec<_> = azure.all().into_iter().filter(|statement| !all.contains(statement)).collect();
    all.into_iter().chain(others).filter(|(_, file)| file.is_statement()).collect()
}

/// The conditions of the lines in a file.
fn conditions(file: Template) -> BTreeSet<&'static str> {
    file.0.lines().filter_map(|line| Some(line.rsplit_once(" -- if ")?.1.trim())).collect()
}

/// Every parameter, except those that are conditions of omitted lines.
fn bind(left_out: &BTreeSet<&str>, flags: &BTreeSet<&'static str>) -> Bind {
    let mut bind = Bind::new();
    for (name, text) in TEXTS.iter().filter(|(name, _)| !left_out.contains(name)) {
        bind = bind.set(name, *text);
    }
    for (name, number) in NUMBERS.iter().filter(|(name, _)| !left_out.contains(name)) {
        bind = bind.set(name, *number);
    }
    let known: Vec<&str> = TEXTS.iter().map(|(name, _)| *name).chain(NUMBERS.iter().map(|(name, _)| *name)).collect();
    for name in flags.iter().filter(|name| !known.contains(name) && !["ids", "apps"].contains(name)) {
        bind = bind.flag(name, true);
    }
    if !left_out.contains("ids") {
        bind = bind.list("ids", ["0E8268F8", "0EE532DB"]);
    }
    if !left_out.contains("apps") {
        bind = bind.list("apps", ["/Catalina/localhost/demo", "/Catalina/localhost/büro"]);
    }
    bind = bind.rows("id_rows", ["0E8268F8", "0EE532DB"].map(|id| vec![id.into()]).into());
    bind.rows("rows", vec![vec!["0E8268F8".into(), "/Catalina/localhost/demo".into(), "1".into(), 1_800.into()]])
}

/// The parameters that are sent to a server; scripts and remedies contain them as literals.
fn rendered(name: &str, file: Template, bind: &Bind) -> Sql {
    let (names, dialect) = (Names::default(), by_name("mssql").unwrap().dialect());
    let printed = ["create_", "grant_", "fix_", "reset_", "script_", "table_storage", "upgrade_", "use_"];
    if printed.iter().any(|begin| name.starts_with(begin)) {
        file.render_script(&names, dialect, bind).unwrap()
    } else {
        file.render(&names, dialect, bind).unwrap()
    }
}

/// A file with all its lines, and with only the unconditional ones.
fn variants(name: &str, file: Template) -> Vec<Sql> {
    let conditions = conditions(file);
    let all = rendered(name, file, &bind(&BTreeSet::new(), &conditions));
    let least = rendered(name, file, &bind(&conditions, &BTreeSet::new()));
    if all == least { vec![all] } else { vec![all, least] }
}

#[test]
fn the_golden_file_contains_every_statement() {
    let mut text = String::from("-- Generated from sql/mssql: UPDATE_GENERATED=1 cargo test --test conventions\n");
    for (name, file) in statements() {
        for (i, sql) in variants(name, file).iter().enumerate() {
            let which = if i == 0 { "" } else { ", without its optional lines" };
            text.push_str(&format!("\n-- {name}{which}\n{}\n", sql.text));
        }
    }
    if updating() {
        std::fs::write(root(GOLDEN), &text).unwrap();
    }
    assert!(read(GOLDEN) == text, "{GOLDEN} is old: UPDATE_GENERATED=1 cargo test --test conventions");
}

/// A text parameter is NVARCHAR, and compared with a VARCHAR key it turns an index seek into a scan.
#[test]
fn every_text_that_may_meet_a_key_is_varchar() {
    // Text that is not ASCII is sent unchanged: the column cannot be sought with it anyway.
    let texts: Vec<&str> = TEXTS.iter().map(|(_, text)| *text).chain(["0EE532DB", "1"]).collect();
    let mut seen = 0;
    for (name, file) in statements() {
        for sql in variants(name, file) {
            for (i, value) in sql.params.iter().enumerate() {
                let parameter = format!("@P{}", i + 1);
                let text = texts.iter().any(|text| *value == (*text).into());
                let cast = format!("CAST({parameter} AS VARCHAR(8000))");
                assert_eq!(sql.text.contains(&cast), text, "{name}: {parameter} in {}", sql.text);
                seen += usize::from(text);
            }
        }
    }
    assert!(seen > 40, "only {seen} texts were looked at");
}
