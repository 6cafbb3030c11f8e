//! `expire` beside what an administrator would type, with the server otherwise idle and beside a client
//! that saves as Tomcat does.

mod method;

use std::time::{Duration, Instant};

use self::method::{PurgeMethod, expire};
use crate::report::Table;
use crate::run::{Outcome, Run, cells, median, peak, ratio};
use crate::seed::{EXPIRED, number};
use crate::server::Server;
use crate::support::{Kind, Scratch};
use crate::tomcat_writer::{RATE, Saves, while_tomcat_writes};
use crate::{Bench, seconds};

/// What became of one contender.
struct Result {
    run: Outcome,
    saves: Option<Saves>,
    /// When the server had nothing more to do, where it was idle before: the median.
    rests: Option<Duration>,
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
    let mut methods = vec![PurgeMethod::OneDelete, PurgeMethod::FAST, PurgeMethod::OURS];
    // Against each other they stand the same with either profile: once is enough.
    if profile == "documented" {
        methods.insert(1, PurgeMethod::Loop);
        if bench.plan.engine != Kind::Postgres && bench.tools.has("pt-archiver") {
            methods.splice(2..2, PurgeMethod::ARCHIVERS);
        }
    }
    let idle_methods = [PurgeMethod::OneDelete, PurgeMethod::FAST, PurgeMethod::OURS];
    let alone = alone(bench, db, profile).await;
    let idle = contest(bench, db, profile, &idle_methods, false).await;
    let busy = contest(bench, db, profile, &methods, true).await;

    let sessions = number(&bench.seed.db, &format!("SELECT COUNT(*) FROM tomcat_sessions WHERE {EXPIRED}")).await;
    let title = format!(
        "Purge of {sessions} expired sessions of {}, the {profile} table{}",
        bench.plan.rows,
        on(bench.plan.engine)
    );
    let heads = "| s | of one DELETE | s until the server rests | save p50 ms | p99 ms | most ms | expired ones saved | lost | refused | peak MB";
    let mut table = Table::new(title, heads);
    let unmeasured = Ok(Run::default());
    row(
        &mut table,
        &format!("the Tomcat writer alone, {RATE} saves a second"),
        &unmeasured,
        &idle[0].run,
        None,
        Some(&alone),
    );
    for (method, result) in idle_methods.iter().zip(&idle) {
        row(
            &mut table,
            &format!("{}, the server otherwise idle", method.name()),
            &result.run,
            &idle[0].run,
            result.rests,
            None,
        );
    }
    for (method, result) in methods.iter().zip(&busy) {
        let how = format!("{}, beside the Tomcat writer", method.name());
        row(&mut table, &how, &result.run, &busy[0].run, None, result.saves.as_ref());
    }
    table.note("A DELETE only marks rows: the server takes them out of the table after the commit (InnoDB's purge, PostgreSQL's autovacuum).");
    table.note("p50 and p99 over all rounds together; \"expired ones saved\" are sessions whose user came back.");
    bench.report.add(table);
    goals(bench, profile, &alone, &methods, &idle, &busy);
}

/// What ours is called, without pauses and with them.
const FAST: &str = "`expire --fast`";
const OURS: &str = "`expire`";

fn goals(bench: &mut Bench, profile: &str, alone: &Saves, methods: &[PurgeMethod], idle: &[Result], busy: &[Result]) {
    let profile = &format!("{profile}{}", on(bench.plan.engine));
    let report = &mut bench.report;
    let idle_delete = &idle[0];
    for (name, idle) in [(FAST, &idle[1]), (OURS, &idle[2])] {
        if let Some(ratio) = ratio(&idle.run, &idle_delete.run) {
            report.note_ratio(format!("{name}, {profile}, idle / one DELETE"), ratio);
        }
        if let (Some(ours), Some(theirs)) = (idle.rests, idle_delete.rests) {
            let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
            report.note_ratio(format!("{name}, {profile}, until the server rests / one DELETE until it does"), ratio);
        }
    }
    let [.., fast, ours] = busy else { return };
    for (name, run, most) in [(FAST, fast, 1.3), (OURS, ours, 2.0)] {
        if let Some(ratio) = ratio(&run.run, &busy[0].run) {
            let what = format!("{name}, {profile}, beside the Tomcat writer / one DELETE beside it");
            report.at_most(what, ratio, most, " x");
        }
    }
    for (method, result) in methods.iter().zip(busy).filter(|(method, _)| matches!(method, PurgeMethod::Archiver(_))) {
        if let Some(ratio) = ratio(&fast.run, &result.run) {
            report.at_most(format!("{FAST}, {profile} / {}", method.name()), ratio, 1.0, " x");
        }
    }
    for (name, result) in [(FAST, fast), (OURS, ours)] {
        let Some(saves) = &result.saves else { continue };
        let what = format!("saves beside {name}, {profile}");
        if saves.has_percentiles() {
            let ratio = saves.ms(0.99) / alone.ms(0.99);
            let of_alone = format!("{what}: p99 / that of the Tomcat writer alone");
            if name == OURS {
                report.at_most(of_alone, ratio, 3.0, " x");
                report.at_most(format!("{what}: p99"), saves.ms(0.99), 25.0, " ms");
            } else {
                report.note_ratio(of_alone, ratio);
            }
        }
        report.at_most(format!("{what}: the longest"), saves.max_ms(), 100.0, " ms");
        report.at_most(format!("{what}: lost of {} that were expired", saves.revived), saves.lost as f64, 0.0, "");
    }
    for result in [&idle[2], fast, ours] {
        if let Ok(run) = &result.run {
            report.peak("expire", run.peak_kb);
        }
    }
}

