//! `expire` beside what an administrator would type, with the server otherwise idle and beside a client
//! that saves as Tomcat does.

mod way;

use std::time::Duration;

use self::way::{Way, expire};
use crate::Bench;
use crate::report::Table;
use crate::run::{Outcome, Run, cells, median, peak, ratio};
use crate::saver::{RATE, Saves, beside};
use crate::seed::{EXPIRED, number};
use crate::support::Scratch;

/// What became of one contender.
struct Result {
    run: Outcome,
    saves: Option<Saves>,
}

pub async fn run(bench: &mut Bench) {
    bench.seed.grow(bench.plan.rows).await;
    let db = Scratch::new(bench.plan.engine).await.unwrap();
    for profile in ["documented", "recommended"] {
        purged(bench, &db, profile).await;
    }
    db.drop().await;
}

async fn purged(bench: &mut Bench, db: &Scratch, profile: &str) {
    let mut ways = vec![Way::OneDelete, Way::Expire];
    // Against each other they stand the same with either profile: once is enough.
    if profile == "documented" {
        ways.insert(1, Way::Loop);
        if bench.tools.has("pt-archiver") {
            ways.splice(2..2, Way::ARCHIVERS);
        }
    }
    let idle_ways = [Way::OneDelete, Way::Expire];
    let alone = alone(bench, db, profile).await;
    let idle = contest(bench, db, profile, &idle_ways, false).await;
    let busy = contest(bench, db, profile, &ways, true).await;

    let sessions = number(&bench.seed.db, &format!("SELECT COUNT(*) FROM tomcat_sessions WHERE {EXPIRED}")).await;
    let title = format!("Purge of {sessions} expired sessions of {}, the {profile} table", bench.plan.rows);
    let heads = "| s | of one DELETE | save p50 ms | p99 ms | most ms | expired ones saved | lost | refused | peak MB";
    let mut table = Table::new(title, heads);
    let unmeasured = Ok(Run::default());
    row(&mut table, &format!("the saver alone, {RATE} saves a second"), &unmeasured, &idle[0].run, Some(&alone));
    for (way, result) in idle_ways.iter().zip(&idle) {
        row(&mut table, &format!("{}, the server otherwise idle", way.name()), &result.run, &idle[0].run, None);
    }
    for (way, result) in ways.iter().zip(&busy) {
        let how = format!("{}, beside the saver", way.name());
        row(&mut table, &how, &result.run, &busy[0].run, result.saves.as_ref());
    }
    table.note("p50 and p99 over all rounds together; \"expired ones saved\" are sessions whose user came back.");
    bench.report.add(table);
    goals(bench, profile, &alone, &ways, &idle, &busy);
}

fn goals(bench: &mut Bench, profile: &str, alone: &Saves, ways: &[Way], idle: &[Result], busy: &[Result]) {
    let report = &mut bench.report;
    let ours = busy.last().unwrap();
    if let Some(ratio) = ratio(&idle[1].run, &idle[0].run) {
        report.note_ratio(format!("`expire`, {profile}, idle / one DELETE"), ratio);
    }
    if let Some(ratio) = ratio(&ours.run, &busy[0].run) {
        report.at_most(format!("`expire`, {profile}, beside the saver / one DELETE beside it"), ratio, 1.3, " x");
    }
    for (way, result) in ways.iter().zip(busy).filter(|(way, _)| matches!(way, Way::Archiver(_))) {
        if let Some(ratio) = ratio(&ours.run, &result.run) {
            report.at_most(format!("`expire`, {profile} / {}", way.name()), ratio, 1.0, " x");
        }
    }
    if let Some(saves) = &ours.saves {
        let what = format!("saves beside `expire`, {profile}");
        if saves.has_percentiles() {
            let ratio = saves.ms(0.99) / alone.ms(0.99);
            report.at_most(format!("{what}: p99 / that of the saver alone"), ratio, 3.0, " x");
            report.at_most(format!("{what}: p99"), saves.ms(0.99), 25.0, " ms");
        }
        report.at_most(format!("{what}: the longest"), saves.max_ms(), 100.0, " ms");
        report.at_most(format!("{what}: lost of {} that were expired", saves.revived), saves.lost as f64, 0.0, "");
    }
    for result in [&idle[1], ours] {
        if let Ok(run) = &result.run {
            report.peak("expire", run.peak_kb);
        }
    }
}

fn row(table: &mut Table, how: &str, run: &Outcome, of: &Outcome, saves: Option<&Saves>) {
    let measured = run.as_ref().map_or(true, |run| !run.took.is_zero());
    let [took, ratio] = if measured { cells(run, of) } else { Default::default() };
    let [mut p50, mut p99, mut most, mut revived, mut lost, mut refused] = <[String; 6]>::default();
    if let Some(saves) = saves.filter(|saves| !saves.waits.is_empty()) {
        (p50, p99) = (format!("{:.1}", saves.ms(0.5)), format!("{:.1}", saves.ms(0.99)));
        (most, revived) = (format!("{:.1}", saves.max_ms()), saves.revived.to_string());
        (lost, refused) = (saves.lost.to_string(), saves.refused.to_string());
    }
    let peak = if run.as_ref().is_ok_and(|run| run.peak_kb > 0) { peak(run) } else { String::new() };
    table.row([how.to_owned(), took, ratio, p50, p99, most, revived, lost, refused, peak]);
}

/// The saver with nothing beside it.
async fn alone(bench: &Bench, db: &Scratch, profile: &str) -> Saves {
    bench.seed.copy(db, profile, bench.plan.rows).await;
    let span = Duration::from_secs(if bench.plan.quick { 4 } else { 20 });
    beside(db, tokio::time::sleep(span)).await.1
}

/// All ways in turns, each on a fresh copy.
async fn contest(bench: &Bench, db: &Scratch, profile: &str, ways: &[Way], busy: bool) -> Vec<Result> {
    let mut runs: Vec<(Vec<Run>, Vec<Saves>, Option<String>)> = ways.iter().map(|_| Default::default()).collect();
    for _ in 0..bench.plan.rounds {
        for (way, (runs, all, failed)) in ways.iter().zip(&mut runs) {
            if failed.is_some() {
                continue;
            }
            bench.seed.copy(db, profile, bench.plan.rows).await;
            let run = if busy {
                let (run, saves) = beside(db, way.run(db)).await;
                all.push(saves);
                run
            } else {
                way.run(db).await
            };
            let left = number(db, &format!("SELECT COUNT(*) FROM tomcat_sessions WHERE {EXPIRED}")).await;
            match run {
                Ok(_) if left > 0 => *failed = Some(format!("{left} expired sessions were left")),
                Ok(run) => runs.push(run),
                Err(words) => *failed = Some(words),
            }
        }
    }
    let result = |(runs, saves, failed): (Vec<Run>, Vec<Saves>, Option<String>)| Result {
        run: failed.map_or_else(|| Ok(median(runs)), Err),
        saves: (!saves.is_empty()).then(|| Saves::merged(saves)),
    };
    runs.into_iter().map(result).collect()
}

/// `expire` of what stands in the table, for other jobs.
pub async fn ours(db: &Scratch) -> Run {
    expire(db).await
}

/// One DELETE of the same.
pub async fn one_delete(db: &Scratch) -> Outcome {
    Way::OneDelete.run(db).await
}
