use super::*;
use crate::engine::{ClusterKind, Replication, by_name};
use crate::finding::{Remedy, Severity};
use crate::store::catalog::table_structure::{Column, Index};

fn column(name: &str, declared: &str) -> Column {
    let (data_type, rest) = declared.split_once('(').unwrap_or((declared, ""));
    let text = data_type == "varchar" || data_type == "char";
    Column {
        name: name.to_owned(),
        data_type: data_type.to_owned(),
        declared: declared.to_owned(),
        length: rest.strip_suffix(')').and_then(|n| n.parse().ok()),
        nullable: false,
        collation: text.then(|| "utf8mb4_0900_bin".to_owned()),
        generated: None,
        has_default: false,
    }
}

fn index(name: &str, columns: &[&str]) -> Index {
    let primary = name == "PRIMARY";
    Index {
        name: name.to_owned(),
        primary,
        unique: primary,
        columns: columns.iter().map(|&c| c.to_owned()).collect(),
        prefix: false,
        visible: true,
    }
}

/// A store without findings.
fn healthy() -> Facts {
    let engine = by_name("mysql").unwrap();
    let mut data = column("session_data", "mediumblob");
    data.nullable = true;
    let mut expires_at = column("expires_at", "bigint");
    expires_at.generated = Some("(`last_access` + (`max_inactive` * 1000))".to_owned());
    let grants = Grants::parse([
        "GRANT USAGE ON *.* TO `t`@`%`",
        "GRANT SELECT, INSERT, DELETE ON `tomcat`.`tomcat_sessions` TO `t`@`%`",
    ]);
    Facts {
        names: Names::default(),
        dialect: engine.dialect(),
        statements: engine.statements(),
        server: ServerInfo {
            version: "9.7.0".to_owned(),
            user: Some("t@%".to_owned()),
            database: Some("tomcat".to_owned()),
            max_packet: Some(64 << 20),
            read_only: false,
            sql_mode: Some("ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES".to_owned()),
            readers_wait: false,
        },
        shape: Shape {
            kind: "BASE TABLE".to_owned(),
            engine: Some("InnoDB".to_owned()),
            row_format: Some("Dynamic".to_owned()),
            rows: Some(1000),
            bytes: Some(1 << 20),
            columns: vec![
                column("session_id", "varchar(100)"),
                column("valid_session", "char(1)"),
                column("max_inactive", "int"),
                column("last_access", "bigint"),
                column("app_name", "varchar(255)"),
                data,
                expires_at,
            ],
            indexes: vec![
                index("PRIMARY", &["session_id", "app_name"]),
                index("kapp_name", &["app_name"]),
                index("kexpires_at", &["app_name", "expires_at", "max_inactive"]),
            ],
        },
        grants: Fact::Known(grants),
        clocks: Fact::Known(Clocks { here: EpochMillis(1_000_000), server: EpochMillis(1_005_000) }),
        link: Fact::Known(Link { encrypted: true, remote: true }),
        orphans: Fact::Absent,
        member: Fact::Known(Member { binlog_format: Some("ROW".to_owned()), ..Member::default() }),
        vacuum: Fact::Absent,
        limits: Fact::Absent,
        role: Some(NodeRole::Primary),
        replicates: None,
        primary: None,
        rows: Fact::Known(Rows { sessions: 1000, largest_bytes: 3000, ..Rows::default() }),
        open_file: None,
    }
}

fn at<'a>(facts: &'a mut Facts, name: &str) -> &'a mut Column {
    facts.shape.columns.iter_mut().find(|c| c.name == name).unwrap()
}

/// Changes the type of the column, but not its collation.
fn retype(facts: &mut Facts, name: &str, declared: &str) {
    let nullable = at(facts, name).nullable;
    *at(facts, name) = Column { nullable, ..column(name, declared) };
}

fn count(facts: &mut Facts, set: impl FnOnce(&mut Rows)) {
    let Fact::Known(rows) = &mut facts.rows else { unreachable!() };
    set(rows);
}

fn grant(facts: &mut Facts, line: &str) {
    facts.grants = Fact::Known(Grants::parse([line]));
}

fn found(facts: &Facts) -> Vec<(&'static str, Severity)> {
    evaluate(facts).iter().map(|finding| (finding.rule, finding.severity)).collect()
}

#[test]
fn a_correct_store_has_no_findings() {
    assert_eq!(evaluate(&healthy()), []);
}

type Change = fn(&mut Facts);

