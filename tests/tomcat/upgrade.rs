//! `docs/upgrade.md`: the effect on sessions when another Tomcat reads what one has written.

use crate::jmx_commands::{Lab, MEMORY_ONLY};
use crate::support::guide::Script;
use crate::tomcat::{self, Answer, Tomcat};

/// The configuration for Tomcat 9 in guides.
fn published(lab: &Lab) -> String {
    let url = format!("{}?sslMode=disable", lab.account.jdbc_url);
    format!(
        r#"<Context>
  <Manager className="org.apache.catalina.session.PersistentManager" maxIdleBackup="10">
    <Store className="org.apache.catalina.session.JDBCStore" driverName="org.mariadb.jdbc.Driver"
      connectionURL="{url}" connectionName="{user}" connectionPassword=""
      sessionTable="tomcat_sessions" sessionIdCol="session_id" sessionAppCol="app_name" sessionDataCol="session_data"
      sessionValidCol="valid_session" sessionMaxInactiveCol="max_inactive" sessionLastAccessedCol="last_access"/>
  </Manager>
</Context>
"#,
        user = lab.account.user
    )
}

/// The commands of a step, with the configuration and the store of the test. Findings of `audit` are not failures.
async fn step(lab: &Lab, dir: &std::path::Path, heading: &str) -> String {
    let script = Script::of("docs/upgrade.md", heading);
    let script = Script(
        script
            .0
            .replace("/var/lib/tomcat9/conf/context.xml", "context.xml")
            .replace("context.xml audit", "context.xml audit || test $? -eq 4"),
    );
    let store = format!(
        "export TOMCAT_SESSIONS_URL='{}' TOMCAT_SESSIONS_PASSWORD=\"$(cat '{}')\"\n",
        lab.account.plain_url(),
        lab.account.password_file().display()
    );
    // There is no Tomcat in /var/lib to check.
    let lines = script.0.lines().filter(|line| !line.contains("lint /var/lib")).collect::<Vec<_>>().join("\n");
    Script(store + &lines).run(dir).await
}

fn attributes(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.attributes().iter().map(|line| line.replace(" new", " restored")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_9_to_10_and_11_and_back() {
    let Some(lab) = Lab::new("tomcat9") else { return };
    let (Some(ten), Some(eleven)) = (tomcat::home("tomcat10"), tomcat::home("tomcat11")) else { return };
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("context.xml"), published(&lab)).unwrap();
    let start = |home: &str| {
        let account = &lab.account;
        let manager = format!("{MEMORY_ONLY} persistAuthentication=\"true\"");
        Tomcat::start_managed(home, (&account.jdbc_url, &account.user, &account.password_file()), &manager)
    };
    let logged_in = |answer: &Answer| answer.body.contains("remote-user\tgui\n");

    let nine = start(&lab.home);
    let alice = nine.get("/create?user=alice", None);
    let bob = nine.get("/create?user=bob", None);
    nine.get("/cookie", Some(bob.id()));
    let carl = nine.get("/create?user=carl", None);
    let carl = nine.get("/enter?user=gui&password=m%40nager%3A%22%3C%26%27", Some(carl.id()));
    assert!(logged_in(&carl), "{}", carl.body);
    nine.stop();

    let found = step(&lab, dir.path(), "## 1. Look for sessions that will not survive").await;
    assert!(found.contains("[data.javax]") && found.contains("[data.password]"), "{found}");
    step(&lab, dir.path(), "## 2. Generate the new configuration").await;
    assert!(
        std::fs::read_to_string(dir.path().join("tomcat10-files/conf/context.xml"))
            .unwrap()
            .contains("DataSourceStore")
    );
    step(&lab, dir.path(), "## 3. Make a backup").await;

    let tomcat = start(&ten);
    assert_eq!(tomcat.get("/read", Some(bob.id())).status, 500);
    assert_eq!(tomcat.get("/read", Some(bob.id())).status, 500, "and no new session either");
    tomcat.stop();
    let deleted = step(&lab, dir.path(), "## 4. Change over").await;
    assert!(deleted.contains("Deleted 1 session of"), "{deleted}");
    for home in [&ten, &eleven, &lab.home] {
        let tomcat = start(home);
        assert_eq!(tomcat.get("/read", Some(bob.id())).status, 404, "{home}");
        assert_eq!(attributes(&tomcat.get("/read", Some(alice.id()))), attributes(&alice), "{home}");
        let carl = tomcat.get("/read", Some(carl.id()));
        assert!(carl.status == 200 && logged_in(&carl), "{home}: {}", carl.body);
        tomcat.stop();
    }
    step(&lab, dir.path(), "## 5. Afterwards").await;
    lab.drop().await;
}
