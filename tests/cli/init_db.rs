//! `init-db`: the printed scripts, and runs on SQLite and on servers.

use crate::command;
use crate::run::PASSWORD;
use crate::support::{Kind, Scratch, variable};

/// The script without the comments, which are tested in `sql/`.
fn statements(script: &str) -> String {
    script.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join("\n")
}

/// Words without the spaces that align columns, whose width depends on the names of the run.
fn words(text: &str) -> String {
    text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("\n")
}

fn printed(args: &str) -> String {
    statements(&command().args("init-db").args(args).run().code(0).stdout)
}

#[test]
fn the_script_for_mysql() {
    insta::assert_snapshot!(printed("--engine mysql"), @"
    CREATE DATABASE IF NOT EXISTS `tomcat` CHARACTER SET utf8mb4;

    USE `tomcat`;

    CREATE TABLE IF NOT EXISTS `tomcat_sessions` (
      `session_id` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
      `valid_session` CHAR(1) NOT NULL,
      `max_inactive` INT NOT NULL,
      `last_access` BIGINT NOT NULL,
      `app_name` VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
      `session_data` MEDIUMBLOB,
      `expires_at` BIGINT GENERATED ALWAYS AS (`last_access` + `max_inactive` * 1000) VIRTUAL,
      PRIMARY KEY (`session_id`, `app_name`),
      KEY `kapp_name` (`app_name`),
      KEY `kexpires_at` (`app_name`, `expires_at`, `session_id`, `max_inactive`)
    ) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

    CREATE USER IF NOT EXISTS 'tomcat'@'%' IDENTIFIED BY <password>;

    GRANT SELECT, INSERT, DELETE ON `tomcat`.`tomcat_sessions` TO 'tomcat'@'%';
    ");
}

#[test]
fn the_script_for_mariadb() {
    insta::assert_snapshot!(printed("--engine mariadb"), @"
    CREATE DATABASE IF NOT EXISTS `tomcat` CHARACTER SET utf8mb4;

    USE `tomcat`;

    CREATE TABLE IF NOT EXISTS `tomcat_sessions` (
      `session_id` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
      `valid_session` CHAR(1) NOT NULL,
      `max_inactive` INT NOT NULL,
      `last_access` BIGINT NOT NULL,
      `app_name` VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
      `session_data` MEDIUMBLOB,
      `expires_at` BIGINT GENERATED ALWAYS AS (`last_access` + `max_inactive` * 1000) VIRTUAL,
      PRIMARY KEY (`session_id`, `app_name`),
      KEY `kapp_name` (`app_name`),
      KEY `kexpires_at` (`app_name`, `expires_at`, `session_id`, `max_inactive`)
    ) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

    CREATE USER IF NOT EXISTS 'tomcat'@'%' IDENTIFIED BY <password>;

    GRANT SELECT, INSERT, DELETE ON `tomcat`.`tomcat_sessions` TO 'tomcat'@'%';
    ");
}

#[test]
fn the_script_for_sql_server() {
    insta::assert_snapshot!(printed("--engine mssql"), @"
    SET NOEXEC OFF
    GO
    IF DB_ID('tomcat') IS NULL CREATE DATABASE [tomcat]
    GO

    IF SUSER_ID('tomcat') IS NULL CREATE LOGIN [tomcat] WITH PASSWORD = <password>
    GO

    USE [tomcat]
    GO

    IF DB_NAME() <> 'tomcat'
    BEGIN
      RAISERROR('wrong database: the rest of this script is not executed', 16, 1);
      SET NOEXEC ON;
    END
    GO

    IF OBJECT_ID('[tomcat_sessions]', N'U') IS NULL
    CREATE TABLE [tomcat_sessions] (
      [session_id] VARCHAR(100) COLLATE Latin1_General_BIN2 NOT NULL,
      [valid_session] CHAR(1) NOT NULL,
      [max_inactive] BIGINT NOT NULL,
      [last_access] BIGINT NOT NULL,
      [app_name] VARCHAR(255) COLLATE Latin1_General_BIN2 NOT NULL,
      [session_data] VARBINARY(MAX),
      PRIMARY KEY CLUSTERED ([session_id], [app_name])
    )
    GO

    EXEC sp_tableoption @TableNamePattern = '[tomcat_sessions]', @OptionName = 'large value types out of row', @OptionValue = 1
    GO

    IF INDEXPROPERTY(OBJECT_ID('[tomcat_sessions]'), 'kapp_name', 'IndexID') IS NULL
    CREATE INDEX [kapp_name] ON [tomcat_sessions] ([app_name])
    GO

    IF INDEXPROPERTY(OBJECT_ID('[tomcat_sessions]'), 'kexpires_at', 'IndexID') IS NULL
    CREATE INDEX [kexpires_at] ON [tomcat_sessions] ([app_name], [last_access]) INCLUDE ([max_inactive])
    GO

    IF DATABASE_PRINCIPAL_ID('tomcat') IS NULL CREATE USER [tomcat] FOR LOGIN [tomcat]
    GO

    GRANT SELECT, INSERT, DELETE ON [tomcat_sessions] TO [tomcat]
    GO

    SET NOEXEC OFF
    GO
    ");
}

#[test]
fn the_published_table_for_sql_server() {
    insta::assert_snapshot!(printed("--engine mssql --profile documented"), @"
    SET NOEXEC OFF
    GO
    IF DB_ID('tomcat') IS NULL CREATE DATABASE [tomcat]
    GO

    IF SUSER_ID('tomcat') IS NULL CREATE LOGIN [tomcat] WITH PASSWORD = <password>
    GO

    USE [tomcat]
    GO

    IF DB_NAME() <> 'tomcat'
    BEGIN
      RAISERROR('wrong database: the rest of this script is not executed', 16, 1);
      SET NOEXEC ON;
    END
    GO

    IF OBJECT_ID('[tomcat_sessions]', N'U') IS NULL
    CREATE TABLE [tomcat_sessions] (
      [session_id] VARCHAR(100) NOT NULL PRIMARY KEY,
      [valid_session] CHAR(1) NOT NULL,
      [max_inactive] INT NOT NULL,
      [last_access] BIGINT NOT NULL,
      [app_name] VARCHAR(255),
      [session_data] VARBINARY(MAX)
    )
    GO

    IF INDEXPROPERTY(OBJECT_ID('[tomcat_sessions]'), 'kapp_name', 'IndexID') IS NULL
    CREATE INDEX [kapp_name] ON [tomcat_sessions] ([app_name])
    GO

    IF DATABASE_PRINCIPAL_ID('tomcat') IS NULL CREATE USER [tomcat] FOR LOGIN [tomcat]
    GO

    ALTER ROLE db_owner ADD MEMBER [tomcat]
    GO

    SET NOEXEC OFF
    GO
    ");
}

/// The script for a user database of Azure contains only what can be done within it: no other database, no USE, no login.
#[test]
fn the_script_for_azure() {
    insta::assert_snapshot!(printed("--engine azure-sql --profile documented --grants minimal --database shop"), @"
    SET NOEXEC OFF
    GO
    IF DB_NAME() <> 'shop'
    BEGIN
      RAISERROR('wrong database: the rest of this script is not executed', 16, 1);
      SET NOEXEC ON;
    END
    GO

    IF OBJECT_ID('[tomcat_sessions]', N'U') IS NULL
    CREATE TABLE [tomcat_sessions] (
      [session_id] VARCHAR(100) NOT NULL PRIMARY KEY,
      [valid_session] CHAR(1) NOT NULL,
      [max_inactive] INT NOT NULL,
      [last_access] BIGINT NOT NULL,
      [app_name] VARCHAR(255),
      [session_data] VARBINARY(MAX)
    )
    GO

    IF INDEXPROPERTY(OBJECT_ID('[tomcat_sessions]'), 'kapp_name', 'IndexID') IS NULL
    CREATE INDEX [kapp_name] ON [tomcat_sessions] ([app_name])
    GO

    IF DATABASE_PRINCIPAL_ID('tomcat') IS NULL CREATE USER [tomcat] WITH PASSWORD = <password>
    GO

    GRANT SELECT, INSERT, DELETE ON [tomcat_sessions] TO [tomcat]
    GO

    SET NOEXEC OFF
    GO
    ");
}

/// Statements in comments that can be pasted refer to the database of the script.
#[test]
fn comments_have_the_names_of_the_script() {
    let script = command().args("init-db --engine mssql --database shop]1").run().code(0).stdout;
    assert!(script.contains("--   ALTER DATABASE [shop]]1] SET READ_COMMITTED_SNAPSHOT ON"), "{script}");
    assert!(script.contains("sqlcmd -b -x -f 65001"), "{script}");
}

/// The password policy belongs to the server; the script contains the statement that disables it.
#[test]
fn the_policy_for_passwords_can_be_left_out() {
    let with = printed("--engine mssql");
    let without = printed("--engine mssql --no-password-policy");
    assert_eq!(without.replace("\n  , CHECK_POLICY = OFF", ""), with);
    assert_ne!(without, with);
    for engine in ["mysql", "mariadb", "postgres"] {
        let run = command().args(&format!("init-db --no-password-policy --engine {engine}")).run().code(2);
        assert!(run.stderr.contains(&format!("{engine} always applies its password policy")), "{run}");
    }
}

#[test]
fn the_script_for_sqlite() {
    insta::assert_snapshot!(printed("--engine sqlite"), @"
    CREATE TABLE IF NOT EXISTS `tomcat_sessions` (
      `session_id` VARCHAR(100) NOT NULL,
      `valid_session` CHAR(1) NOT NULL,
      `max_inactive` INT NOT NULL,
      `last_access` BIGINT NOT NULL,
      `app_name` VARCHAR(255) NOT NULL,
      `session_data` BLOB,
      `expires_at` BIGINT GENERATED ALWAYS AS (`last_access` + `max_inactive` * 1000) VIRTUAL,
      PRIMARY KEY (`session_id`, `app_name`)
    );

    CREATE INDEX IF NOT EXISTS `tomcat_sessions_kapp_name` ON `tomcat_sessions` (`app_name`);

    CREATE INDEX IF NOT EXISTS `tomcat_sessions_kexpires_at` ON `tomcat_sessions` (`app_name`, `expires_at`, `session_id`, `max_inactive`);
    ");
}

#[test]
fn the_published_table_for_mysql() {
    insta::assert_snapshot!(printed("--engine mysql --profile documented"), @"
    CREATE DATABASE IF NOT EXISTS `tomcat` CHARACTER SET utf8mb4;

    USE `tomcat`;

    CREATE TABLE IF NOT EXISTS `tomcat_sessions` (
      `session_id` VARCHAR(100) NOT NULL PRIMARY KEY,
      `valid_session` CHAR(1) NOT NULL,
      `max_inactive` INT NOT NULL,
      `last_access` BIGINT NOT NULL,
      `app_name` VARCHAR(255),
      `session_data` MEDIUMBLOB,
      KEY `kapp_name` (`app_name`)
    );

    CREATE USER IF NOT EXISTS 'tomcat'@'%' IDENTIFIED BY <password>;

    GRANT ALL PRIVILEGES ON `tomcat`.* TO 'tomcat'@'%';
    ");
}

#[test]
fn the_published_table_for_mariadb() {
    assert_eq!(printed("--engine mariadb --profile documented"), printed("--engine mysql --profile documented"));
}

#[test]
fn the_published_table_for_sqlite() {
    insta::assert_snapshot!(printed("--engine sqlite --profile documented"), @"
    CREATE TABLE IF NOT EXISTS `tomcat_sessions` (
      `session_id` VARCHAR(100) NOT NULL PRIMARY KEY,
      `valid_session` CHAR(1) NOT NULL,
      `max_inactive` INT NOT NULL,
      `last_access` BIGINT NOT NULL,
      `app_name` VARCHAR(255),
      `session_data` BLOB
    );

    CREATE INDEX IF NOT EXISTS `tomcat_sessions_kapp_name` ON `tomcat_sessions` (`app_name`);
    ");
}

#[test]
fn names_are_quoted_and_wildcards_escaped() {
    let options = "--engine mysql --profile documented --database a_b%c --table it`s --columns id=SID,app=a`b --user o'hara --user-host 10.0.%";
    insta::assert_snapshot!(printed(options), @r"
    CREATE DATABASE IF NOT EXISTS `a_b%c` CHARACTER SET utf8mb4;

    USE `a_b%c`;

    CREATE TABLE IF NOT EXISTS `it``s` (
      `SID` VARCHAR(100) NOT NULL PRIMARY KEY,
      `valid_session` CHAR(1) NOT NULL,
      `max_inactive` INT NOT NULL,
      `last_access` BIGINT NOT NULL,
      `a``b` VARCHAR(255),
      `session_data` MEDIUMBLOB,
      KEY `kapp_name` (`a``b`)
    );

    CREATE USER IF NOT EXISTS 'o''hara'@'10.0.%' IDENTIFIED BY <password>;

    GRANT ALL PRIVILEGES ON `a\_b\%c`.* TO 'o''hara'@'10.0.%';
    ");
}

#[test]
fn each_statement_has_a_comment() {
    let script = command().args("init-db --engine mysql").run().code(0).stdout;
    for reason in ["-- Creates the database.", "sessionCookiePath", "lower case", "kexpires_at", "never updates"] {
        assert!(script.contains(reason), "{reason}");
    }
    // The client ends a comment only after `-- `.
    assert!(script.lines().filter(|line| line.starts_with("--")).all(|line| line.starts_with("-- ")));
}

#[test]
fn the_script_as_json() {
    insta::assert_snapshot!(command().args("init-db --engine sqlite --profile documented --format json").run(), @r#"
    exit 0
    --- stdout
    {
      "command": "init-db",
      "apply": false,
      "engine": "sqlite",
      "profile": "documented",
      "statements": [
        {
          "object": "table",
          "name": "tomcat_sessions",
          "comment": "Creates the table as Tomcat guides publish it, column for column.",
          "sql": "CREATE TABLE IF NOT EXISTS `tomcat_sessions` (\n  `session_id` VARCHAR(100) NOT NULL PRIMARY KEY,\n  `valid_session` CHAR(1) NOT NULL,\n  `max_inactive` INT NOT NULL,\n  `last_access` BIGINT NOT NULL,\n  `app_name` VARCHAR(255),\n  `session_data` BLOB\n)"
        },
        {
          "object": "index",
          "name": "tomcat_sessions_kapp_name",
          "comment": "Creates the index on the application.\nIn SQLite, index names are unique in the whole file. Therefore the name of the index begins with that of the table.",
          "sql": "CREATE INDEX IF NOT EXISTS `tomcat_sessions_kapp_name` ON `tomcat_sessions` (`app_name`)"
        }
      ]
    }
    "#);
}

#[test]
fn a_given_password_is_a_literal_in_the_script() {
    let dir = tempfile::TempDir::new().unwrap();
    let file = dir.path().join("password");
    std::fs::write(&file, "it's \\ one\nnot this\n").unwrap();
    let script = command().args("init-db --engine mysql --user-password-file").arg(&file).run().code(0).stdout;
    assert!(script.contains(r"IDENTIFIED BY 'it''s \\ one';"), "{script}");
    let script =
        command().args("init-db --engine mysql --reset-password").env("TOMCAT_SESSIONS_USER_PASSWORD", "x").run();
    assert!(script.stdout.contains("ALTER USER 'tomcat'@'%' IDENTIFIED BY 'x';"), "{script}");
}

/// sqlcmd replaces `$(NAME)` with the value of a variable anywhere: the script must contain none.
#[test]
fn a_password_that_looks_like_a_sqlcmd_variable_is_split() {
    let password = "a$(SQLCMDSERVER)'b$(";
    for (args, statement) in [
        ("--engine mssql", "IF SUSER_ID('tomcat') IS NULL CREATE LOGIN [tomcat] WITH PASSWORD = "),
        ("--engine mssql --reset-password", "ALTER LOGIN [tomcat] WITH PASSWORD = "),
        ("--engine azure-sql", "IF DATABASE_PRINCIPAL_ID('tomcat') IS NULL CREATE USER [tomcat] WITH PASSWORD = "),
    ] {
        let run = command().args("init-db").args(args).env("TOMCAT_SESSIONS_USER_PASSWORD", password).run().code(0);
        assert!(!run.stdout.contains("$("), "{args}: {run}");
        // The server's concatenation of the two literals is the statement with the original literal.
        let put_together = run.stdout.lines().filter_map(|line| line.strip_prefix("EXEC(N'")?.strip_suffix("')"));
        let put_together: Vec<String> =
            put_together.map(|text| text.replace("$' + N'(", "$(").replace("''", "'")).collect();
        let literal = format!("'{}'", password.replace('\'', "''"));
        assert!(put_together.contains(&format!("{statement}{literal}")), "{args}: {put_together:?}\n{run}");
        let plain = command().args("init-db").args(args).env("TOMCAT_SESSIONS_USER_PASSWORD", "a$b(c)").run().code(0);
        assert!(plain.stdout.contains(&format!("{statement}'a$b(c)'")), "{args}: {plain}");
    }
}

#[test]
fn generated_passwords_are_strong_and_unique() {
    let one = || {
        let done = command().args("init-db --engine mysql --generate-password").run().code(0);
        let (_, rest) = done.stdout.split_once("IDENTIFIED BY '").unwrap();
        rest.split_once('\'').unwrap().0.to_owned()
    };
    let (a, b) = (one(), one());
    assert_ne!(a, b);
    for password in [a, b] {
        assert_eq!(password.len(), 24);
        assert!(password.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)), "{password}");
    }
}

#[test]
fn invalid_options_are_refused() {
    let long = "x".repeat(10_000);
    let at_most = "x".repeat(65);
    for (args, expected_text) in [
        (vec!["--engine", "oracle"], "invalid value 'oracle'"),
        (vec!["--engine", "mysql", "--apply"], "cannot be used with"),
        (vec!["--engine", "sqlite", "--user", "tomcat"], "--user has no effect"),
        (vec!["--engine", "mysql", "--no-user", "--generate-password"], "cannot be used with"),
        (vec!["--engine", "mysql", "--table", &at_most], "has 65 characters"),
        (vec!["--engine", "mysql", "--database", &long], "has 10000 characters"),
        (vec!["--engine", "mysql", "--table", ""], "is empty"),
        (vec!["--engine", "mysql", "--table", "a\nb"], "control character"),
        (vec!["--engine", "mysql", "--user", ""], "is empty"),
        (vec!["--engine", "mysql", "--user", &at_most], "has 65 characters"),
        (vec!["--engine", "mysql", "--columns", "id=a,app=A"], "have the same name"),
        (vec!["--engine", "mysql", "--columns", "id=expires_at"], "have the same name"),
        (vec!["--engine", "mysql", "--columns", "key=a"], "is not a column of a session table"),
        (vec!["--engine", "mysql", "--user-password-file", "/nowhere"], "cannot read password file"),
        (vec![], "no store was given"),
    ] {
        let run = args.iter().fold(command().args("init-db"), |run, arg| run.arg(arg)).run().code(2);
        assert!(run.stderr.contains(expected_text), "{args:?}: {run}");
        assert!(run.stdout.is_empty(), "{args:?}: {run}");
        assert!(run.stderr.len() < 2_000, "{args:?}: {run}");
    }
}

#[tokio::test]
async fn apply_on_sqlite() {
    let db = Scratch::reserve(Kind::Sqlite).unwrap();
    let run = || command().args("init-db --apply --url").arg(&db.url).hide(db.path().display(), "FILE");
    insta::assert_snapshot!(words(&run().run().to_string()), @"
    exit 0
    --- stdout
    OBJECT NAME OUTCOME
    database FILE created
    table tomcat_sessions created
    index tomcat_sessions_kapp_name created
    index tomcat_sessions_kexpires_at created

    Wrote, read back and deleted a session in sqlite:FILE.
    Id lookups are exact (case and trailing spaces matter).
    ");
    insta::assert_snapshot!(words(&run().run().to_string()), @"
    exit 0
    --- stdout
    OBJECT NAME OUTCOME
    database FILE exists
    table tomcat_sessions exists
    index tomcat_sessions_kapp_name exists
    index tomcat_sessions_kexpires_at exists

    Wrote, read back and deleted a session in sqlite:FILE.
    Id lookups are exact (case and trailing spaces matter).
    ");
    insta::assert_snapshot!(words(&run().args("--profile documented").run().to_string()), @"
    exit 0
    --- stdout
    OBJECT NAME OUTCOME
    database FILE exists
    table tomcat_sessions exists
    index tomcat_sessions_kapp_name exists

    Wrote, read back and deleted a session in sqlite:FILE.
    Id lookups are exact (case and trailing spaces matter).
    --- stderr
    warning: The table already exists and was not changed. Tomcat can use it, but it differs from the documented one: the column `app_name` is NOT NULL; the key is (`session_id`, `app_name`), not (`session_id`); there is a column `expires_at` that Tomcat does not use.
    ");
    let json = run().args("--format json").run().to_string();
    let version =
        json.split("\"server_version\": \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    insta::assert_snapshot!(json.replace(&version, "VERSION"), @r#"
    exit 0
    --- stdout
    {
      "command": "init-db",
      "apply": true,
      "engine": "sqlite",
      "server_version": "VERSION",
      "store": "sqlite:FILE",
      "profile": "recommended",
      "table": "tomcat_sessions",
      "account": null,
      "objects": [
        {
          "object": "database",
          "name": "FILE",
          "outcome": "exists"
        },
        {
          "object": "table",
          "name": "tomcat_sessions",
          "outcome": "exists"
        },
        {
          "object": "index",
          "name": "tomcat_sessions_kapp_name",
          "outcome": "exists"
        },
        {
          "object": "index",
          "name": "tomcat_sessions_kexpires_at",
          "outcome": "exists"
        }
      ],
      "password": null,
      "differences": [],
      "upgrade_sql": null,
      "excess_privileges": [],
      "shadowed_by": [],
      "probe": {
        "user": null,
        "lower_case_id_matches": false,
        "trailing_space_matches": false
      }
    }
    "#);
}

#[tokio::test]
async fn a_table_with_another_structure_is_reported() {
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.sql("CREATE TABLE tomcat_sessions (session_id VARCHAR(100) PRIMARY KEY, note TEXT NOT NULL)").await;
    let run = command().args("init-db --apply --url").arg(&db.url).hide(db.path().display(), "FILE").run();
    insta::assert_snapshot!(run, @"
    exit 11
    --- stderr
    error: the table `tomcat_sessions` cannot be used: the column `app_name` is missing; the column `valid_session` is missing; the column `max_inactive` is missing; the column `last_access` is missing; the column `session_data` is missing; the column `note` requires a value, but Tomcat does not set it; the key is (`session_id`), not (`session_id`, `app_name`); there is no index on `app_name`; the column `app_name` is missing: `expire` reads the whole table; there is a column `note` that Tomcat does not use
    hint: `tomcat-sessions check` reports what is wrong, with remedies
    hint: use --columns id=…,app=…,data=…,valid=…,max-inactive=…,last-access=… for other column names
    hint: nothing was changed; --table creates a table with another name
    ");
}

/// An index of another table has the name of ours, so the new table does not get its own.
#[tokio::test]
async fn a_new_table_is_reported_as_created() {
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.sql("CREATE TABLE other (a TEXT); CREATE INDEX tomcat_sessions_kexpires_at ON other (a)").await;
    let run = || command().args("init-db --apply --url").arg(&db.url).hide(db.path().display(), "FILE").run().code(0);
    let first = run();
    assert!(words(&first.stdout).contains("table tomcat_sessions created"), "{first}");
    let lacks = "the recommended one: there is no index on (`app_name`, `expires_at`";
    let made = format!("warning: Tomcat can use the table, but this server created it differently from {lacks}");
    assert!(first.stderr.starts_with(&made), "{first}");
    let again = run();
    let was_there = format!(
        "warning: The table already exists and was not changed. Tomcat can use it, but it differs from {lacks}"
    );
    assert!(again.stderr.starts_with(&was_there), "{again}");
}

#[test]
fn a_file_that_cannot_be_created_is_reported() {
    let run = command().args("init-db --apply --url sqlite:/nowhere/at/all.db").run().code(1);
    insta::assert_snapshot!(run, @"
    exit 1
    --- stderr
    error: cannot create the file of sqlite:/nowhere/at/all.db: unable to open database file [error 14]
    hint: use a file and a directory that this user may write to
    ");
}

/// Runs it as the administrator of a server, for a separate account and database.
fn on_server(db: &Scratch) -> crate::run::Run {
    let run = command().args("init-db --apply --url").arg(&db.url).args("--user").arg(&db.database);
    let port = db.target().port;
    run.hide(&db.database, "NAME").hide(port, "PORT")
}

async fn drop_all(db: Scratch) {
    let url = db.url.replacen(&format!("/{}?", db.database), "/?", 1).replacen("mariadb://", "mysql://", 1);
    let mut server = <sqlx::MySqlConnection as sqlx::Connection>::connect(&url).await.unwrap();
    for host in ["%", "127.0.0.1", "127.0.0._"] {
        let drop = format!("DROP USER IF EXISTS `{}`@`{host}`", db.database);
        sqlx::Executor::execute(&mut server, &*drop).await.unwrap();
    }
    db.drop().await;
}

#[tokio::test]
async fn apply_on_a_server() {
    for kind in [Kind::Mysql, Kind::Mariadb] {
        let Some(db) = Scratch::reserve(kind) else { continue };
        let refused = on_server(&db).run().code(2);
        assert!(refused.stderr.contains("no password was given for the account NAME@%"), "{refused}");
        let first = on_server(&db).env("TOMCAT_SESSIONS_USER_PASSWORD", PASSWORD).run().code(0);
        insta::allow_duplicates! {
            insta::assert_snapshot!(words(&first.stdout).replace(kind.name(), "ENGINE"), @"
            OBJECT NAME OUTCOME
            database NAME created
            table tomcat_sessions created
            account NAME@% created
            grant SELECT, INSERT, DELETE on tomcat_sessions granted

            Wrote, read back and deleted a session in ENGINE://127.0.0.1:PORT/NAME as NAME.
            Id lookups are exact (case and trailing spaces matter).
            ");
        }
        let again = on_server(&db).run().code(0);
        assert_eq!(again.stdout.matches("exists").count(), 4, "{again}");
        assert!(again.stderr.contains("is unknown, so"), "{again}");

        let other = on_server(&db).env("TOMCAT_SESSIONS_USER_PASSWORD", "Another-1").run().code(10);
        assert!(other.stderr.contains("--reset-password sets this one"), "{other}");
        assert_eq!(other.stdout.matches("exists").count(), 4, "{other}");

        let kept = on_server(&db).args("--generate-password").run().code(0);
        assert!(!kept.stdout.contains("The password"), "{kept}");
        let reset = on_server(&db).args("--generate-password --reset-password --format json").run().code(0);
        let report: serde_json::Value = serde_json::from_str(&reset.stdout).unwrap();
        let password = report["password"].as_str().unwrap();
        let login = on_server(&db).env("TOMCAT_SESSIONS_USER_PASSWORD", password).secret(password).run().code(0);
        assert!(login.stdout.contains("as NAME."), "{login}");
        let as_tomcat = |args: &str| {
            let (_, host) = db.url.rsplit_once('@').unwrap();
            let url = format!("{}://{}@{host}", kind.name(), db.database);
            command().args(args).arg("--url").arg(url).env("TOMCAT_SESSIONS_PASSWORD", password).secret(password).run()
        };
        as_tomcat("list").code(0);
        let plain = as_tomcat("init-db --apply").code(1);
        assert!(plain.stderr.contains("use the --url of an administrator"), "{plain}");
        drop_all(db).await;
    }
}

/// Client settings that change the meaning of literals and characters.
pub const CLIENTS: [&[&str]; 4] = [
    &[],
    &["--default-character-set=latin1"],
    &["--init-command=SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'"],
    &["--default-character-set=latin1", "--init-command=SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'"],
];

/// Runs `script` in the command-line client of a server with these options; returns its status and output.
pub fn paste(kind: Kind, options: &[&str], script: &str) -> Option<(bool, String)> {
    let of = |what: &str| variable(&format!("TOMCAT_SESSIONS_TEST_{}_{what}", kind.name().to_uppercase()));
    let (Some(client), Some(cnf)) = (of("CLIENT"), of("CLIENT_CNF")) else {
        crate::support::absent(&format!("client of {}", kind.name()));
        return None;
    };
    let mut client = assert_cmd::Command::new(client);
    client.arg(format!("--defaults-file={cnf}")).args(options);
    let output = client.write_stdin(script).output().unwrap();
    Some((output.status.success(), String::from_utf8(output.stderr).unwrap()))
}

#[tokio::test]
async fn the_script_can_be_pasted_again_and_again() {
    for kind in [Kind::Mysql, Kind::Mariadb] {
        for profile in ["recommended", "documented"] {
            let Some(db) = Scratch::reserve(kind) else { continue };
            let script = |password: Option<&str>| {
                let run = command().args("init-db --profile").arg(profile).arg("--url").arg(&db.url);
                let run = run.args("--user").arg(&db.database).args("--table").arg("a;b -- c's `d`");
                password.iter().fold(run, |run, word| run.env("TOMCAT_SESSIONS_USER_PASSWORD", word)).run().code(0)
            };
            let password = "it's \\; -- \"1\" <Ü>";
            let filled = script(Some(password)).stdout;
            for options in CLIENTS {
                for _ in 0..2 {
                    let Some((ended_well, output_text)) = paste(kind, options, &filled) else { return };
                    assert!(ended_well, "{options:?}: {output_text}");
                }
                let mut tomcat = db.mysql_as(&db.database, password).await;
                sqlx::Executor::execute(&mut tomcat, "SELECT session_id FROM `a;b -- c's ``d```").await.unwrap();
                sqlx::Connection::close(tomcat).await.unwrap();
                // The next client creates the account again.
                db.server_sql(&format!("DROP USER `{}`@`%`", db.database)).await;
            }
            // No account is created with a well-known password.
            let (ended_well, output_text) = paste(kind, &[], &script(None).stdout).unwrap();
            assert!(!ended_well && output_text.contains("syntax"), "{output_text}");
            drop_all(db).await;
        }
    }
}

#[tokio::test]
async fn an_account_that_takes_precedence_is_reported() {
    for kind in [Kind::Mysql, Kind::Mariadb] {
        let Some(db) = Scratch::reserve(kind) else { continue };
        // With the same name, because an anonymous account would lock out other tests.
        on_server(&db).args("--user-host 127.0.0.1").env("TOMCAT_SESSIONS_USER_PASSWORD", "Another-1").run().code(0);
        let wild = on_server(&db).args("--user-host 127.0.0._").env("TOMCAT_SESSIONS_USER_PASSWORD", PASSWORD);
        let shut_out = wild.run().code(10);
        assert!(shut_out.stdout.contains("created"), "{shut_out}");
        let hint = "hint: the account NAME@127.0.0.1 takes precedence there; --user-host 127.0.0.1 sets up that one";
        assert!(shut_out.stderr.contains(hint), "{shut_out}");
        drop_all(db).await;
    }
}

#[test]
fn a_wrong_administrator_password_is_reported() {
    for kind in ["MYSQL", "MARIADB"] {
        let Some(url) = variable(&format!("TOMCAT_SESSIONS_TEST_{kind}_URL")) else {
            crate::support::absent(&kind.to_lowercase());
            continue;
        };
        let run = command().args("init-db --apply --url").arg(format!("{url}new?ssl-mode=required"));
        let run = run.env("TOMCAT_SESSIONS_PASSWORD", PASSWORD).run().code(10);
        assert!(run.stderr.contains("cannot log in to"), "{run}");
    }
    let nobody = command().args("init-db --apply --url mysql://root@127.0.0.1:1/tomcat").run().code(10);
    assert!(nobody.stderr.contains("check that the server is running"), "{nobody}");
}

/// In Tomcat's `shop.sessions`, `shop` is the database.
#[test]
fn a_qualified_table_is_created_in_its_database() {
    let run = command().args("init-db --engine mysql --no-user --table shop.sessions").run().code(0);
    assert!(run.stdout.contains("`shop`") && run.stdout.contains("`sessions`"), "{run}");
    assert!(!run.stdout.contains("shop.sessions"), "{run}");
    let run = command().args("init-db --engine mssql --no-user --table dbo.sessions").run().code(0);
    assert!(run.stdout.contains("CREATE TABLE [dbo].[sessions]"), "{run}");
    let run = command().args("init-db --engine mysql --no-user --database other --table shop.sessions").run().code(2);
    assert!(run.stderr.contains("different databases"), "{run}");
    let run = command().args("init-db --engine mysql --no-user --table `shop.sessions`").run().code(0);
    assert!(run.stdout.contains("CREATE TABLE IF NOT EXISTS `shop.sessions`"), "{run}");
}