use Severity::{Error, Note, Warning};

const GALERA: Option<ClusterKind> = Some(ClusterKind::Galera);
const GROUP: Option<ClusterKind> = Some(ClusterKind::Group);

/// A server that is a replica.
fn replication(running: bool) -> Replication {
    Replication { source: Some("db1:3306".to_owned()), running, lag: None }
}

/// A cluster member with a lease and no findings, and a change to it.
fn member(kind: Option<ClusterKind>, change: impl FnOnce(&mut Member)) -> Fact<Member> {
    let mut member = Member { kind, autoinc_lock_mode: Some(2), has_lease: kind.is_some(), ..Member::default() };
    change(&mut member);
    Fact::Known(member)
}

/// One problem each, with all findings that it causes.
const FAULTS: &[(Change, &[(&str, Severity)])] = &[
    (|f| f.shape.kind = "VIEW".to_owned(), &[("storage.view", Error)]),
    (|f| f.shape.engine = Some("MyISAM".to_owned()), &[("storage.engine", Warning)]),
    (|f| f.open_file = Some("/srv/s.db".into()), &[("storage.open-file", Warning)]),
    (|f| f.shape.row_format = Some("Compact".to_owned()), &[("storage.row-format", Note)]),
    (|f| f.shape.columns.retain(|c| c.name != "valid_session"), &[("schema.column-missing", Error)]),
    (|f| retype(f, "last_access", "int"), &[("schema.column-type", Error)]),
    (|f| f.shape.columns.push(column("owner", "varchar(9)")), &[("schema.extra-column", Error)]),
    (|f| count(f, |rows| rows.without_app = 1), &[("rows.no-app", Warning)]),
    (|f| count(f, |rows| rows.without_data = 2), &[("rows.no-data", Warning)]),
    (|f| count(f, |rows| rows.without_times = 1), &[("rows.no-times", Warning)]),
    (|f| count(f, |rows| rows.truncated = 1), &[("rows.truncated", Warning)]),
    (|f| count(f, |rows| rows.from_the_future = 1), &[("rows.future", Warning)]),
    (|f| count(f, |rows| rows.no_stream = 1), &[("rows.no-stream", Warning)]),
    (|f| count(f, |rows| rows.never_expiring = 1), &[("rows.never-expiring", Note)]),
    (|f| f.shape.indexes.retain(|i| !i.primary), &[("schema.key", Error)]),
    (|f| f.shape.indexes[0].columns.truncate(1), &[("schema.key-without-app", Warning)]),
    (|f| at(f, "session_id").nullable = true, &[("schema.nullable", Note)]),
    (|f| at(f, "app_name").nullable = true, &[("schema.nullable", Note), ("index.expiry", Note)]),
    (|f| at(f, "session_id").length = Some(31), &[("schema.too-short", Error)]),
    (|f| at(f, "session_id").length = Some(63), &[("schema.too-short", Warning)]),
    (|f| at(f, "app_name").length = Some(254), &[("schema.too-short", Warning)]),
    (|f| at(f, "max_inactive").declared = "int unsigned".to_owned(), &[("schema.unsigned", Warning)]),
    (|f| at(f, "last_access").declared = "bigint unsigned".to_owned(), &[("schema.unsigned", Note)]),
    (|f| at(f, "session_id").collation = Some("utf8mb4_0900_ai_ci".to_owned()), &[("collation.case", Warning)]),
    (|f| at(f, "app_name").collation = Some("utf8mb4_bin".to_owned()), &[("collation.padding", Note)]),
    (|f| at(f, "session_id").collation = None, &[]),
    (
        |f| {
            f.shape.indexes.remove(0);
            count(f, |rows| rows.duplicates = 4);
        },
        &[("rows.duplicates", Error), ("schema.key", Error)],
    ),
    (|f| retype(f, "valid_session", "bit(1)"), &[("schema.valid", Error)]),
    (|f| retype(f, "valid_session", "datetime"), &[("schema.valid", Error)]),
    (|f| retype(f, "valid_session", "bit(8)"), &[]),
    (|f| retype(f, "valid_session", "tinyint"), &[]),
    (|f| f.shape.indexes.truncate(1), &[("index.app", Warning), ("index.expiry", Note)]),
    (|f| f.shape.indexes.retain(|i| i.name != "kapp_name"), &[]),
    (|f| retype_expiry(f, "int"), &[("schema.expires-at", Error)]),
    (|f| at(f, "expires_at").generated = Some("`last_access`".to_owned()), &[("schema.expires-at", Warning)]),
    (|f| f.shape.indexes.truncate(2), &[("index.expiry", Note)]),
    (
        |f| {
            f.shape.indexes.truncate(2);
            f.shape.rows = Some(10_000);
        },
        &[("index.expiry", Warning)],
    ),
    (|f| retype(f, "session_data", "blob"), &[("capacity.column", Warning)]),
    (|f| retype(f, "session_data", "varbinary(256)"), &[("capacity.column", Error)]),
    (|f| retype(f, "session_data", "varbinary(257)"), &[("capacity.column", Warning)]),
    (|f| count(f, |rows| rows.largest_bytes = 14_000_000), &[("capacity.column", Warning)]),
    (|f| count(f, |rows| rows.largest_bytes = 13_000_000), &[]),
    (|f| f.server.max_packet = Some(4096), &[("capacity.packet", Warning)]),
    (|f| f.server.max_packet = Some(4096 + 6000), &[]),
    (|f| f.server.read_only = true, &[("server.read-only", Error)]),
    (|f| f.server.sql_mode = Some(String::new()), &[("server.sql-mode", Warning)]),
    (|f| f.server.sql_mode = Some("STRICT_ALL_TABLES".to_owned()), &[]),
    (
        |f| f.member = member(None, |m| m.binlog_format = Some("STATEMENT".to_owned())),
        &[("server.binlog-format", Error)],
    ),
    (|f| f.role = Some(NodeRole::NonMember), &[("cluster.member", Error)]),
    (|f| vacuumed(f, |_| {}), &[]),
    (|f| vacuumed(f, |v| v.server_on = false), &[("vacuum.off", Warning)]),
    (|f| vacuumed(f, |v| v.counts = false), &[("vacuum.off", Warning)]),
    (|f| vacuumed(f, |v| v.table_on = false), &[("vacuum.off", Warning)]),
    (|f| vacuumed(f, |v| v.in_row = true), &[("storage.in-row", Warning)]),
    (|f| vacuumed(f, |v| v.dead_rows = 9_999), &[]),
    (|f| vacuumed(f, |v| v.dead_rows = 10_000), &[("vacuum.dead-rows", Note)]),
    (|f| vacuumed(f, |v| (v.dead_rows, v.live_rows) = (10_000, 5_000)), &[]),
    (|f| vacuumed(f, |v| (v.dead_rows, v.since) = (10_000, None)), &[("vacuum.dead-rows", Warning)]),
    (|f| vacuumed(f, |v| v.bytes = 80 << 20), &[("vacuum.unused-space", Note)]),
    (|f| vacuumed(f, |v| v.bytes = 79 << 20), &[]),
    (|f| vacuumed(f, |v| (v.bytes, v.needed) = (80 << 20, None)), &[]),
    (|f| vacuumed(f, |v| v.table_age = 250_000_000), &[]),
    (|f| vacuumed(f, |v| v.table_age = 250_000_001), &[("vacuum.transaction-ids", Warning)]),
    (|f| vacuumed(f, |v| v.database_age = 250_000_001), &[("vacuum.transaction-ids", Warning)]),
    (|f| vacuumed(f, |v| v.database_age = (1 << 31) - 3_000_000), &[("vacuum.transaction-ids", Error)]),
    (|f| connected(f, |_| {}), &[]),
    (|f| connected(f, |c| c.in_use = 88), &[("server.connections", Warning)]),
    (|f| connected(f, |c| c.account = Some(20)), &[]),
    (|f| connected(f, |c| c.account = Some(19)), &[("account.connections", Warning)]),
    (|f| connected(f, |c| c.database = Some(0)), &[("account.connections", Warning)]),
    (
        |f| at(f, "session_id").collation = Some("lenient (nondeterministic)".to_owned()),
        &[("collation.nondeterministic", Warning)],
    ),
    (|f| f.replicates = Some(replication(false)), &[("server.replication", Warning)]),
    (|f| f.replicates = Some(replication(true)), &[]),
    (|f| f.member = member(GALERA, |_| {}), &[]),
    (|f| f.member = member(GALERA, |m| m.has_lease = false), &[("cluster.lease", Warning)]),
    (|f| f.member = member(GROUP, |m| m.has_lease = false), &[("cluster.lease", Warning)]),
    (
        |f| {
            f.shape.indexes[0] = Index { primary: false, ..index("key", &["session_id", "app_name"]) };
            f.shape.indexes[0].unique = true;
            f.member = member(GROUP, |_| {});
        },
        &[("cluster.primary-key", Error)],
    ),
    (|f| f.member = member(GALERA, |m| m.autoinc_lock_mode = Some(1)), &[("cluster.autoinc-lock-mode", Warning)]),
    (|f| f.member = member(GROUP, |m| m.autoinc_lock_mode = Some(1)), &[]),
    (|f| f.member = member(GALERA, |m| m.strict_mode = Some("ENFORCING".to_owned())), &[]),
    (
        |f| {
            f.member = member(GALERA, |m| {
                m.strict_mode = Some("ENFORCING".to_owned());
                m.has_lease = false;
            });
        },
        &[("cluster.lease", Warning), ("cluster.pxc-strict-mode", Error)],
    ),
    (|f| f.member = member(GALERA, |m| m.max_transaction = Some(5_000)), &[("cluster.transaction-size", Warning)]),
    (|f| f.member = member(GALERA, |m| m.max_transaction = Some(6_000)), &[]),
    (|f| skew(f, 5_001), &[("clock.skew", Warning)]),
    (|f| skew(f, -5_001), &[("clock.skew", Warning)]),
    (|f| skew(f, i64::MIN), &[("clock.skew", Warning)]),
    (|f| f.link = Fact::Known(Link { encrypted: false, remote: true }), &[("connection.clear-text", Note)]),
    (|f| f.link = Fact::Known(Link { encrypted: false, remote: false }), &[]),
    (|f| grant(f, "GRANT SELECT ON `tomcat`.* TO `t`@`%`"), &[("account.missing", Error)]),
    (|f| grant(f, "GRANT `r`@`%` TO `t`@`%`"), &[("account.missing", Note)]),
    (|f| grant(f, "GRANT ALL PRIVILEGES ON *.* TO `t`@`%` WITH GRANT OPTION"), &[("account.administrator", Warning)]),
    (|f| grant(f, "GRANT ALL PRIVILEGES ON `tomcat`.* TO `t`@`%`"), &[("account.excess", Warning)]),
    (|f| on_sql_server(f, "bigint"), &[]),
    (|f| on_sql_server(f, "int"), &[("schema.max-inactive", Note)]),
    (
        |f| {
            on_sql_server(f, "int");
            count(f, |rows| rows.timeouts_above_int = 1);
        },
        &[("schema.max-inactive", Error)],
    ),
    (
        |f| {
            on_sql_server(f, "bigint");
            count(f, |rows| rows.timeouts_above_int = 1);
        },
        &[],
    ),
    (
        |f| {
            on_sql_server(f, "bigint");
            f.shape.row_format = Some("HEAP".to_owned());
        },
        &[("schema.heap", Warning)],
    ),
    (
        |f| {
            on_sql_server(f, "bigint");
            f.server.readers_wait = true;
        },
        &[("server.row-versions", Note)],
    ),
    (
        |f| {
            on_sql_server(f, "bigint");
            at(f, "app_name").collation = Some("SQL_Latin1_General_CP1_CI_AS".to_owned());
        },
        &[("collation.case", Warning)],
    ),
    (
        |f| {
            on_sql_server(f, "bigint");
            f.shape.indexes.truncate(1);
        },
        &[("index.app", Warning), ("index.expiry", Note)],
    ),
    (
        |f| {
            on_sql_server(f, "bigint");
            f.orphans = Fact::Known(vec![OrphanedUser { user: "shop".to_owned(), has_namesake: false }]);
        },
        &[("account.orphan", Warning)],
    ),
];

