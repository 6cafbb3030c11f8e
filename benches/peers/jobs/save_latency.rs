//! The latency of the saves of a Tomcat, while each command that reads or moves a table runs.

use std::time::Duration;

use crate::report::Table;
use crate::run::{ours, ours_ending, ours_into};
use crate::support::{Kind, Scratch};
use crate::tomcat_writer::{Saves, while_tomcat_writes};
use crate::{Bench, seconds};

pub async fn run(bench: &mut Bench) {
    bench.seed.grow(bench.plan.rows).await;
    let db = Scratch::new(bench.plan.engine).await.unwrap();
    bench.seed.copy(&db, "documented", bench.plan.rows).await;
    let to = Scratch::new(Kind::Mysql).await;
    let (archive, listed) = (bench.file("save-latency.ndjson.zst"), bench.file("save-latency.ndjson"));
    let mut table = Table::new("Saves beside our commands", "| s | save p50 ms | p99 ms | most ms | lost");
    let span = Duration::from_secs(if bench.plan.quick { 4 } else { 20 });
    let (_, alone) = while_tomcat_writes(&db, tokio::time::sleep(span)).await;
    row(&mut table, "the Tomcat writer alone", span, &alone);

    let url = db.url.as_str();
    let names = ["list", "stats", "check", "audit", "export", "verify", "migrate", "swap-out"];
    for name in names {
        if name == "migrate" && to.is_none() {
            continue;
        }
        let work = async {
            match name {
                "list" => ours_into(&listed, &["list", "--format", "ndjson", "--quiet", "--url", url]).await,
                // A source that changes to the end may be called partly done.
                "export" => ours_ending(&["export", &archive, "--quiet", "--url", url], &[0, 3]).await,
                // The sample has a login without a user: a finding.
                "audit" => ours_ending(&["audit", "--quiet", "--url", url], &[4]).await,
                // Sessions have been saved since the archive was written: there are differences.
                "verify" => ours_ending(&["verify", &archive, url, "--quiet"], &[4]).await,
                "migrate" => {
                    let to = &to.as_ref().unwrap().url;
                    ours_ending(&["migrate", "--init", "--from", url, "--to", to, "--quiet"], &[0, 3, 4]).await
                }
                "swap-out" => {
                    let words = ["swap-out", "--max-idle", "12h", "--include-expired", "--allow-clock-skew"];
                    ours(&[&words[..], &["--quiet", "--create", "--url", url]].concat()).await
                }
                _ => ours(&[name, "--quiet", "--url", url]).await,
            }
        };
        let (run, saves) = while_tomcat_writes(&db, work).await;
        row(&mut table, &format!("`{name}`"), run.took, &saves);
        bench.report.peak(name, run.peak_kb);
        if saves.has_percentiles() {
            let ratio = saves.ms(0.99) / alone.ms(0.99);
            bench.report.at_most(
                format!("saves beside `{name}`: p99 / that of the Tomcat writer alone"),
                ratio,
                3.0,
                " x",
            );
        }
        bench.report.at_most(format!("saves beside `{name}`: the longest"), saves.max_ms(), 100.0, " ms");
    }
    bench.report.add(table);
    if let Some(to) = to {
        to.drop().await;
    }
    db.drop().await;
}

fn row(table: &mut Table, how: &str, took: Duration, saves: &Saves) {
    let ms = |ms: f64| format!("{ms:.1}");
    let waits = [saves.ms(0.5), saves.ms(0.99), saves.max_ms()].map(ms);
    let [p50, p99, most] = waits;
    table.row([how.to_owned(), seconds(took), p50, p99, most, saves.lost.to_string()]);
}
