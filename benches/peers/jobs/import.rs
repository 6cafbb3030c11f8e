//! `import` beside the client that loads a dump, and beside LOAD DATA on the server.

use crate::Bench;
use crate::client::Client;
use crate::report::Table;
use crate::run::{cells, in_turns, ours, peak, ratio, theirs};
use crate::support::Scratch;

enum Way {
    Theirs(String),
    Ours(String),
}

pub async fn run(bench: &mut Bench) {
    if !bench.tools.dumps() {
        bench.report.failed("import", "without a dump of MariaDB's there is nothing to compare with");
        return;
    }
    bench.seed.grow(bench.plan.rows).await;
    let db = &bench.seed.db;
    let [dump, plain, zst] = ["s.sql", "s.ndjson", "s.ndjson.zst"].map(|name| bench.file(name));
    // The data alone: each finds an empty table.
    let made = theirs(&format!("{} --no-create-info > {dump}", bench.tools.dump(db))).await;
    assert!(made.is_ok(), "{made:?}");
    for archive in [&plain, &zst] {
        ours(&["export", archive, "--quiet", "--force", "--url", &db.url]).await;
    }
    let to = Scratch::new(bench.plan.engine).await.unwrap();
    let client = bench.tools.client(bench.plan.engine);
    let mut ways = vec![
        ("the client loading the dump", Way::Theirs(format!("{client} {} < {dump}", to.database))),
        ("`import` of the plain archive", Way::Ours(plain.clone())),
        ("`import` of .zst", Way::Ours(zst.clone())),
    ];
    let on_server = written_by_server(db).await;
    match &on_server {
        Ok(file) => {
            let load = format!("LOAD DATA INFILE '{file}' INTO TABLE tomcat_sessions CHARACTER SET binary");
            ways.push((
                "LOAD DATA INFILE, its file on the server",
                Way::Theirs(format!("{client} {} -e \"{load}\"", to.database)),
            ));
        }
        Err(why) => bench.say(&format!("LOAD DATA INFILE left out: {why}")),
    }
    let runs = in_turns(bench.plan.rounds, &ways, async |(_, way)| {
        to.sql("DROP TABLE IF EXISTS tomcat_sessions").await;
        to.create_table("documented").await;
        match way {
            Way::Theirs(line) => theirs(line).await,
            Way::Ours(file) => Ok(ours(&["import", file, "--quiet", "--url", &to.url]).await),
        }
    })
    .await;
    let mut table = Table::new("Import", "| s | of loading the dump | peak MB");
    for ((how, way), run) in ways.iter().zip(&runs) {
        let [took, ratio] = cells(run, &runs[0]);
        let peak = if matches!(way, Way::Ours(_)) { peak(run) } else { String::new() };
        table.row([(*how).to_owned(), took, ratio, peak]);
    }
    bench.report.add(table);
    for (which, what) in [(1, "`import` of a plain archive"), (2, "`import` of .zst")] {
        if let (Some(ratio), Ok(run)) = (ratio(&runs[which], &runs[0]), &runs[which]) {
            bench.report.at_most(format!("{what} / loading the dump"), ratio, 0.5, " x");
            bench.report.peak("import", run.peak_kb);
        }
    }
    to.drop().await;
    for file in [dump, plain, zst].into_iter().chain(on_server.ok()) {
        let _ = std::fs::remove_file(file);
    }
}

/// The table in a file that the server has written, where it may.
async fn written_by_server(db: &Scratch) -> Result<String, sqlx::Error> {
    let mut connection = Client::of(db).await;
    let file = format!("{}/{}.txt", connection.text("SELECT @@tmpdir").await?, db.database);
    let text = format!("SELECT * INTO OUTFILE '{file}' CHARACTER SET binary FROM tomcat_sessions");
    connection.run(&text).await?;
    Ok(file)
}