/// Adds what PostgreSQL says of a table in good order, with a change.
fn vacuumed(facts: &mut Facts, change: impl FnOnce(&mut Vacuum)) {
    let mut vacuum = Vacuum {
        server_on: true,
        counts: true,
        table_on: true,
        since: Some(3_600),
        table_limit: 200_000_000,
        server_limit: 200_000_000,
        bytes: 21 << 20,
        needed: Some(20 << 20),
        ..Vacuum::default()
    };
    change(&mut vacuum);
    facts.vacuum = Fact::Known(vacuum);
}

/// Adds limits on connections that are not reached, with a change.
fn connected(facts: &mut Facts, change: impl FnOnce(&mut ConnectionLimits)) {
    let mut limits = ConnectionLimits { server: 97, in_use: 87, account: None, database: None };
    change(&mut limits);
    facts.limits = Fact::Known(limits);
}

/// The same on SQL Server, with that type of the timeout column.
fn on_sql_server(facts: &mut Facts, max_inactive: &str) {
    let engine = by_name("mssql").unwrap();
    (facts.dialect, facts.statements) = (engine.dialect(), engine.statements());
    facts.server.sql_mode = None;
    facts.shape.engine = None;
    facts.shape.row_format = Some("CLUSTERED".to_owned());
    facts.shape.columns.retain(|c| c.name != "expires_at");
    facts.shape.indexes[2] = index("kexpires_at", &["app_name", "last_access"]);
    let mut data = column("session_data", "varbinary(max)");
    data.nullable = true;
    *at(facts, "session_data") = data;
    for name in ["session_id", "app_name"] {
        at(facts, name).collation = Some("Latin1_General_BIN2".to_owned());
    }
    retype(facts, "max_inactive", max_inactive);
}

