//! `expire` beside one plain `DELETE … WHERE expired` on an identical copy of the same table, in
//! one run, on the servers that `tests/servers` started:
//!
//! ```text
//! cargo bench --bench expire -- [--engines mariadb,mysql] [--profiles documented,recommended]
//!                               [--rows 75000,150000,300000] [--rounds 3] [--no-saver]
//!                               [--swap]
//! ```
//!
//! With `--swap`: `swap-out` into the other table of the same database beside `expire` of the very same
//! rows, a third of the table, and nothing else.
//!
//! Prints Markdown tables; `benches/RESULTS.md` keeps those of a full run.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a benchmark prints, reads the clock, and fails by panicking"
)]

mod purge;
mod saver;
#[path = "../../tests/support/mod.rs"]
mod support;
mod table;
#[path = "../watched.rs"]
mod watched;

use std::time::Duration;

use purge::Purge;
use saver::Saves;
use support::{Kind, Scratch};
use table::Seed;

struct Plan {
    engines: Vec<String>,
    profiles: Vec<String>,
    rows: Vec<u64>,
    rounds: usize,
    saver: bool,
    swap: bool,
}

impl Plan {
    /// Reads the arguments; `--bench` is cargo's own.
    fn from_args() -> Plan {
        let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let mut plan = Plan {
            engines: list("mariadb,mysql"),
            profiles: list("documented,recommended"),
            rows: vec![75_000, 150_000, 300_000],
            rounds: 3,
            saver: true,
            swap: false,
        };
        let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
        while let Some(arg) = args.next() {
            let mut value = || args.next().unwrap_or_else(|| panic!("{arg} needs a value"));
            match arg.as_str() {
                "--engines" => plan.engines = list(&value()),
                "--profiles" => plan.profiles = list(&value()),
                "--rows" => plan.rows = list(&value()).iter().map(|n| n.parse().unwrap()).collect(),
                "--rounds" => plan.rounds = value().parse().unwrap(),
                "--no-saver" => plan.saver = false,
                "--swap" => plan.swap = true,
                other => panic!("`{other}` is no option of this benchmark"),
            }
        }
        plan.rows.sort_unstable();
        plan
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let plan = Plan::from_args();
    for kind in [Kind::Mariadb, Kind::Mysql] {
        if !plan.engines.iter().any(|name| name == kind.name()) {
            continue;
        }
        let Some(db) = Scratch::new(kind).await else { continue };
        println!("\n## {}\n", table::version(&db).await);
        let mut seed = Seed::new(&db).await;
        if plan.swap {
            swapped(&plan, &mut seed).await;
            db.drop().await;
            continue;
        }
        idle(&plan, &mut seed).await;
        if plan.profiles.iter().any(|profile| profile == "recommended") {
            sparse(&plan, &mut seed).await;
        }
        if plan.saver {
            beside_saver(&plan, &mut seed).await;
        }
        db.drop().await;
    }
}

/// Both purges with nothing else on the server, at growing sizes.
async fn idle(plan: &Plan, seed: &mut Seed<'_>) {
    println!("| profile | rows | expired | one DELETE s | expire s | ratio | expire µs a row | peak MB |");
    println!("|---|--:|--:|--:|--:|--:|--:|--:|");
    for &rows in &plan.rows {
        seed.grow(rows).await;
        for profile in &plan.profiles {
            let (mut plain, mut ours) = (Vec::new(), Vec::new());
            for _ in 0..plan.rounds {
                seed.copy(profile, rows, 1).await;
                plain.push(purge::one_delete(seed.db).await);
                seed.copy(profile, rows, 1).await;
                ours.push(purge::expire(seed.db).await);
                assert_eq!(ours.last().unwrap().deleted, plain.last().unwrap().deleted, "both must delete the same");
            }
            let (plain, ours) = (median(&plain), median(&ours));
            println!(
                "| {profile} | {rows} | {} | {:.2} | {:.2} | {:.2} | {:.1} | {:.1} |",
                ours.deleted,
                plain.took.as_secs_f64(),
                ours.took.as_secs_f64(),
                ours.took.as_secs_f64() / plain.took.as_secs_f64(),
                micros_a_row(&ours),
                ours.peak_kb as f64 / 1024.0
            );
        }
    }
}

/// The same rows deleted and moved, with nothing else on the server.
async fn swapped(plan: &Plan, seed: &mut Seed<'_>) {
    println!("| profile | rows | gone | expire s | swap-out s | ratio | swap-out µs a row | peak MB |");
    println!("|---|--:|--:|--:|--:|--:|--:|--:|");
    for &rows in &plan.rows {
        seed.grow(rows).await;
        for profile in &plan.profiles {
            let (mut deleted, mut moved) = (Vec::new(), Vec::new());
            for _ in 0..plan.rounds {
                seed.copy_third(profile, rows).await;
                deleted.push(purge::expire(seed.db).await);
                seed.copy_third(profile, rows).await;
                moved.push(purge::swap_out(seed.db).await);
                assert_eq!(moved.last().unwrap().deleted, deleted.last().unwrap().deleted, "both must take the same");
            }
            let (deleted, moved) = (median(&deleted), median(&moved));
            println!(
                "| {profile} | {rows} | {} | {:.2} | {:.2} | {:.2} | {:.1} | {:.1} |",
                moved.deleted,
                deleted.took.as_secs_f64(),
                moved.took.as_secs_f64(),
                moved.took.as_secs_f64() / deleted.took.as_secs_f64(),
                micros_a_row(&moved),
                moved.peak_kb as f64 / 1024.0
            );
        }
    }
}

/// Few expired sessions among many: what the index on the expiry is for.
async fn sparse(plan: &Plan, seed: &mut Seed<'_>) {
    println!("\n| recommended, few expired: rows | expired | one DELETE s | expire s |");
    println!("|--:|--:|--:|--:|");
    for rows in [plan.rows[0], plan.rows[plan.rows.len() - 1]] {
        let (mut plain, mut ours) = (Vec::new(), Vec::new());
        for _ in 0..plan.rounds {
            seed.copy("recommended", rows, rows / 2 / 1_000).await;
            plain.push(purge::one_delete(seed.db).await);
            seed.copy("recommended", rows, rows / 2 / 1_000).await;
            ours.push(purge::expire(seed.db).await);
        }
        let (plain, ours) = (median(&plain), median(&ours));
        println!("| {rows} | {} | {:.2} | {:.2} |", ours.deleted, plain.took.as_secs_f64(), ours.took.as_secs_f64());
    }
}

/// Both purges beside a client that saves as Tomcat does.
async fn beside_saver(plan: &Plan, seed: &mut Seed<'_>) {
    println!("\n| beside {} saves a second | s | ratio | saves | save p50 ms | p99 ms | max ms |", saver::RATE);
    println!("|---|--:|--:|--:|--:|--:|--:|");
    let rows = plan.rows[plan.rows.len() - 1];
    for profile in &plan.profiles {
        seed.copy(profile, rows, 1).await;
        let saves = saver::beside(seed.db, tokio::time::sleep(Duration::from_secs(5))).await.1;
        line(&format!("{profile}: the saver alone"), None, None, &saves);
        let (plain, saves) = saver::beside(seed.db, purge::one_delete(seed.db)).await;
        line(&format!("{profile}: one DELETE of {rows} rows' half"), Some(&plain), None, &saves);
        seed.copy(profile, rows, 1).await;
        let (ours, saves) = saver::beside(seed.db, purge::expire(seed.db)).await;
        line(&format!("{profile}: expire"), Some(&ours), Some(&plain), &saves);
    }
}

fn line(what: &str, purge: Option<&Purge>, plain: Option<&Purge>, saves: &Saves) {
    let seconds = purge.map(|p| format!("{:.2}", p.took.as_secs_f64())).unwrap_or_default();
    let ratio = purge.zip(plain).map(|(a, b)| format!("{:.2}", a.took.as_secs_f64() / b.took.as_secs_f64()));
    let ms = |micros: u64| micros as f64 / 1000.0;
    println!(
        "| {what} | {seconds} | {} | {} | {:.1} | {:.1} | {:.1} |",
        ratio.unwrap_or_default(),
        saves.len(),
        ms(saves.value_at_quantile(0.5)),
        ms(saves.value_at_quantile(0.99)),
        ms(saves.max())
    );
}

/// The purge of the middle, with the highest peak of all.
fn median(purges: &[Purge]) -> Purge {
    let mut sorted = purges.to_vec();
    sorted.sort_by_key(|p| p.took);
    let peak_kb = sorted.iter().map(|p| p.peak_kb).max().unwrap();
    Purge { peak_kb, ..sorted[sorted.len() / 2] }
}

fn micros_a_row(purge: &Purge) -> f64 {
    purge.took.as_secs_f64() * 1e6 / purge.deleted as f64
}
