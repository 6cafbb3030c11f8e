//! The jobs on PostgreSQL: `expire` beside one DELETE, `export` and `import` beside pg_dump and pg_restore, `migrate` from
//! MariaDB beside sling and pgloader.

use super::purge;
use crate::report::Table;
use crate::run::{Outcome, cells, in_turns, ours, peak, ratio, theirs};
use crate::seed::Seed;
use crate::support::{Kind, Scratch};
use crate::tools::sling_url;
use crate::{Bench, megabytes};

enum Way {
    Theirs(String),
    Ours(Vec<String>),
}

/// A way, what it is called, and the file that it makes.
struct Contender {
    how: &'static str,
    way: Way,
    file: Option<String>,
}

impl Contender {
    fn theirs(how: &'static str, line: String) -> Contender {
        Contender { how, way: Way::Theirs(line), file: None }
    }

    fn ours(how: &'static str, args: &[&str]) -> Contender {
        let args = args.iter().chain(&["--quiet"]).map(|&arg| arg.to_owned()).collect();
        Contender { how, way: Way::Ours(args), file: None }
    }

    fn making(self, file: &str) -> Contender {
        Contender { file: Some(file.to_owned()), ..self }
    }

    async fn run(&self) -> Outcome {
        match &self.way {
            Way::Theirs(line) => theirs(line).await,
            Way::Ours(args) => Ok(ours(&args.iter().map(String::as_str).collect::<Vec<_>>()).await),
        }
    }
}

pub async fn run(bench: &mut Bench) {
    let Some(db) = Scratch::new(Kind::Postgres).await else {
        bench.report.failed("postgres", "there is no PostgreSQL");
        return;
    };
    if !bench.tools.has("pg_dump") || !bench.tools.has("pg_restore") || !bench.tools.has("psql") {
        bench.report.failed("postgres", "without pg_dump, pg_restore and psql there is nothing to compare with");
        return;
    }
    // The jobs that know no engine work on the table of the plan's: for a while that is this one.
    let seed = Seed::new(db, bench.plan.contents).await;
    let usual = std::mem::replace(&mut bench.seed, seed);
    let engine = std::mem::replace(&mut bench.plan.engine, Kind::Postgres);
    bench.seed.grow(bench.plan.rows).await;
    purge::run(bench).await;
    export(bench).await;
    import(bench).await;
    bench.plan.engine = engine;
    let ours = std::mem::replace(&mut bench.seed, usual);
    ours.db.drop().await;
    if bench.seed.db.kind == Kind::Mariadb {
        migrate(bench).await;
    }
}

async fn export(bench: &mut Bench) {
    let db = &bench.seed.db;
    let [dump, plain_dump, plain, zst, gz] =
        ["pg.dump", "pg.dump0", "pg.ndjson", "pg.ndjson.zst", "pg.ndjson.gz"].map(|name| bench.file(name));
    let line = |compress: u8, file: &str| format!("{} -Fc --compress={compress} -f {file}", bench.tools.pg_dump(db));
    let contenders = [
        Contender::theirs("pg_dump -Fc --compress=6, its default", line(6, &dump)).making(&dump),
        Contender::theirs("pg_dump -Fc --compress=0", line(0, &plain_dump)).making(&plain_dump),
        Contender::ours("`export` to .zst", &["export", &zst, "--url", &db.url]).making(&zst),
        Contender::ours("`export` to .gz", &["export", &gz, "--url", &db.url]).making(&gz),
        Contender::ours("`export` to a plain file", &["export", &plain, "--url", &db.url]).making(&plain),
    ];
    let runs = in_turns(bench.plan.rounds, &contenders, async |contender| {
        // Nobody writes over the last one, whose pages would be at hand.
        contender.file.iter().for_each(|file| drop(std::fs::remove_file(file)));
        contender.run().await
    })
    .await;
    add(bench, "Export, PostgreSQL", "of pg_dump -Fc", "export", &contenders, &runs);
    for (which, of, what) in [
        (2, 0, "PostgreSQL: `export` to .zst / pg_dump -Fc"),
        (3, 0, "PostgreSQL: `export` to .gz / pg_dump -Fc"),
        (4, 1, "PostgreSQL: `export` to a plain file / pg_dump -Fc --compress=0"),
    ] {
        if let Some(ratio) = ratio(&runs[which], &runs[of]) {
            bench.report.at_most(what, ratio, 1.0, " x");
        }
    }
}

