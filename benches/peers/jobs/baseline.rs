//! Our commands beside an earlier build of them, in turns: what a change costs, or saves.

use std::path::Path;

use crate::report::Table;
use crate::run::{Outcome, cells, in_turns, ours_as, peak, ratio};
use crate::seed::number;
use crate::support::{Kind, NOW, Scratch};
use crate::{Bench, seconds};

/// The builds, in the order of their turns.
const BUILDS: [&str; 2] = ["the baseline", "this build"];

pub async fn run(bench: &mut Bench) {
    let baseline = bench.plan.baseline.clone().expect("the plan has this job only with a baseline");
    bench.seed.grow(bench.plan.rows).await;
    let builds = [baseline.as_path(), bench.plan.program.as_path()].map(Path::to_owned);
    let title = format!("{} sessions, beside `{}`", bench.plan.rows, baseline.display());
    let mut table = Table::new(title, "| build | s | of the baseline | processor s | peak MB");
    let mut ratios = Vec::new();
    let mut add = |what: &str, runs: Vec<Outcome>| {
        for (build, run) in BUILDS.iter().zip(&runs) {
            let [took, of] = cells(run, &runs[0]);
            let cpu = run.as_ref().map_or_else(|_| String::new(), |run| seconds(run.cpu));
            table.row([what.to_owned(), (*build).to_owned(), took, of, cpu, peak(run)]);
        }
        ratios.extend(ratio(&runs[1], &runs[0]).map(|ratio| (format!("{what} / the baseline"), ratio)));
    };

    let (url, rounds) = (bench.seed.db.url.clone(), bench.plan.rounds);
    let to = Scratch::new(bench.plan.engine).await.unwrap();
    for name in ["s.ndjson", "s.ndjson.zst"] {
        let file = bench.file(name);
        let export = ["export", &file, "--quiet", "--force", "--url", &url];
        add(
            &format!("`export` to {}", &name[1..]),
            in_turns(rounds, &builds, async |b| Ok(ours_as(b, &export).await)).await,
        );
        // Both read what the earlier one has written: it may not know a later format.
        ours_as(&baseline, &export).await;
        let import = in_turns(rounds, &builds, async |build| {
            to.sql("DROP TABLE IF EXISTS tomcat_sessions").await;
            to.create_table("documented").await;
            Ok(ours_as(build, &["import", &file, "--quiet", "--url", &to.url]).await)
        });
        add(&format!("`import` of {}", &name[1..]), import.await);
        let _ = std::fs::remove_file(&file);
    }
    if let Some(mysql) = Scratch::new(Kind::Mysql).await {
        let migrate = ["migrate", "--from", &url, "--to", &mysql.url, "--quiet"];
        for (what, more) in [("`migrate` to MySQL", None), ("`migrate --no-verify` to MySQL", Some("--no-verify"))] {
            let args: Vec<&str> = migrate.iter().copied().chain(more).collect();
            let runs = in_turns(rounds, &builds, async |build| {
                mysql.sql("DROP TABLE IF EXISTS tomcat_sessions").await;
                mysql.create_table("documented").await;
                Ok(ours_as(build, &args).await)
            });
            add(what, runs.await);
        }
        let verify = ["verify", &url, &mysql.url, "--quiet"];
        add("`verify` of both", in_turns(rounds, &builds, async |build| Ok(ours_as(build, &verify).await)).await);
        mysql.drop().await;
    }
    for profile in ["documented", "recommended"] {
        let runs = in_turns(rounds, &builds, async |build| {
            bench.seed.copy(&to, profile, bench.plan.rows).await;
            Ok(ours_as(build, &["expire", "--allow-clock-skew", "--quiet", "--url", &to.url]).await)
        });
        add(&format!("`expire`, the {profile} table"), runs.await);
    }
    // A third is idle, and nothing is expired: expired sessions do not come back.
    let idle = format!("IF(CRC32(session_id) % 3 = 0, {}, {})", NOW.0 - 1_200_000, NOW.0);
    let mut back = [const { Vec::new() }; 2];
    let out = in_turns(rounds, &[0, 1], async |which| {
        to.sql("DROP TABLE IF EXISTS tomcat_sessions_swapped").await;
        bench.seed.copy_as(&to, "documented", bench.plan.rows, &idle).await;
        let mut store = to.open().await;
        store.create_swap_table().await.unwrap();
        store.close().await;
        let before = number(&to, "SELECT COUNT(*) FROM tomcat_sessions").await;
        let out = ["swap-out", "--max-idle", "10m", "--allow-clock-skew", "--quiet", "--url"];
        let run = ours_as(&builds[*which], &[&out[..], &[&to.url]].concat()).await;
        let again = ["swap-in", "--all", "--allow-clock-skew", "--quiet", "--url", &to.url];
        back[*which].push(ours_as(&builds[*which], &again).await);
        assert_eq!(number(&to, "SELECT COUNT(*) FROM tomcat_sessions").await, before, "not all came back");
        Ok(run)
    });
    add("`swap-out`", out.await);
    add("`swap-in --all`", back.map(|runs| Ok(crate::run::median(runs))).into());
    let list = ["list", "--limit", "20", "--quiet", "--url", &url];
    add("`list --limit 20`", in_turns(rounds.max(5), &builds, async |build| Ok(ours_as(build, &list).await)).await);

    to.drop().await;
    for (what, ratio) in ratios {
        bench.report.note_ratio(what, ratio);
    }
    bench.report.add(table);
}
