//! Time a row at a third of the table, the table, and 3.3 times as much: what it takes must be the rows'.

use super::purge;
use crate::Bench;
use crate::report::Table;
use crate::run::{Run, median, ours, ours_into};
use crate::support::{Kind, Scratch};

/// What a row of one command may take at one size beside another.
const MOST: f64 = 1.3;

pub async fn run(bench: &mut Bench) {
    let sizes = [bench.plan.rows / 3, bench.plan.rows, bench.plan.large];
    bench.seed.grow(bench.plan.large).await;
    let db = Scratch::new(bench.plan.engine).await.unwrap();
    let to = Scratch::new(Kind::Mysql).await;
    let (archive, listed) = (bench.file("scale.ndjson"), bench.file("scale.list"));
    let names: Vec<&str> = ["list", "stats", "export", "migrate", "expire"]
        .into_iter()
        .filter(|name| *name != "migrate" || to.is_some())
        .collect();
    let mut micros: Vec<Vec<f64>> = names.iter().map(|_| Vec::new()).collect();
    let mut peaks: Vec<u64> = names.iter().map(|_| 0).collect();
    for rows in sizes {
        bench.say(&format!("scale: {rows} sessions"));
        let mut runs: Vec<Vec<Run>> = names.iter().map(|_| Vec::new()).collect();
        for _ in 0..bench.plan.rounds {
            bench.seed.copy(&db, "documented", rows).await;
            for (name, runs) in names.iter().zip(&mut runs) {
                let url = ["--quiet", "--url", &db.url];
                runs.push(match *name {
                    "list" => ours_into(&listed, &[&["list", "--format", "ndjson"], &url[..]].concat()).await,
                    "stats" => ours(&[&["stats"], &url[..]].concat()).await,
                    "export" => {
                        let _ = std::fs::remove_file(&archive);
                        ours(&[&["export", &archive], &url[..]].concat()).await
                    }
                    "migrate" => {
                        let to = to.as_ref().unwrap();
                        to.sql("DROP TABLE IF EXISTS tomcat_sessions").await;
                        to.create_table("documented").await;
                        ours(&["migrate", "--quiet", "--from", &db.url, "--to", &to.url]).await
                    }
                    // Last, since it changes the table.
                    _ => purge::ours(&db).await,
                });
            }
        }
        for ((runs, micros), peak) in runs.into_iter().zip(&mut micros).zip(&mut peaks) {
            let run = median(runs);
            micros.push(run.took.as_secs_f64() * 1e6 / rows as f64);
            *peak = run.peak_kb.max(*peak);
        }
    }
    let heads = format!("µs a row of the table | {} | {} | {} | most / least | peak MB", sizes[0], sizes[1], sizes[2]);
    let mut table = Table::new("Scale, the documented table", &heads);
    for ((name, micros), peak) in names.iter().zip(&micros).zip(&peaks) {
        let (least, most) = micros.iter().fold((f64::MAX, 0.0_f64), |(a, b), m| (a.min(*m), b.max(*m)));
        let [a, b, c] = [0, 1, 2].map(|i| format!("{:.1}", micros[i]));
        let peak_mb = format!("{:.0}", *peak as f64 / 1024.0);
        table.row([format!("`{name}`"), a, b, c, format!("{:.2}", most / least), peak_mb]);
        bench.report.at_most(
            format!("`{name}`, a row of {} / a row of the fewest", sizes[2]),
            micros[2] / micros[0],
            MOST,
            " x",
        );
        bench.report.peak(name, *peak);
    }
    bench.report.add(table);
    for file in [archive, listed] {
        let _ = std::fs::remove_file(file);
    }
    if let Some(to) = to {
        to.drop().await;
    }
    db.drop().await;
}
