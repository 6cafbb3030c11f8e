//! `list` and `stats` beside the same asked in SQL.

use super::asked;
use crate::Bench;
use crate::report::Table;
use crate::run::{cells, in_turns, ours_into, peak, ratio, theirs};
use crate::seed::EXPIRED;

enum Way {
    Theirs(String),
    Ours(Vec<&'static str>),
}

pub async fn run(bench: &mut Bench) {
    bench.seed.grow(bench.plan.rows).await;
    let out = bench.file("listed");
    // What `stats` says of each application, but for the percentiles.
    let group = format!(
        "SELECT app_name, COUNT(*), SUM({EXPIRED}), SUM(max_inactive <= 0), SUM(LENGTH(session_data)), \
         MAX(LENGTH(session_data)), MIN(last_access), MIN(IF({EXPIRED}, last_access + max_inactive * 1000, NULL)) \
         FROM tomcat_sessions GROUP BY app_name"
    );
    let ways = [
        ("all columns but the data, with its length, in SQL", 0, Way::Theirs(asked(bench, super::COLUMNS, &out))),
        ("`list --format ndjson`", 0, Way::Ours(vec!["list", "--format", "ndjson"])),
        ("`list --format csv`", 0, Way::Ours(vec!["list", "--format", "csv"])),
        ("`list --sort size`", 0, Way::Ours(vec!["list", "--sort", "size"])),
        ("one GROUP BY", 4, Way::Theirs(asked(bench, &group, &out))),
        ("`stats`", 4, Way::Ours(vec!["stats"])),
    ];
    let url = bench.seed.db.url.clone();
    let runs = in_turns(bench.plan.rounds, &ways, async |(_, _, way)| match way {
        Way::Theirs(line) => theirs(line).await,
        Way::Ours(args) => Ok(ours_into(&out, &[&args[..], &["--quiet", "--url", &url]].concat()).await),
    })
    .await;
    let mut table = Table::new("`list` and `stats`", "| s | of SQL | peak MB");
    for ((how, of, way), run) in ways.iter().zip(&runs) {
        let [took, ratio] = cells(run, &runs[*of]);
        let ours = matches!(way, Way::Ours(_));
        table.row([(*how).to_owned(), took, ratio, if ours { peak(run) } else { String::new() }]);
    }
    bench.report.add(table);
    if let Some(ratio) = ratio(&runs[1], &runs[0]) {
        bench.report.at_most("`list --format ndjson` / the columns in SQL", ratio, 1.2, " x");
    }
    if let Some(ratio) = ratio(&runs[5], &runs[4]) {
        bench.report.at_most("`stats` / one GROUP BY", ratio, 1.3, " x");
    }
    for ((_, _, way), run) in ways.iter().zip(&runs) {
        if let (Way::Ours(args), Ok(run)) = (way, run) {
            bench.report.peak(args[0], run.peak_kb);
        }
    }
}
