//! `logout` with four Tomcats of three versions that share a table.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::account::{Account, program, run_successfully};
use crate::jmx_commands::{Lab, MEMORY_ONLY, run};
use crate::support::documented::same;
use crate::support::faulty_proxy::Proxy;
use crate::support::{Kind, Scratch};
use crate::tomcat::{self, Answer, Tomcat};

/// Saves the login of the realm in the session. From 10.1.60 on, only sessions that were created while maxIdleSwap was
/// set can be swapped out.
const WITH_LOGIN: &str = "maxIdleBackup=\"-1\" maxIdleSwap=\"86400\" minIdleSwap=\"-1\" processExpiresFrequency=\"6\" \
    saveOnRestart=\"true\" persistAuthentication=\"true\"";

/// Two Tomcats 10.1, a 9 and an 11; prints a line and returns `None` if one is missing.
struct Cluster {
    lab: Lab,
    nodes: Vec<Tomcat>,
    state: tempfile::TempDir,
}

impl Cluster {
    fn start() -> Option<Cluster> {
        let home = tomcat::home("tomcat10")?;
        let db = Scratch::reserve(Kind::Mariadb)?;
        let account = Account::provision_with(&db, &["--with-swap-table"]);
        let lab = Lab { db, account, home };
        let homes = ["tomcat10", "tomcat10", "tomcat9", "tomcat11"].map(tomcat::home);
        let homes: Vec<String> = homes.into_iter().collect::<Option<_>>()?;
        let account = &lab.account;
        let db = (account.jdbc_url.as_str(), account.user.as_str());
        let nodes = thread::scope(|scope| {
            let starting: Vec<_> = homes
                .iter()
                .map(|home| {
                    scope.spawn(move || Tomcat::start_managed(home, (db.0, db.1, &account.password_file()), WITH_LOGIN))
                })
                .collect();
            starting.into_iter().map(|node| node.join().unwrap()).collect()
        });
        Some(Cluster { lab, nodes, state: tempfile::tempdir().unwrap() })
    }

    fn run(&self, nodes: &[&Tomcat], args: &[&str]) -> (i32, Value, String) {
        let file = self.state.path().join("state.json");
        let done = run(&self.lab.db.url, nodes, &[args, &["--state-file", file.to_str().unwrap()]].concat());
        assert!(!file.exists(), "values are still to be put back: {}", done.2);
        done
    }

    fn logout(&self, args: &[&str]) -> (i32, Value, String) {
        self.run(&self.nodes.iter().collect::<Vec<_>>(), &[&["logout"], args].concat())
    }

    /// Moves the sessions of a Tomcat to the table.
    fn swap_out(&self, node: &Tomcat) {
        let (code, done, stderr) = self.run(&[node], &["tomcat", "swap-out", "--idle", "0s"]);
        assert_eq!(code, 0, "{stderr} {done}");
    }

    /// No Tomcat accepts the session, and it is in neither table.
    fn is_out(&self, who: &str, id: &str) {
        for node in self.nodes.iter().filter(|node| node.is_up()) {
            assert_eq!(node.get("/read", Some(id)).status, 404, "{who} is still logged in at {}", node.port);
        }
        for table in [&[][..], &["--swapped"]] {
            let output =
                run_successfully(program(&self.lab.db.url).args(["list", "-f", "json", "--id", id]).args(table));
            assert_eq!(output.stdout, b"[]\n", "{who} still has a row");
        }
    }

    fn destroyed(&self) -> Vec<u32> {
        self.nodes.iter().map(|node| node.events().1).collect()
    }

    async fn drop(self) {
        self.nodes.iter().for_each(Tomcat::kill);
        self.lab.drop().await;
    }
}

fn create(node: &Tomcat, user: &str) -> Answer {
    node.get(&format!("/create?user={user}&bytes=100"), None)
}

