//! `migrate` from MariaDB to MySQL beside a dump piped into the client, sling, and pt-archiver.

use crate::Bench;
use crate::report::Table;
use crate::run::{cells, in_turns, ours, peak, ratio, theirs};
use crate::support::{Kind, Scratch};
use crate::tools::{dsn, sling_url};

/// Left to itself sling makes the data text, and fails.
const SLING_TABLE: &str = "create table {object_name} (session_id varchar(100) not null, valid_session char(1) not null, \
     max_inactive int not null, last_access bigint not null, app_name varchar(255), session_data mediumblob)";

enum Way {
    Theirs(String),
    Ours(&'static [&'static str]),
}

pub async fn run(bench: &mut Bench) {
    if !bench.tools.dumps() {
        bench.report.failed("migrate", "without a dump of MariaDB's there is nothing to compare with");
        return;
    }
    let Some(to) = Scratch::new(Kind::Mysql).await else {
        bench.report.failed("migrate", "there is no MySQL");
        return;
    };
    bench.seed.grow(bench.plan.rows).await;
    let (db, tools) = (&bench.seed.db, &bench.tools);
    // The data alone: the definition of the table is MariaDB's.
    let dump = format!(
        "{} --no-create-info --complete-insert | {} {}",
        tools.dump(db),
        tools.client(Kind::Mysql),
        to.database
    );
    let mut ways = vec![
        ("the dump piped into `mysql`", Way::Theirs(dump)),
        ("`migrate`, every session verified", Way::Ours(&[])),
        ("`migrate --no-verify`", Way::Ours(&["--no-verify"])),
    ];
    if tools.has("sling") {
        let line = format!(
            "A='{}' B='{}' sling run --src-conn A --src-stream {}.tomcat_sessions --tgt-conn B \
             --tgt-object {}.tomcat_sessions --mode truncate \
             --tgt-options \"table_ddl: '{SLING_TABLE}'\"",
            sling_url(db),
            sling_url(&to),
            db.database,
            to.database
        );
        ways.push(("sling, told the types of the columns", Way::Theirs(line)));
    }
    if tools.has("pt-archiver") {
        let line = format!(
            "pt-archiver --source {} --dest {} --where 1=1 --no-delete --limit 1000 --commit-each --no-check-charset \
             --no-check-columns",
            dsn(db),
            dsn(&to)
        );
        ways.push(("pt-archiver --no-delete --commit-each", Way::Theirs(line)));
    }
    let runs = in_turns(bench.plan.rounds, &ways, async |(_, way)| {
        to.sql("DROP TABLE IF EXISTS tomcat_sessions").await;
        to.create_table("documented").await;
        match way {
            Way::Theirs(line) => theirs(line).await,
            Way::Ours(args) => {
                let args = [&["migrate", "--from", &db.url, "--to", &to.url, "--quiet"], *args].concat();
                Ok(ours(&args).await)
            }
        }
    })
    .await;
    let mut table = Table::new("Migrate, MariaDB to MySQL", "| s | of the dump pipe | peak MB");
    for ((how, way), run) in ways.iter().zip(&runs) {
        let [took, ratio] = cells(run, &runs[0]);
        let peak = if matches!(way, Way::Ours(_)) { peak(run) } else { String::new() };
        table.row([(*how).to_owned(), took, ratio, peak]);
    }
    bench.report.add(table);
    if let Some(ratio) = ratio(&runs[1], &runs[0]) {
        bench.report.at_most("`migrate`, verified / the dump pipe", ratio, 0.6, " x");
    }
    let sling = ways.iter().position(|(how, _)| how.starts_with("sling"));
    if let Some(ratio) = sling.and_then(|sling| ratio(&runs[1], &runs[sling])) {
        bench.report.at_most("`migrate`, verified / sling", ratio, 0.45, " x");
    }
    if let Ok(run) = &runs[1] {
        bench.report.peak("migrate", run.peak_kb);
    }
    to.drop().await;
}
