//! `prune`: deletes old archives of `export` from a directory, with the rules of `restic forget`.

mod report;
mod scan;

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use self::report::{PruneReport, PrunedArchive};
use self::scan::{Archives, DamagedArchive, FoundArchive};
use crate::archive::{KeepReason, Retention, UNLIMITED};
use crate::context::{Context, exit_code_of};
use crate::failure::{DONE, Failure, PARTLY};
use crate::operations::confirmation::ask;
use crate::options::confirmation::YesArgs;
use crate::options::identity::IdentityArgs;
use crate::options::value_parsers::duration;
use crate::ui::{bytes, plural, time_zone};

/// Delete old archives made by `export`, and keep recent ones
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
The rules are those of `restic forget`. --keep-last keeps the newest N archives, --keep-daily the \
newest archive of each of the last N days that have one, and so on; days, hours and other periods \
without an archive do not count. An archive is kept if at least one rule keeps it. A rule also keeps \
the oldest archive if archives exist for fewer than its N periods. --keep-within counts back from the \
newest archive, not from now: if the export stops working, nothing is deleted. Periods are those of the local time, or of UTC with --utc.

A directory may hold archives of several jobs: the rules apply separately to each store, table, and \
set of filters.

Archives are recognized by their contents. Every archive is read completely: a damaged or incomplete \
one is reported and not deleted, and does not count as one that is kept. Other files, hidden files, \
subdirectories, and archives of `swap-out` and --backup, whose sessions are nowhere else, are left \
alone. Without --identity, encrypted archives are left alone too.

Exit status:
  0    done, also if there was nothing to delete
  1    failed, or not confirmed
  2    usage error, or no --keep option was given
  3    archives are damaged, or could not be deleted (they are listed)
  130  interrupted: the remaining archives were not deleted
  143  terminated, in the same way

Examples:
  tomcat-sessions prune /var/backups/sessions --keep-last 7 --dry-run
  tomcat-sessions prune /var/backups/sessions --keep-hourly 24 --keep-daily 14 --keep-weekly 8 --quiet")]
pub struct Args {
    /// Directory with the archives
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Keep the newest N archives (or `unlimited`)
    #[arg(long, value_name = "N", default_value = "0", value_parser = number, hide_default_value = true)]
    keep_last: u32,
    /// Keep the newest archive of each of the last N hours that have one
    #[arg(long, value_name = "N", default_value = "0", value_parser = number, hide_default_value = true)]
    keep_hourly: u32,
    /// Keep the newest archive of each of the last N days that have one
    #[arg(long, value_name = "N", default_value = "0", value_parser = number, hide_default_value = true)]
    keep_daily: u32,
    /// Keep the newest archive of each of the last N weeks that have one
    #[arg(long, value_name = "N", default_value = "0", value_parser = number, hide_default_value = true)]
    keep_weekly: u32,
    /// Keep the newest archive of each of the last N months that have one
    #[arg(long, value_name = "N", default_value = "0", value_parser = number, hide_default_value = true)]
    keep_monthly: u32,
    /// Keep the newest archive of each of the last N years that have one
    #[arg(long, value_name = "N", default_value = "0", value_parser = number, hide_default_value = true)]
    keep_yearly: u32,
    /// Keep the archives made within this time before the newest one
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    keep_within: Option<Duration>,
    /// Show what would be deleted, without deleting it
    #[arg(short = 'n', long)]
    dry_run: bool,
    #[command(flatten)]
    yes: YesArgs,
    #[command(flatten)]
    identity: IdentityArgs,
}