/// In memory, in the table, in both, in two Tomcats, swapped out: none remains, and no other user is affected.
#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_logged_out_everywhere() {
    let Some(cluster) = Cluster::start() else { return };
    let [first, second, nine, eleven] = [0, 1, 2, 3].map(|at| &cluster.nodes[at]);
    let url = &cluster.lab.db.url;

    let swapped = create(eleven, "alice");
    cluster.swap_out(eleven);
    let away = ["swap-out", "--max-idle", "0", "--force", "--create", "--id", swapped.id()];
    run_successfully(program(url).args(away));
    let in_table = create(second, "alice");
    cluster.swap_out(second);
    let in_both = create(nine, "alice");
    let in_two = create(first, "alice");
    let (code, ..) = cluster.run(&[first, nine], &["tomcat", "flush"]);
    assert_eq!(code, 0);
    assert_eq!(second.get("/read", Some(in_two.id())).status, 200);
    let in_memory = create(first, "alice");
    let others: Vec<(&Tomcat, Answer)> = cluster.nodes.iter().map(|node| (node, create(node, "bob"))).collect();
    let before = cluster.destroyed();

    let (code, planned, stderr) = cluster.logout(&["--attr", "user=alice", "--dry-run"]);
    assert_eq!(
        (code, &planned["found"]),
        (0, &4.into()),
        "without a write, what is in memory alone is not known: {stderr}"
    );
    assert_eq!(cluster.destroyed(), before);

    let (code, done, stderr) = cluster.logout(&["--attr", "user=alice"]);
    assert_eq!(code, 0, "{stderr} {done}");
    eprintln!("logout on four Tomcats: {done}");
    same("logout", &{
        let mut all = done.clone();
        all["not_saved"] = json!([{"app_name": "", "session_id": ""}]);
        all
    });
    let numbers = ["found", "expired", "rows_deleted", "swapped_deleted", "remaining"].map(|name| done[name].clone());
    assert_eq!(numbers, [5, 4, 1, 1, 0].map(Value::from), "{done}");
    for (who, session) in [
        ("swapped out", &swapped),
        ("in the table", &in_table),
        ("in both", &in_both),
        ("in two memories", &in_two),
        ("in memory", &in_memory),
    ] {
        cluster.is_out(who, session.id());
    }
    let fired: Vec<u32> = cluster.destroyed().iter().zip(&before).map(|(after, before)| after - before).collect();
    assert_eq!(fired, [2, 1, 1, 0], "the listeners were told of what was in memory");
    for (node, bob) in &others {
        assert_eq!(node.get("/read", Some(bob.id())).attributes(), bob.attributes());
    }
    let (code, again, _) = cluster.logout(&["--attr", "user=alice"]);
    assert_eq!((code, &again["found"], &again["rounds"]), (0, &0.into(), &0.into()), "{again}");

    // By id: a prefix is sufficient, and a session that is only in memory is found too.
    let one = create(nine, "carol");
    let (code, done, stderr) = cluster.logout(&["--id", &one.id()[..12]]);
    assert_eq!((code, &done["expired"]), (0, &1.into()), "{stderr}");
    cluster.is_out("carol", one.id());

    // With a backup, a session that Tomcat expires is archived first, in its state in memory; after an import, the user
    // is logged in again.
    let archive = cluster.state.path().join("gone.ndjson.zst");
    let dana = create(nine, "dana");
    let clicked = nine.get("/set?seen=7", Some(dana.id()));
    let backup = ["--backup", archive.to_str().unwrap()];
    let (code, done, stderr) = cluster.logout(&[&["--id", dana.id()], &backup[..]].concat());
    assert_eq!((code, &done["expired"], &done["archived"]), (0, &1.into(), &1.into()), "{stderr} {done}");
    cluster.is_out("dana", dana.id());
    run_successfully(program(url).arg("import").arg(&archive));
    let read = eleven.get("/read", Some(dana.id()));
    // The basket tells whether it was deserialized.
    let kept = |answer: &Answer| -> Vec<_> {
        answer.attributes().into_iter().map(|line| line.replace(" 42.5 new", " 42.5 restored")).collect()
    };
    assert_eq!((read.status, kept(&read)), (200, kept(&clicked)), "{done}");
    let (code, ..) = cluster.logout(&["--id", dana.id()]);
    assert_eq!(code, 0);

    // By the login that Tomcat itself stores, in each version.
    for node in &cluster.nodes {
        let user = create(node, "anybody");
        let login = node.get("/enter?user=gui&password=m%40nager%3A%22%3C%26%27", Some(user.id()));
        let (code, done, stderr) = cluster.logout(&["gui", "nobody"]);
        assert_eq!((code, &done["expired"]), (0, &1.into()), "{stderr} {done}");
        cluster.is_out("gui", login.id());
    }

    // A stopped Tomcat is listed; the row is deleted, and so are the sessions in the other Tomcats.
    let down = create(nine, "alice");
    let (code, ..) = cluster.run(&[nine], &["tomcat", "flush"]);
    assert_eq!(code, 0);
    let up = create(eleven, "alice");
    nine.kill();
    let (code, done, stderr) = cluster.logout(&["--attr", "user=alice"]);
    assert_eq!((code, &done["found"], &done["remaining"]), (3, &2.into(), &0.into()), "{stderr} {done}");
    let errors: Vec<&Value> =
        done["nodes"].as_array().unwrap().iter().filter(|node| node["error"].is_string()).collect();
    assert!(errors.len() == 1 && errors[0]["manager"].as_str().unwrap().contains(&nine.port.to_string()), "{done}");
    cluster.is_out("down", down.id());
    cluster.is_out("up", up.id());
    cluster.drop().await;
}

