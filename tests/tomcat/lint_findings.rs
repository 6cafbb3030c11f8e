//! The findings of `tomcat lint` about wrong classes and places correspond to Tomcat's behavior: it refuses the
//! context, or ignores the element and keeps the sessions in memory.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::account::Account;
use crate::support::{Kind, Scratch};
use crate::tomcat::{self, Tomcat};

#[tokio::test(flavor = "multi_thread")]
async fn by_tomcat9() {
    refused("tomcat9").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_tomcat10() {
    refused("tomcat10").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_tomcat11() {
    refused("tomcat11").await;
}

const MANAGER: &str = "className='org.apache.catalina.session.PersistentManager'";

/// Applications, the wrong Manager or Store in their contexts, and the rule that reports it. Each has a different
/// mistake.
const CASES: [(&str, &str, Option<&str>); 9] = [
    ("demo", "<Manager MANAGER><Store className='org.apache.catalina.session.DataSourceStore' STORE/></Manager>", None),
    (
        "unnamed",
        "<Manager MANAGER><Store clasName='org.apache.catalina.session.DataSourceStore' STORE/></Manager>",
        Some("config.class"),
    ),
    ("nameless", "<Manager MANAGER><Store STORE/></Manager>", Some("config.class")),
    (
        "lower",
        "<Manager MANAGER><Store className='org.apache.catalina.session.dataSourceStore' STORE/></Manager>",
        Some("config.class"),
    ),
    (
        "package",
        "<Manager MANAGER><Store className='org.apache.catalina.store.DataSourceStore' STORE/></Manager>",
        Some("config.class"),
    ),
    ("dots", "<Manager MANAGER><Store className='..session.DataSourceStore' STORE/></Manager>", Some("config.class")),
    (
        "manager",
        "<Manager className='org.apache.catalina.session.PersistantManager'><Store className='org.apache.catalina.session.DataSourceStore' STORE/></Manager>",
        Some("config.class"),
    ),
    ("valve", "<Valve className='org.apache.catalina.valves.PersistenceValve'/>", Some("config.class")),
    (
        "outside",
        "<Manager MANAGER/><Store className='org.apache.catalina.session.DataSourceStore' STORE/>",
        Some("config.misplaced"),
    ),
];

/// Rules that one file violates, with the messages.
fn broken(base: &Path, home: &str, app: &str) -> Vec<(String, String)> {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"));
    command.env_clear().args(["tomcat", "lint", "--offline", "--format", "json", "--catalina-home", home]);
    let output = command.arg(base).output().unwrap();
    let lint: Value = serde_json::from_slice(&output.stdout).unwrap();
    let file = format!("conf/Catalina/localhost/{app}.xml");
    let of_app = lint["findings"].as_array().unwrap().iter().filter(|finding| finding["file"] == file.as_str());
    of_app
        .map(|finding| ["rule", "message"].map(|field| finding[field].as_str().unwrap().to_owned()).into())
        .filter(|(rule, _): &(String, String)| ["config.class", "config.misplaced"].contains(&rule.as_str()))
        .collect()
}

async fn refused(version: &str) {
    let Some(home) = tomcat::home(version) else { return };
    let Some(db) = Scratch::reserve(Kind::Mariadb) else { return };
    let account = Account::provision(&db);
    let password = std::fs::read_to_string(account.password_file()).unwrap();
    let xml = |text: &str| text.trim().replace('&', "&amp;").replace('\'', "&apos;").replace('<', "&lt;");
    let store = "dataSourceName='jdbc/s' localDataSource='true' sessionTable='tomcat_sessions' sessionIdCol='session_id' \
        sessionAppCol='app_name' sessionDataCol='session_data' sessionValidCol='valid_session' \
        sessionMaxInactiveCol='max_inactive' sessionLastAccessedCol='last_access'";
    let resource = format!(
        "<Resource name='jdbc/s' type='javax.sql.DataSource' driverClassName='org.mariadb.jdbc.Driver' url='{}' \
         username='{}' password='{}'/>",
        account.jdbc_url,
        account.user,
        xml(&password)
    );
    let contexts = tempfile::tempdir().unwrap();
    for (app, text, _) in CASES {
        let text = text.replace("MANAGER", MANAGER).replace("STORE", store);
        let text = format!("<Context>\n{resource}\n{text}\n</Context>\n");
        std::fs::write(contexts.path().join(format!("{app}.xml")), text).unwrap();
    }
    let tomcat = Tomcat::start_apps(&home, contexts.path(), &CASES.map(|(app, ..)| app));
    for (app, _, rule) in CASES {
        let status = tomcat.get_of(app, "/events", None).status;
        let found = broken(tomcat.base(), &home, app);
        assert_eq!(found.first().map(|(rule, _)| rule.as_str()), rule, "{app}: {found:?}");
        let says_404 = found.iter().any(|(_, message)| message.contains("answers every request with 404"));
        assert_eq!(status, if says_404 { 404 } else { 200 }, "{app} on {home}: {found:?}\n{}", tomcat.log());
    }
    // Of the two that started, one stores its sessions.
    for app in ["demo", "outside"] {
        tomcat.get_of(app, "/create?user=alice", None);
    }
    tomcat.stop();
    let stored = account.json(&["list"]);
    let apps: Vec<&str> = stored.as_array().unwrap().iter().map(|row| row["app_name"].as_str().unwrap()).collect();
    assert_eq!(apps, [crate::APP], "{stored}");
    account.drop(&db).await;
    db.drop().await;
}