#[test]
fn an_overflow_is_reported_with_the_servers_error() {
    let mut facts = healthy();
    on_sql_server(&mut facts, "int");
    let message = evaluate(&facts).remove(0).message;
    assert!(message.contains("(error 8115)") && !message.contains("PostgreSQL"), "{message}");
}

fn retype_expiry(facts: &mut Facts, declared: &str) {
    let old = at(facts, "expires_at").clone();
    *at(facts, "expires_at") = Column { generated: old.generated, ..column("expires_at", declared) };
}

fn skew(facts: &mut Facts, ms: i64) {
    facts.clocks = Fact::Known(Clocks { here: EpochMillis(0), server: EpochMillis(ms) });
}

#[test]
fn each_problem_has_exactly_its_findings() {
    for (i, (change, expected)) in FAULTS.iter().enumerate() {
        let mut facts = healthy();
        change(&mut facts);
        assert_eq!(found(&facts), *expected, "fault {i}");
    }
}

#[test]
fn each_rule_is_tested_and_has_a_unique_id_and_a_reason() {
    for (i, rule) in RULES.iter().enumerate() {
        assert!(FAULTS.iter().any(|(_, found)| found.iter().any(|(id, _)| *id == rule.id)), "{} is not tried", rule.id);
        assert!(RULES[..i].iter().all(|other| other.id != rule.id), "{} is there twice", rule.id);
        assert!(!rule.why.is_empty() && !rule.source.is_empty(), "{}", rule.id);
    }
}

