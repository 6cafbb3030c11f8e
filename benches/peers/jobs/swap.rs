//! `swap-out` into the other table of the same database beside `expire` of the very same rows, a third of
//! the table.

use super::purge;
use crate::Bench;
use crate::report::Table;
use crate::run::{cells, in_turns, ours, peak, ratio};
use crate::seed::{EXPIRED, number};
use crate::support::{NOW, Scratch};

pub async fn run(bench: &mut Bench) {
    bench.seed.grow(bench.plan.rows).await;
    let db = Scratch::new(bench.plan.engine).await.unwrap();
    let third = format!("IF(CRC32(session_id) % 3 > 0, last_access, {})", NOW.0);
    let mut table = Table::new("Swapping out", "| sessions | s | of `expire` | peak MB");
    for profile in ["documented", "recommended"] {
        let mut sessions = 0;
        let runs = in_turns(bench.plan.rounds, &[false, true], async |swapped| {
            db.sql("DROP TABLE IF EXISTS tomcat_sessions_swapped").await;
            bench.seed.copy_as(&db, profile, bench.plan.rows, &third).await;
            sessions = number(&db, &format!("SELECT COUNT(*) FROM tomcat_sessions WHERE {EXPIRED}")).await;
            if !swapped {
                return Ok(purge::ours(&db).await);
            }
            let mut store = db.open().await;
            store.create_swap_table().await.unwrap();
            store.close().await;
            let words = ["swap-out", "--max-idle", "12h", "--include-expired", "--allow-clock-skew", "--quiet"];
            Ok(ours(&[&words[..], &["--url", &db.url]].concat()).await)
        })
        .await;
        for (how, run) in ["`expire`", "`swap-out`"].iter().zip(&runs) {
            let [took, ratio] = cells(run, &runs[0]);
            table.row([format!("{how}, the {profile} table"), sessions.to_string(), took, ratio, peak(run)]);
        }
        if let (Some(ratio), Ok(run)) = (ratio(&runs[1], &runs[0]), &runs[1]) {
            bench.report.note_ratio(format!("`swap-out`, {profile} / `expire` of the same"), ratio);
            bench.report.peak("swap-out", run.peak_kb);
        }
    }
    bench.report.add(table);
    db.drop().await;
}
