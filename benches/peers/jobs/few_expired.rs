//! `expire` of few sessions among many, by the index of the recommended table: it costs what is expired.

use super::purge;
use crate::Bench;
use crate::report::Table;
use crate::run::{cells, in_turns, peak, ratio};
use crate::seed::{EXPIRED, number};
use crate::support::{NOW, Scratch};

/// How many are expired, about.
const FEW: u64 = 1_000;

pub async fn run(bench: &mut Bench) {
    bench.seed.grow(bench.plan.large).await;
    let db = Scratch::new(bench.plan.engine).await.unwrap();
    let mut table = Table::new(
        "Few expired among many, the recommended table",
        "rows | expired | one DELETE s | `expire` s | of one DELETE | peak MB",
    );
    let mut last = None;
    for rows in [bench.plan.rows / 3, bench.plan.large] {
        // Half of the sessions are expired: of those, one in so many stays it.
        let one_in = (rows / 2 / FEW).max(1);
        let thinned = format!("IF(CRC32(session_id) % {one_in} = 0, last_access, {})", NOW.0);
        bench.seed.copy_as(&db, "recommended", rows, &thinned).await;
        let columns = "session_id, valid_session, max_inactive, last_access, app_name, session_data";
        db.sql(&format!(
            "DROP TABLE IF EXISTS few; CREATE TABLE few AS SELECT {columns} FROM tomcat_sessions WHERE {EXPIRED}"
        ))
        .await;
        let expired = number(&db, "SELECT COUNT(*) FROM few").await;
        // Each puts back what the one before it has deleted.
        let again = format!("INSERT IGNORE INTO tomcat_sessions ({columns}) SELECT {columns} FROM few");
        let runs = in_turns(bench.plan.rounds.max(3), &[false, true], async |ours| {
            db.sql(&again).await;
            if *ours { Ok(purge::ours(&db).await) } else { purge::one_delete(&db).await }
        })
        .await;
        let [theirs, _] = cells(&runs[0], &runs[0]);
        let [took, ratio] = cells(&runs[1], &runs[0]);
        table.row([rows.to_string(), expired.to_string(), theirs, took, ratio, peak(&runs[1])]);
        last = Some((rows, runs));
    }
    if let Some((rows, runs)) = last {
        if let Ok(run) = &runs[1] {
            let what = format!("`expire`, recommended, about {FEW} expired of {rows}");
            bench.report.at_most(what, run.took.as_secs_f64(), 1.0, " s");
        }
        if let Some(ratio) = ratio(&runs[1], &runs[0]) {
            bench.report.note_ratio("the same / one DELETE", ratio);
        }
    }
    bench.report.add(table);
    db.drop().await;
}