#[test]
fn unknown_facts_break_no_rule() {
    let mut facts = healthy();
    facts.grants = Fact::Unknown("denied".to_owned());
    facts.clocks = Fact::Absent;
    facts.link = Fact::Absent;
    facts.rows = Fact::Unknown("--no-scan".to_owned());
    facts.server = ServerInfo::default();
    assert_eq!(evaluate(&facts), []);
}

#[test]
fn a_table_with_foreign_columns_does_not_panic() {
    let mut facts = healthy();
    facts.shape = Shape { kind: "BASE TABLE".to_owned(), ..Shape::default() };
    assert_eq!(found(&facts), [("schema.column-missing", Error); 6]);
}

#[test]
fn remedies_quote_identifiers() {
    let mut facts = healthy();
    facts.names.table = "my`table".to_owned();
    facts.server.user = Some("o'h@10.%".to_owned());
    facts.shape.indexes[0].columns.truncate(1);
    grant(&mut facts, "GRANT ALL PRIVILEGES ON `tomcat`.* TO `t`@`%`");
    let remedies: Vec<Remedy> = evaluate(&facts).into_iter().map(|finding| finding.remedy).collect();
    let expected = [
        "ALTER TABLE `my``table` DROP PRIMARY KEY, ADD PRIMARY KEY (`session_id`, `app_name`);",
        "REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'o''h'@'10.%'; GRANT SELECT, INSERT, DELETE ON `tomcat`.`my``table` TO 'o''h'@'10.%';",
    ];
    assert_eq!(remedies, expected.map(|sql| Remedy::Sql(sql.to_owned())));
}

#[test]
fn an_engine_without_a_statement_has_an_action() {
    let sqlite = by_name("sqlite").unwrap();
    let mut facts = healthy();
    (facts.dialect, facts.statements) = (sqlite.dialect(), sqlite.statements());
    facts.shape.indexes[0].columns.truncate(1);
    let Remedy::Action(text) = &evaluate(&facts)[0].remedy else { panic!("a statement") };
    assert!(text.contains("init-db"), "{text}");
}

