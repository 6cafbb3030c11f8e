//! What a command takes that has next to nothing to do.

use crate::Bench;
use crate::report::Table;
use crate::run::{median, ours_ending, peak};
use crate::support::Scratch;

/// Runs of each, of which the median counts: they are short.
const RUNS: usize = 21;

pub async fn run(bench: &mut Bench) {
    bench.seed.grow(bench.plan.large).await;
    let db = Scratch::new(bench.plan.engine).await.unwrap();
    bench.seed.copy(&db, "recommended", bench.plan.large).await;
    let list = ["list", "--limit", "20", "--url", &db.url];
    let ways: [(String, &[&str], &'static [i32], f64); 3] = [
        ("`--help`".to_owned(), &["--help"], &[0], 10.0),
        ("an error of usage".to_owned(), &["--no-such-option"], &[2], 10.0),
        (format!("`list --limit 20` of {}, the recommended table", bench.plan.large), &list, &[0], 150.0),
    ];
    let mut table = Table::new("Start", "| ms | peak MB");
    for (what, args, codes, most) in ways {
        let mut runs = Vec::new();
        for _ in 0..RUNS {
            runs.push(ours_ending(args, codes).await);
        }
        let run = median(runs);
        let ms = run.took.as_secs_f64() * 1e3;
        table.row([what.clone(), format!("{ms:.1}"), peak(&Ok(run))]);
        bench.report.at_most(what, ms, most, " ms");
    }
    bench.report.add(table);
    db.drop().await;
}
