//! `export` beside a dump, plain and compressed, and beside sling.

use crate::report::Table;
use crate::run::{cells, in_turns, ours, peak, ratio, theirs};
use crate::tools::sling_url;
use crate::{Bench, megabytes};

enum Way {
    Theirs(String),
    Ours,
}

pub async fn run(bench: &mut Bench) {
    bench.seed.grow(bench.plan.rows).await;
    let db = &bench.seed.db;
    let mut ways: Vec<(&str, String, usize, Way)> = Vec::new();
    let mut theirs_to = |how, file: &str, of, line: String| {
        let file = bench.file(file);
        ways.push((how, file.clone(), of, Way::Theirs(line.replace("FILE", &file))));
    };
    let tools = &bench.tools;
    if !tools.dumps() || !tools.has("zstd") {
        bench.report.failed("export", "without a dump and zstd there is nothing to compare with");
        return;
    }
    let dump = tools.dump(db);
    theirs_to("mariadb-dump --hex-blob", "s.sql", 0, format!("{dump} > FILE"));
    theirs_to("the same, piped into `zstd -3`", "s.sql.zst", 1, format!("{dump} | zstd -3 -q -f -o FILE"));
    if tools.has("gzip") {
        theirs_to("the same, piped into `gzip`", "s.sql.gz", 2, format!("{dump} | gzip > FILE"));
    }
    if tools.has("sling") {
        let source =
            format!("DB='{}' sling run --src-conn DB --src-stream {}.tomcat_sessions", sling_url(db), db.database);
        theirs_to("sling to CSV", "s.csv", 0, format!("{source} --tgt-object file://FILE"));
        let sqlite = format!("LITE=sqlite://FILE {source} --tgt-conn LITE --tgt-object main.tomcat_sessions");
        theirs_to("sling to SQLite", "s.db", 0, sqlite);
    }
    let gzip = if tools.has("gzip") { 2 } else { 1 };
    for (how, file, of) in [("`export` to a plain file", "s.ndjson", 0), ("`export` to .zst", "s.ndjson.zst", 1)] {
        ways.push((how, bench.file(file), of, Way::Ours));
    }
    ways.push(("`export` to .gz", bench.file("s.ndjson.gz"), gzip, Way::Ours));

    let url = db.url.clone();
    let runs = in_turns(bench.plan.rounds, &ways, async |(_, file, _, way)| {
        // Nobody writes over the last one, whose pages would be at hand.
        let _ = std::fs::remove_file(file);
        match way {
            Way::Theirs(line) => theirs(line).await,
            Way::Ours => Ok(ours(&["export", file, "--quiet", "--url", &url]).await),
        }
    })
    .await;

    let size = |file: &str| std::fs::metadata(file).map_or(0, |file| file.len());
    let mut table = Table::new("Export", "| s | of the dump alike | MB | of the dump alike | peak MB");
    for ((how, file, of, way), run) in ways.iter().zip(&runs) {
        let [took, ratio] = cells(run, &runs[*of]);
        let sizes = [size(file), size(&ways[*of].1)];
        let part = format!("{:.2}", sizes[0] as f64 / sizes[1] as f64);
        let peak = if matches!(way, Way::Ours) { peak(run) } else { String::new() };
        table.row([(*how).to_owned(), took, ratio, megabytes(sizes[0]), part, peak]);
    }
    table.note("Ours has a checksum of each session and of all, and is on the disk (fsync) when it ends.");
    let at = |how: &str| ways.iter().position(|(name, ..)| name.contains(how)).unwrap();
    let (plain, zst) = (at("plain"), at(".zst"));
    if let (Some(plain), Some(packed)) = (ratio(&runs[plain], &runs[0]), ratio(&runs[zst], &runs[1])) {
        bench.report.at_most("`export` / mariadb-dump", plain, 1.0, " x");
        bench.report.at_most("`export` to .zst / the dump piped into `zstd -3`", packed, 0.7, " x");
        let part = size(&ways[zst].1) as f64 / size(&ways[1].1) as f64;
        bench.report.at_most("the size of `.zst` / that of the dump", part, 1.0, " x");
    }
    for i in [plain, zst] {
        if let Ok(run) = &runs[i] {
            bench.report.peak("export", run.peak_kb);
        }
    }
    bench.report.add(table);
    for (_, file, ..) in &ways {
        let _ = std::fs::remove_file(file);
    }
}