/// A user who sends requests to two Tomcats in turn, and one who logs in again while the account is not locked.
#[tokio::test(flavor = "multi_thread")]
async fn requests_during_a_logout() {
    let Some(cluster) = Cluster::start() else { return };
    let (mut clicks, mut logins, mut rounds) = (0, 0, 0);
    for turn in 0..8 {
        let nodes: Vec<&Tomcat> = (0..2).map(|n| &cluster.nodes[(turn + n) % 4]).collect();
        let user = create(nodes[0], "alice");
        let over = AtomicBool::new(false);
        let (clicked, made) = (AtomicU32::new(0), AtomicU32::new(0));
        let (code, done, stderr, ids) = thread::scope(|scope| {
            let clicking = scope.spawn(|| {
                let mut ids = vec![user.id().to_owned()];
                let mut at = 0;
                while !over.load(Ordering::Relaxed) {
                    at += 1;
                    let answer = nodes[at % 2].get(&format!("/set?seen={at}"), ids.last().map(String::as_str));
                    clicked.fetch_add(1, Ordering::Relaxed);
                    // The account is locked after two more logins.
                    if answer.status == 404 && at % 2 == 0 && ids.len() < 3 {
                        ids.push(create(nodes[0], "alice").id().to_owned());
                        made.fetch_add(1, Ordering::Relaxed);
                    }
                    thread::sleep(Duration::from_millis(20));
                }
                ids
            });
            let done = cluster.logout(&["--attr", "user=alice", "--wait", "60s"]);
            over.store(true, Ordering::Relaxed);
            (done.0, done.1, done.2, clicking.join().unwrap())
        });
        assert_eq!(code, 0, "{stderr} {done}");
        for id in &ids {
            cluster.is_out("who clicks", id);
        }
        clicks += clicked.into_inner();
        logins += made.into_inner();
        rounds += done["rounds"].as_u64().unwrap();
    }
    eprintln!("8 logouts of a user who clicks: {clicks} clicks, {logins} new logins meanwhile, {rounds} rounds");
    cluster.drop().await;
}

/// All sessions, in memory and in the table; a dry run reports what the run does.
#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_logged_out() {
    let Some(cluster) = Cluster::start() else { return };
    let users: Vec<Answer> = (0..200).map(|n| create(&cluster.nodes[n % 4], &format!("user{n}"))).collect();
    cluster.swap_out(&cluster.nodes[1]);
    let before = cluster.destroyed();
    let everybody = ["--app", "demo", "--all", "--batch", "20"];
    let (code, planned, stderr) = cluster.logout(&[&everybody[..], &["--dry-run"]].concat());
    assert_eq!((code, &planned["found"], &planned["expired"]), (0, &200.into(), &150.into()), "{stderr} {planned}");
    let (code, done, stderr) = cluster.logout(&everybody);
    assert_eq!(code, 0, "{stderr} {done}");
    let numbers = ["found", "expired", "rows_deleted", "remaining"].map(|name| done[name].clone());
    assert_eq!(numbers, [200, 150, 50, 0].map(Value::from), "{done}");
    eprintln!("200 sessions of four Tomcats: {} ms, {} rounds", done["took_ms"], done["rounds"]);
    for user in users.iter().step_by(7) {
        cluster.is_out("one of many", user.id());
    }
    let fired: Vec<u32> = cluster.destroyed().iter().zip(&before).map(|(after, before)| after - before).collect();
    assert_eq!(fired, [50, 0, 50, 50]);
    cluster.drop().await;
}

/// A Tomcat that is lost at any moment of the run is listed, and the rest is done.
#[tokio::test(flavor = "multi_thread")]
async fn a_tomcat_lost_during_a_logout_is_reported() {
    let Some(lab) = Lab::new("tomcat10") else { return };
    let (first, second) = (lab.tomcat(MEMORY_ONLY), lab.tomcat(MEMORY_ONLY));
    let proxy = Proxy::to(format!("127.0.0.1:{}", second.port)).await;
    let state = tempfile::tempdir().unwrap();
    let file = state.path().join("state.json");
    let logout = || {
        let mut command = program(&lab.db.url);
        command.args(["--format", "json", "logout", "--attr", "user=alice", "--manager-timeout", "2s", "--state-file"]);
        command.arg(&file).args(["--manager", &first.manager("jmx")]);
        command.args(["--manager", &format!("http://jmx@127.0.0.1:{}", proxy.port), "--manager-password-file"]);
        command.arg(first.jmx_password_file()).output().unwrap()
    };
    let mut codes = Vec::new();
    for bytes in (4_000..60_000).step_by(2_500) {
        let users = [create(&first, "alice"), create(&second, "alice")];
        proxy.cut_after(bytes);
        let output = logout();
        let stderr = String::from_utf8_lossy(&output.stderr);
        let code = output.status.code().unwrap();
        assert!([0, 3].contains(&code), "cut after {bytes}: {code} {stderr}");
        assert_eq!(first.get("/read", Some(users[0].id())).status, 404, "cut after {bytes}");
        let there = second.get("/read", Some(users[1].id())).status;
        assert!(there == 404 || code == 3, "cut after {bytes}: {code} {stderr}");
        codes.push(code);
        if code == 0 {
            break;
        }
        // A run after the Tomcat answers again finds no session.
        proxy.cut_after(i64::MAX);
        let output = logout();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(second.get("/read", Some(users[1].id())).status, 404, "cut after {bytes}");
        assert!(!file.exists(), "values are still to be put back");
    }
    assert!(codes.first() == Some(&3) && codes.last() == Some(&0), "{codes:?}");
    [first, second].iter().for_each(Tomcat::kill);
    lab.drop().await;
}