/// Loads what [`export`] has left.
async fn import(bench: &mut Bench) {
    let to = Scratch::new(Kind::Postgres).await.unwrap();
    let [dump, plain, zst, copy] = ["pg.dump", "pg.ndjson", "pg.ndjson.zst", "pg.copy"].map(|name| bench.file(name));
    let psql = |db: &Scratch, command: &str| format!("{} -c \"\\copy {command}\"", bench.tools.psql(db));
    let made = theirs(&psql(&bench.seed.db, &format!("tomcat_sessions TO '{copy}' (FORMAT binary)"))).await;
    assert!(made.is_ok(), "{made:?}");
    let contenders = [
        Contender::theirs("pg_restore --data-only", format!("{} {dump}", bench.tools.pg_restore(&to))),
        Contender::theirs(
            "psql, \\copy in the binary format, nothing checked",
            psql(&to, &format!("tomcat_sessions FROM '{copy}' (FORMAT binary)")),
        ),
        Contender::ours("`import` of .zst", &["import", &zst, "--url", &to.url]),
        Contender::ours("`import` of a plain archive", &["import", &plain, "--url", &to.url]),
    ];
    let runs = in_turns(bench.plan.rounds, &contenders, async |contender| {
        emptied(&to).await;
        contender.run().await
    })
    .await;
    add(bench, "Import, PostgreSQL", "of pg_restore", "import", &contenders, &runs);
    for (which, what) in
        [(2, "PostgreSQL: `import` of .zst / pg_restore"), (3, "PostgreSQL: `import`, plain / pg_restore")]
    {
        if let Some(ratio) = ratio(&runs[which], &runs[0]) {
            bench.report.at_most(what, ratio, 1.0, " x");
        }
    }
    to.drop().await;
    for name in ["pg.dump", "pg.dump0", "pg.ndjson", "pg.ndjson.zst", "pg.ndjson.gz", "pg.copy"] {
        let _ = std::fs::remove_file(bench.file(name));
    }
}

/// From the usual table, which is MariaDB's.
async fn migrate(bench: &mut Bench) {
    bench.seed.grow(bench.plan.rows).await;
    let to = Scratch::new(Kind::Postgres).await.unwrap();
    let (db, tools) = (&bench.seed.db, &bench.tools);
    let args = ["migrate", "--from", &db.url, "--to", &to.url];
    let mut contenders = vec![
        Contender::ours("`migrate`, every session verified", &args),
        Contender::ours("`migrate --no-verify`", &[&args[..], &["--no-verify"]].concat()),
    ];
    if tools.has("sling") {
        let line = format!(
            "A='{}' B='{}' sling run --src-conn A --src-stream {}.tomcat_sessions --tgt-conn B \
             --tgt-object public.tomcat_sessions --mode truncate",
            sling_url(db),
            sling_url(&to),
            db.database
        );
        contenders.push(Contender::theirs("sling", line));
    }
    if tools.has("pgloader") {
        contenders.push(Contender::theirs("pgloader", tools.pgloader(db, &to, &bench.file("pg.load"))));
    }
    let runs = in_turns(bench.plan.rounds, &contenders, async |contender| {
        emptied(&to).await;
        contender.run().await
    })
    .await;
    add(bench, "Migrate, MariaDB to PostgreSQL", "of `migrate`", "migrate", &contenders, &runs);
    for (contender, run) in contenders.iter().zip(&runs).skip(2) {
        if let Some(ratio) = ratio(&runs[0], run) {
            let what = format!("PostgreSQL: `migrate` from MariaDB, verified / {}", contender.how);
            bench.report.at_most(what, ratio, 1.0, " x");
        }
    }
    to.drop().await;
}

async fn emptied(to: &Scratch) {
    to.sql("DROP TABLE IF EXISTS tomcat_sessions").await;
    to.create_table("documented").await;
}

/// A table of the figures, each beside the first of them.
fn add(bench: &mut Bench, title: &str, of: &str, command: &str, contenders: &[Contender], runs: &[Outcome]) {
    let mut table = Table::new(title, &format!("| s | {of} | MB | peak MB"));
    for (Contender { how, way, file }, run) in contenders.iter().zip(runs) {
        let [took, ratio] = cells(run, &runs[0]);
        let size = file.as_ref().and_then(|file| std::fs::metadata(file).ok());
        let size = size.map_or_else(String::new, |file| megabytes(file.len()));
        let is_ours = matches!(way, Way::Ours(_));
        table.row([(*how).to_owned(), took, ratio, size, if is_ours { peak(run) } else { String::new() }]);
        if let (true, Ok(run)) = (is_ours, run) {
            bench.report.peak(command, run.peak_kb);
        }
    }
    bench.report.add(table);
}