/// The number of archives to keep.
fn number(text: &str) -> Result<u32, String> {
    match text {
        "unlimited" => Ok(UNLIMITED),
        _ => text.parse().map_err(|_| "write a number, or `unlimited`".to_owned()),
    }
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    let begun = Instant::now();
    let retention = args.retention()?;
    let stop = cx.stop_on_signals()?;
    let mut progress = cx.ui.progress("Reading archives", None);
    let (dir, identities, asked) = (args.dir.clone(), args.identity.identities(cx), stop.clone());
    let reading = tokio::task::spawn_blocking(move || {
        scan::archives(&dir, &identities, &|| asked.requested().is_some(), &mut |read| progress.set(read))
    });
    let archives = reading.await.map_err(|e| Failure::failed(format!("the reader failed: {e}")))??;
    if let Some(signal) = stop.requested() {
        cx.ui.note("Interrupted: nothing was deleted.");
        return Ok(exit_code_of(signal));
    }
    let Archives { found, damaged, ignored } = archives;
    let mut judged = reasons_to_keep(cx, found, &retention);
    let goes: Vec<&(FoundArchive, Vec<KeepReason>)> = judged.iter().filter(|(_, reasons)| reasons.is_empty()).collect();
    if goes.len() > 1 && args.yes.asks(cx, args.dry_run) {
        let size = goes.iter().map(|(archive, _)| archive.size).sum();
        let question =
            format!("{} of {}, {}. Delete?", plural(goes.len() as u64, "archive"), judged.len(), bytes(size));
        ask(cx, &stop, &[], &question).await?;
    }
    let mut report = PruneReport::new(args.dry_run, &args.dir, damaged, ignored);
    for (archive, reasons) in judged.drain(..) {
        let goes = reasons.is_empty();
        let ended = stop.requested().is_some();
        let error = if goes && !args.dry_run && !ended { archive.delete().err() } else { None };
        report.add(PrunedArchive::new(archive, &reasons, goes && !ended, error));
    }
    if report.deleted_any() {
        // The deletions are durable only after the directory is synced.
        let _ = File::open(&args.dir).and_then(|dir| dir.sync_all());
    }
    report.took(begun.elapsed());
    for DamagedArchive { file, reason } in &report.damaged {
        cx.ui.warn(format!("Not deleted: `{file}` is damaged: {reason}."));
    }
    for (file, error) in report.failed() {
        cx.ui.warn(format!("Cannot delete `{file}`: {error}."));
    }
    cx.ui.report(&report)?;
    Ok(match stop.requested() {
        Some(signal) => exit_code_of(signal),
        None if report.is_partial() => PARTLY,
        None => DONE,
    })
}

/// The archives, sorted by job and then from new to old, each with the reasons to keep it. An archive without a reason
/// is deleted.
fn reasons_to_keep(
    cx: &Context,
    mut found: Vec<FoundArchive>,
    retention: &Retention,
) -> Vec<(FoundArchive, Vec<KeepReason>)> {
    let zone = time_zone(cx.options.utc);
    found.sort_by(|a, b| {
        (&a.job, std::cmp::Reverse(a.created), &b.path).cmp(&(&b.job, std::cmp::Reverse(b.created), &a.path))
    });
    let mut reasons = Vec::with_capacity(found.len());
    for group in found.chunk_by(|a, b| a.job == b.job) {
        let made: Vec<_> = group.iter().map(|archive| archive.created).collect();
        reasons.extend(retention.reasons(&made, &zone));
    }
    found.into_iter().zip(reasons).collect()
}

impl FoundArchive {
    /// Deletes the archive, if it is still the file that was read.
    fn delete(&self) -> Result<(), String> {
        let now = fs::symlink_metadata(&self.path).map_err(|e| e.to_string())?;
        if self.file != scan::identity(&now) {
            return Err("it was replaced while it was read".to_owned());
        }
        fs::remove_file(&self.path).map_err(|e| e.to_string())
    }
}

impl Args {
    fn retention(&self) -> Result<Retention, Failure> {
        let retention = Retention {
            last: self.keep_last,
            hourly: self.keep_hourly,
            daily: self.keep_daily,
            weekly: self.keep_weekly,
            monthly: self.keep_monthly,
            yearly: self.keep_yearly,
            within: self.keep_within,
        };
        if retention.is_empty() {
            return Err(Failure::usage("no --keep option was given, so that every archive would be deleted")
                .hint("`tomcat-sessions prune /var/backups/sessions --keep-daily 14 --dry-run`"));
        }
        Ok(retention)
    }
}
