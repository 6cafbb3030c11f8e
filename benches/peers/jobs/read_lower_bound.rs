//! The time in which the server's own client reads the table: nothing that reads all of it can be faster.

use super::asked;
use crate::Bench;
use crate::report::Table;
use crate::run::{cells, in_turns, theirs};
use crate::seed::EXPIRED;

pub async fn run(bench: &mut Bench) {
    bench.seed.grow(bench.plan.rows).await;
    let out = bench.file("lower-bound");
    let predicate = format!("SELECT COUNT(*) FROM tomcat_sessions WHERE {EXPIRED}");
    let ways = [
        ("all rows judged by the expiry, none shown", asked(bench, &predicate, &out)),
        ("all columns but the data, with its length, to a file", asked(bench, super::COLUMNS, &out)),
        ("all columns, thrown away", asked(bench, "SELECT * FROM tomcat_sessions", "/dev/null")),
    ];
    let runs = in_turns(bench.plan.rounds, &ways, async |(_, line)| theirs(line).await).await;
    let mut table = Table::new("Lower bounds", "the client asks for | s");
    for ((how, _), run) in ways.iter().zip(&runs) {
        let [took, _] = cells(run, run);
        table.row([(*how).to_owned(), took]);
    }
    bench.report.add(table);
}
