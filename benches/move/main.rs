//! `export`, `import` and `migrate` beside the servers' own tools, in one run, on the servers that
//! `tests/servers` started:
//!
//! ```text
//! cargo bench --bench move -- [--rows 300000] [--rounds 3] [--only export,zst,import,migrate]
//!                             [--their-tls] [--dir DIR]
//! ```
//!
//! Each program is run as one would type it: ours speaks TLS, MariaDB's clients do where `--their-tls`
//! is given or the server asks for it. Needs `mariadb-dump` and `zstd` in the PATH, and room for four
//! times the table in DIR. Prints Markdown; `benches/RESULTS.md` keeps a full run.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a benchmark prints, reads the clock, and fails by panicking"
)]

mod run;
mod seed;
#[path = "../../tests/support/mod.rs"]
mod support;
#[path = "../watched.rs"]
mod watched;

use std::path::{Path, PathBuf};

use run::{Run, ours, theirs};
use support::{Kind, Scratch, variable};

struct Plan {
    rows: u64,
    rounds: usize,
    only: Vec<String>,
    their_tls: bool,
    dir: PathBuf,
}

impl Plan {
    /// Reads the arguments; `--bench` is cargo's own.
    fn from_args() -> Plan {
        let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let mut plan = Plan {
            rows: 300_000,
            rounds: 3,
            only: list("export,zst,import,migrate"),
            their_tls: false,
            dir: std::env::temp_dir(),
        };
        let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
        while let Some(arg) = args.next() {
            let mut value = || args.next().unwrap_or_else(|| panic!("{arg} needs a value"));
            match arg.as_str() {
                "--rows" => plan.rows = value().parse().unwrap(),
                "--rounds" => plan.rounds = value().parse().unwrap(),
                "--only" => plan.only = list(&value()),
                "--their-tls" => plan.their_tls = true,
                "--dir" => plan.dir = value().into(),
                other => panic!("`{other}` is no option of this benchmark"),
            }
        }
        plan
    }

    fn has(&self, name: &str) -> bool {
        self.only.iter().any(|only| only == name)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let plan = Plan::from_args();
    let Some(db) = Scratch::new(Kind::Mariadb).await else { return };
    let dir = tempfile::Builder::new().prefix("move.").tempdir_in(&plan.dir).unwrap();
    let bytes = seed::fill(&db, plan.rows).await;
    println!("{} sessions, {:.0} MB of data\n", plan.rows, bytes as f64 / 1e6);
    println!("| | theirs s | ours s | ours/theirs | peak MB | output, ours/theirs |");
    println!("|---|--:|--:|--:|--:|--:|");
    let tls = if plan.their_tls { "--ssl" } else { "" };
    let dump = format!(
        "mariadb-dump --defaults-file={} {tls} --single-transaction --quick --hex-blob {}",
        variable("TOMCAT_SESSIONS_TEST_MARIADB_CLIENT_CNF").unwrap(),
        db.database
    );
    let file = |name: &str| dir.path().join(name);
    let [plain, zst, sql, sql_zst] = ["s.ndjson", "s.ndjson.zst", "s.sql", "s.sql.zst"].map(file);
    if plan.has("export") || plan.has("import") {
        side_by_side(&plan, "export", Some((&sql, &plain)), async |which| match which {
            Which::Theirs => theirs(&format!("{dump} > {}", sql.display())).await,
            Which::Ours => ours(&["export", "--force", &text(&plain), "--url", &db.url]).await,
        })
        .await;
    }
    if plan.has("zst") {
        side_by_side(&plan, "export .zst", Some((&sql_zst, &zst)), async |which| match which {
            Which::Theirs => theirs(&format!("{dump} | zstd -3 -q -f -o {}", sql_zst.display())).await,
            Which::Ours => ours(&["export", "--force", &text(&zst), "--url", &db.url]).await,
        })
        .await;
    }
    if plan.has("import") {
        let to = Scratch::new(Kind::Mariadb).await.unwrap();
        side_by_side(&plan, "import", None, async |which| {
            to.sql("DROP TABLE IF EXISTS tomcat_sessions").await;
            match which {
                Which::Theirs => {
                    theirs(&format!("{} {tls} {} < {}", client("MARIADB"), to.database, sql.display())).await
                }
                Which::Ours => {
                    to.create_table("documented").await;
                    ours(&["import", &text(&plain), "--url", &to.url]).await
                }
            }
        })
        .await;
        to.drop().await;
    }
    if plan.has("migrate")
        && let Some(to) = Scratch::new(Kind::Mysql).await
    {
        side_by_side(&plan, "migrate to MySQL", None, async |which| {
            to.sql("DROP TABLE IF EXISTS tomcat_sessions").await;
            to.create_table("documented").await;
            match which {
                // The data alone: the definition of the table is MariaDB's.
                Which::Theirs => {
                    theirs(&format!("{dump} --no-create-info --complete-insert | {} {}", client("MYSQL"), to.database))
                        .await
                }
                Which::Ours => ours(&["migrate", "--from", &db.url, "--to", &to.url]).await,
            }
        })
        .await;
        to.drop().await;
    }
    db.drop().await;
}

/// A client as it is typed.
fn client(server: &str) -> String {
    let of = |what: &str| variable(&format!("TOMCAT_SESSIONS_TEST_{server}_{what}")).unwrap();
    format!("{} --defaults-file={}", of("CLIENT"), of("CLIENT_CNF"))
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

#[derive(Clone, Copy)]
enum Which {
    Theirs,
    Ours,
}

/// Runs both in turns, and prints the run of the middle of each.
async fn side_by_side(plan: &Plan, what: &str, outputs: Option<(&Path, &Path)>, run: impl AsyncFn(Which) -> Run) {
    let (mut them, mut us) = (Vec::new(), Vec::new());
    for _ in 0..plan.rounds {
        // Neither writes over its last one, whose pages would be at hand for one and not for the other.
        for (which, runs) in [(Which::Theirs, &mut them), (Which::Ours, &mut us)] {
            if let Some((theirs, ours)) = outputs {
                let _ = std::fs::remove_file(if matches!(which, Which::Ours) { ours } else { theirs });
            }
            runs.push(run(which).await);
        }
    }
    let (them, us) = (run::median(&mut them), run::median(&mut us));
    let size = |path: &Path| path.metadata().unwrap().len() as f64 / 1e6;
    let outputs = outputs.map(|(a, b)| format!("{:.0} MB / {:.0} MB = {:.3}", size(b), size(a), size(b) / size(a)));
    let (a, b) = (them.took.as_secs_f64(), us.took.as_secs_f64());
    println!(
        "| {what} | {a:.2} | {b:.2} | {:.2} | {:.0} | {} |",
        b / a,
        us.peak_kb as f64 / 1024.0,
        outputs.unwrap_or_default()
    );
}
