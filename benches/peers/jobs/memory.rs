//! The memory of each command where sessions are large: what is in flight is bounded by bytes.

use tomcat_sessions::session::{EpochMillis, OnConflict};

use crate::report::Table;
use crate::run::{ours, ours_ending, ours_into};
use crate::seed::{Contents, Maker};
use crate::support::{Kind, NOW, Scratch};
use crate::{Bench, seconds};

/// Bytes of a session, as many as the published column takes with some to spare.
const SIZE: usize = 16_000_000;
const DAY: i64 = 86_400_000;

pub async fn run(bench: &mut Bench) {
    let sessions = if bench.plan.quick { 12 } else { 200 };
    let db = Scratch::new(bench.plan.engine).await.unwrap();
    fill(&db, sessions).await;
    let (again, swapped) = (Scratch::new(bench.plan.engine).await.unwrap(), Scratch::new(Kind::Mysql).await);
    again.create_table("documented").await;
    let [plain, zst, listed] = ["large.ndjson", "large.ndjson.zst", "large.list"].map(|name| bench.file(name));
    let id = format!("{:032X}", 1);
    let (a, b) = (db.url.as_str(), again.url.as_str());
    let mut commands: Vec<(&str, Vec<&str>)> = vec![
        ("list", vec!["list", "--format", "ndjson", "--url", a]),
        ("stats", vec!["stats", "--url", a]),
        ("stats --by attr", vec!["stats", "--by", "attr", "--url", a]),
        ("audit", vec!["audit", "--url", a]),
        ("check", vec!["check", "--url", a]),
        ("show", vec!["show", &id, "--url", a]),
        ("export", vec!["export", &plain, "--url", a]),
        ("export to .zst", vec!["export", &zst, "--url", a]),
        ("import", vec!["import", &plain, "--url", b]),
        ("import of .zst", vec!["import", &zst, "--on-conflict", "replace", "--url", b]),
        ("verify", vec!["verify", a, b]),
    ];
    if let Some(to) = &swapped {
        commands.push(("migrate", vec!["migrate", "--init", "--from", a, "--to", &to.url]));
    }
    let swap =
        ["swap-out", "--create", "--max-idle", "1h", "--include-expired", "--max-rows", "3", "--allow-clock-skew"];
    commands.push(("expire", vec!["expire", "--allow-clock-skew", "--url", a]));
    commands.push(("swap-out", [&swap[..7], &swap[7..], &["--url", b]].concat()));
    let bound = 64.0 + 4.0 * SIZE as f64 / 1e6;
    let mut table = Table::new(format!("{sessions} sessions of {} MB", SIZE / 1_000_000), "| s | peak MB");
    for (name, mut args) in commands {
        args.push("--quiet");
        let run = match name {
            "list" => ours_into(&listed, &args).await,
            // It has findings.
            "audit" => ours_ending(&args, &[4]).await,
            // It stops at the third.
            "swap-out" => ours_ending(&args, &[3]).await,
            _ => ours(&args).await,
        };
        let mb = run.peak_kb as f64 / 1024.0;
        table.row([format!("`{name}`"), seconds(run.took), format!("{mb:.0}")]);
        bench.report.at_most(format!("`{name}`, sessions of 16 MB: most memory"), mb, bound, " MB");
    }
    bench.report.add(table);
    for file in [plain, zst, listed] {
        let _ = std::fs::remove_file(file);
    }
    for db in [Some(db), Some(again), swapped].into_iter().flatten() {
        db.drop().await;
    }
}

/// Sessions of one size, half of them expired, with ids that are numbers.
async fn fill(db: &Scratch, sessions: u64) {
    db.create_table("documented").await;
    let maker = Maker::new(Contents::Text);
    let mut random = fastrand::Rng::with_seed(16);
    let mut store = db.open().await;
    for n in 0..sessions {
        let mut session = maker.of_size(SIZE, &mut random);
        session.meta.key.id = format!("{n:032X}");
        session.meta.last_access = Some(EpochMillis(NOW.0 - i64::from(n % 2 == 0) * DAY));
        store.insert(&[session], OnConflict::Fail).await.unwrap();
    }
    store.close().await;
}
