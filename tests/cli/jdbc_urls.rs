//! JDBC URLs in a Tomcat's configuration, parsed as the driver does.

use std::path::PathBuf;

use secrecy::ExposeSecret;

use crate::command;
use crate::run::{Done, PASSWORD};
use crate::support::{Kind, Scratch};

/// A context.xml with a JDBCStore; `account` are its attributes.
fn context(dir: &std::path::Path, url: &str, driver: &str, account: &str) -> PathBuf {
    let file = dir.join("conf/context.xml");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let url = url.replace('&', "&amp;").replace('\'', "&apos;");
    let text = format!(
        "<Context><Manager className='org.apache.catalina.session.PersistentManager'><Store \
         className='org.apache.catalina.session.JDBCStore' connectionURL='{url}' driverName='{driver}' {account} \
         sessionTable='tomcat_sessions' sessionIdCol='session_id' sessionAppCol='app_name' sessionDataCol='session_data' \
         sessionValidCol='valid_session' sessionMaxInactiveCol='max_inactive' sessionLastAccessedCol='last_access'/></Manager></Context>"
    );
    std::fs::write(&file, text).unwrap();
    file
}

fn list(url: &str, driver: &str) -> Done {
    let dir = tempfile::tempdir().unwrap();
    let file = context(dir.path(), url, driver, "");
    command().args("list --context-xml").arg(&file).run()
}

const CONNECTOR: &str = "com.mysql.cj.jdbc.Driver";
const MARIADB: &str = "org.mariadb.jdbc.Driver";

#[tokio::test]
async fn urls_of_working_tomcats_are_accepted() {
    for (kind, scheme, driver, queries) in [
        (
            Kind::Mysql,
            "mysql",
            CONNECTOR,
            &[
                "useUnicode=true&characterEncoding=UTF-8&zeroDateTimeBehavior=CONVERT_TO_NULL&autoReconnect=true&serverTimezone=Europe/Berlin",
                "useAffectedRows=true&createDatabaseIfNotExist=true&enabledTLSProtocols=TLSv1.3&useCursorFetch=true&preserveInstants=false&useLocalSessionState=true&requireSSL=false&useSSL=TRUE",
                "sessionVariables=sql_mode='ANSI,NO_ZERO_DATE',wait_timeout=60&tcpKeepAlive=true&connectTimeout=5000&trustCertificateKeyStoreUrl=file:/no/such.jks",
            ][..],
        ),
        (
            Kind::Mariadb,
            "mariadb",
            MARIADB,
            &[
                "pool&useBulkStmts=true&transactionReplay=true&sslMode=trust&trustStore=x",
                "usePipelineAuth=false&maxPoolSize=5",
            ],
        ),
    ] {
        let Some(db) = Scratch::new(kind).await else { continue };
        db.create_table("documented").await;
        let target = db.target();
        let (user, secret) =
            (target.user.clone().unwrap(), target.password.as_ref().unwrap().expose_secret().to_owned());
        for query in queries {
            for place in [
                format!("//{}:{}/{}?user={user}&password={secret}&{query}", target.host, target.port, db.database),
                format!(
                    "//address=(host={})(port={})/{}?{query}&user={user}&password={secret}",
                    target.host, target.port, db.database
                ),
                format!(
                    "replication://{}:{}/{}?{query}& user = wrong &user={user}&password={secret}",
                    target.host, target.port, db.database
                ),
            ] {
                let run = list(&format!("jdbc:{scheme}:{place}"), driver).code(0);
                assert!(!run.stderr.contains("unknown to"), "{run}");
                assert!(!run.stderr.contains(secret.as_str()), "{run}");
            }
        }
        // The note is printed once, with the names.
        let place = format!("{}:{}/{}?user={user}&password={secret}", target.host, target.port, db.database);
        let run = list(&format!("jdbc:{scheme}://{place}&newFangled=1&other_thing=2&newFangled=3"), driver).code(0);
        let unknown: Vec<&str> = run.stderr.lines().filter(|line| line.contains("unknown to")).collect();
        assert_eq!(unknown.len(), 1, "{run}");
        assert!(unknown[0].contains("`newFangled`, `other_thing`"), "{run}");
        let checks = run.stderr.contains("certificate is not checked");
        // Connector/J prefers TLS and does not check the certificate; MariaDB's driver does not encrypt.
        assert_eq!(checks, kind == Kind::Mysql, "{run}");
        db.drop().await;
    }
}

#[test]
fn unsupported_urls_are_reported_with_the_reason() {
    for (url, driver, expected_text) in [
        ("jdbc:mysql:loadbalance://u:p@h1:3306,v:p@h2:3306/shop", CONNECTOR, "different accounts or parameters"),
        (
            "jdbc:mysql://google/shop?socketFactory=com.google.cloud.sql.mysql.SocketFactory",
            CONNECTOR,
            "`socketFactory`",
        ),
        ("jdbc:oracle:thin:@//db:1521/ORCL", "oracle.jdbc.OracleDriver", "Oracle Database is not supported yet"),
        ("jdbc:postgresql://db/shop?service=x", "org.postgresql.Driver", "`service`"),
        ("jdbc:sqlserver://db:1433/shop;user=u", "com.microsoft.sqlserver.jdbc.SQLServerDriver", "databaseName="),
    ] {
        let run = list(url, driver).code(2);
        assert!(run.stderr.contains(expected_text) && run.stderr.contains("conf/context.xml:1"), "{url}: {run}");
    }
}

/// `Done` panics if the password is printed.
#[test]
fn broken_urls_do_not_show_the_password() {
    for url in [
        "jdbc:mysql://h/shop?user=u;password=PW",
        "jdbc:mysql://h/shop/user=u&password=PW",
        "jdbc:mysql://h:3306;user=u;password=PW",
        "jdbc:mysql://u:PW/x@h/shop",
        "jdbc:mariadb://h/shop;user=u;password=PW",
        "jdbc:mysql://h:PW/shop",
        "jdbc:sqlserver://u:PW@h&databaseName=shop",
        "jdbc:sqlserver://h;user=u;PW",
        "jdbc:PW",
        "PW",
        "mysql:PW",
        "mysql://h:PW/shop",
        "mysql://h/shop?PW=1",
        "mssql://h/shop?PW=1",
        "postgres://h/shop?PW=1",
        "jdbc:postgresql://u:PW@h/shop",
        "jdbc:postgresql://h:PW/shop",
    ] {
        let url = url.replace("PW", PASSWORD);
        for run in [
            list(&url, CONNECTOR),
            command().args("list --url").arg(&url).run(),
            command().args("--format json stats").env("TOMCAT_SESSIONS_URL", &url).run(),
        ] {
            assert!(run.code.is_some_and(|code| code != 0), "{run}");
            assert!(!run.stderr.contains("Kennwort"), "{run}");
        }
    }
}

/// The account is that of the driver: MariaDB's uses the one in the URL.
#[test]
fn the_account_is_that_of_the_driver() {
    for (url, driver, user) in [
        ("jdbc:mysql://127.0.0.1:1/shop?user=inside", CONNECTOR, "beside@"),
        ("jdbc:mariadb://127.0.0.1:1/shop?user=inside", MARIADB, "inside@"),
        ("jdbc:sqlserver://127.0.0.1:1;user=inside", "com.microsoft.sqlserver.jdbc.SQLServerDriver", "beside@"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let file = context(dir.path(), url, driver, "connectionName='beside' connectionPassword='x'");
        let run = command().args("list --context-xml").arg(&file).run().code(10);
        assert!(run.stderr.contains(user), "{url}: {run}");
    }
}