/// The server in titles, where it is not the usual one.
fn on(engine: Kind) -> &'static str {
    if engine == Kind::Postgres { ", PostgreSQL" } else { "" }
}

fn row(table: &mut Table, how: &str, run: &Outcome, of: &Outcome, rests: Option<Duration>, saves: Option<&Saves>) {
    let measured = run.as_ref().map_or(true, |run| !run.took.is_zero());
    let [took, ratio] = if measured { cells(run, of) } else { Default::default() };
    let [mut p50, mut p99, mut most, mut revived, mut lost, mut refused] = <[String; 6]>::default();
    if let Some(saves) = saves.filter(|saves| !saves.waits.is_empty()) {
        (p50, p99) = (format!("{:.1}", saves.ms(0.5)), format!("{:.1}", saves.ms(0.99)));
        (most, revived) = (format!("{:.1}", saves.max_ms()), saves.revived.to_string());
        (lost, refused) = (saves.lost.to_string(), saves.refused.to_string());
    }
    let peak = if run.as_ref().is_ok_and(|run| run.peak_kb > 0) { peak(run) } else { String::new() };
    let rests = rests.map(seconds).unwrap_or_default();
    table.row([how.to_owned(), took, ratio, rests, p50, p99, most, revived, lost, refused, peak]);
}

/// The Tomcat writer with nothing beside it.
async fn alone(bench: &Bench, db: &Scratch, profile: &str) -> Saves {
    bench.seed.copy(db, profile, bench.plan.rows).await;
    let span = Duration::from_secs(if bench.plan.quick { 4 } else { 20 });
    while_tomcat_writes(db, tokio::time::sleep(span)).await.1
}

/// All methods in turns, each on a fresh copy.
async fn contest(bench: &Bench, db: &Scratch, profile: &str, methods: &[PurgeMethod], busy: bool) -> Vec<Result> {
    let mut all: Vec<Rounds> = methods.iter().map(|_| Rounds::default()).collect();
    let server = Server::of(db).await;
    for _ in 0..bench.plan.rounds {
        for (method, Rounds { runs, saves, rests, failed }) in methods.iter().zip(&mut all) {
            if failed.is_some() {
                continue;
            }
            bench.seed.copy(db, profile, bench.plan.rows).await;
            let run = if busy {
                let (run, saved) = while_tomcat_writes(db, method.run(db)).await;
                saves.push(saved);
                run
            } else {
                // What the copy left to do is not theirs.
                if let Some(server) = &server {
                    server.rests(Instant::now()).await;
                }
                let begun = Instant::now();
                let run = method.run(db).await;
                if let Some(server) = &server {
                    rests.push(server.rests(begun).await);
                }
                run
            };
            let left = number(db, &format!("SELECT COUNT(*) FROM tomcat_sessions WHERE {EXPIRED}")).await;
            match run {
                Ok(_) if left > 0 => *failed = Some(format!("{left} expired sessions were left")),
                Ok(run) => runs.push(run),
                Err(words) => *failed = Some(words),
            }
        }
    }
    let result = |Rounds { runs, saves, mut rests, failed }: Rounds| {
        rests.sort();
        Result {
            run: failed.map_or_else(|| Ok(median(runs)), Err),
            saves: (!saves.is_empty()).then(|| Saves::merged(saves)),
            rests: rests.get(rests.len() / 2).copied(),
        }
    };
    all.into_iter().map(result).collect()
}

/// One contender's.
#[derive(Default)]
struct Rounds {
    runs: Vec<Run>,
    saves: Vec<Saves>,
    rests: Vec<Duration>,
    failed: Option<String>,
}

/// `expire` of what stands in the table, for other jobs.
pub async fn ours(db: &Scratch) -> Run {
    expire(db, &[]).await
}

/// One DELETE of the same.
pub async fn one_delete(db: &Scratch) -> Outcome {
    PurgeMethod::OneDelete.run(db).await
}