/// A column that is longer than a clustered index allows is kept as long as possible, and every index on it is found
/// by the column.
#[test]
fn a_key_of_sql_server_fits_into_its_index() {
    let mssql = by_name("mssql").unwrap();
    let mut facts = healthy();
    (facts.dialect, facts.statements) = (mssql.dialect(), mssql.statements());
    facts.shape.columns[0] = column("session_id", "varchar(384)");
    facts.shape.columns[4] = column("app_name", "nvarchar(384)");
    facts.shape.indexes[0].columns.truncate(1);
    let sql = remedy_of(&facts, "schema.key-without-app").join(" ");
    assert!(sql.contains("[session_id] VARCHAR(384) ") && sql.contains("[app_name] NVARCHAR(255) "), "{sql}");
    assert!(sql.contains("c.name IN (@c0, @c1)") && sql.contains("@c0 = 'session_id', @c1 = 'app_name'"), "{sql}");
}

fn remedy_of(facts: &Facts, rule: &str) -> Vec<String> {
    let of_rule = evaluate(facts).into_iter().filter(|finding| finding.rule == rule);
    let text = |finding: crate::finding::Finding| match finding.remedy {
        Remedy::Sql(text) | Remedy::Config(text) | Remedy::Action(text) => text,
    };
    of_rule.map(text).collect()
}

/// A column whose name differs from the configured one is reported, and must never be dropped.
#[test]
fn a_misspelt_column_is_reported_and_not_dropped() {
    for (attribute, option, column, set) in [
        (
            "sessionLastAccessedCol",
            "last-access",
            "last_access",
            (|n| n.last_access = "lastaccess".into()) as fn(&mut Names),
        ),
        ("sessionAppCol", "app", "app_name", |n| n.app = "shop".into()),
        ("sessionMaxInactiveCol", "max-inactive", "max_inactive", |n| n.max_inactive = "max_idle".into()),
        ("sessionIdCol", "id", "session_id", |n| n.id = "key".into()),
        ("sessionDataCol", "data", "session_data", |n| n.data = "bytes".into()),
        ("sessionValidCol", "valid", "valid_session", |n| n.valid = "ok".into()),
    ] {
        let mut facts = healthy();
        at(&mut facts, "session_data").nullable = false;
        set(&mut facts.names);
        for rule in ["schema.column-missing", "schema.extra-column"] {
            let remedies = remedy_of(&facts, rule);
            assert_eq!(remedies.len(), 1, "{rule}: {remedies:?}");
            assert!(remedies[0].starts_with(&format!("set {attribute}=\"{column}\"")), "{remedies:?}");
            assert!(remedies[0].ends_with(&format!("--columns {option}={column}")), "{remedies:?}");
        }
    }
    let mut facts = healthy();
    facts.shape.columns.push(column("owner", "varchar(9)"));
    facts.shape.columns.push(column("made", "datetime"));
    let remedies = remedy_of(&facts, "schema.extra-column");
    assert!(!remedies[0].contains("drop") && remedies[1].contains("or drop it"), "{remedies:?}");
}

#[test]
fn a_missing_application_column_is_added() {
    let mut facts = healthy();
    facts.shape.columns.retain(|c| c.name != "app_name");
    let remedies = remedy_of(&facts, "schema.column-missing");
    assert!(
        remedies[0].starts_with("ALTER TABLE `tomcat_sessions` ADD COLUMN `app_name` VARCHAR(255)"),
        "{remedies:?}"
    );
}

/// MySQL accepts no TEXT in a key, so the column gets a length first.
#[test]
fn text_columns_get_a_length_before_the_key() {
    let mut facts = healthy();
    retype(&mut facts, "session_id", "text");
    retype(&mut facts, "app_name", "text");
    facts.shape.indexes.clear();
    let key = &remedy_of(&facts, "schema.key")[0];
    let at = |what: &str| key.find(what).unwrap_or_else(|| panic!("no {what}: {key}"));
    assert!(at("MODIFY COLUMN `session_id` VARCHAR(100)") < at("ADD PRIMARY KEY"), "{key}");
    assert!(at("MODIFY COLUMN `app_name` VARCHAR(255)") < at("ADD PRIMARY KEY"), "{key}");
    assert!(remedy_of(&facts, "index.app")[0].starts_with("ALTER TABLE `tomcat_sessions` MODIFY COLUMN `app_name`"));
}
