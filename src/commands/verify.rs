//! `verify`: compares two stores row by row.

use serde::Serialize;

use super::pair::{Counts, Differing, PairArgs, Place, open, require_two, summary, table};
use crate::context::{Context, code_of};
use crate::failure::{DONE, FINDINGS, Failure};
use crate::session::Difference;
use crate::store::{CompareEnded, Comparer, Signal};
use crate::ui::{Page, Report, age, count};

/// Compare two stores row by row: columns, and the SHA-256 of the data
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
The first store is the one that is right: a session is missing where the second lacks it, extra \
where only the second has it, and different where a column or the data differs. A server computes \
the hashes itself where it can, so that the data does not travel.

It may run beside live Tomcats. What differs is looked at again, twice, with 250 ms between: a session \
that is being saved is absent for a moment. One that a Tomcat wrote meanwhile, or since the run \
began, is listed as changed and is no difference.

What is held in memory is at most 18 bytes a session.

Exit status:
  0    both hold the same sessions, but for such as Tomcat changed meanwhile
  2    wrong usage
  4    there are differences
  10   cannot reach a database or log in to it
  11   a session table is missing or has the wrong shape
  130  interrupted: the summary says how far it came
  143  terminated: likewise

Examples:
  tomcat-sessions verify mysql://tomcat@old/tomcat mysql://tomcat@new/tomcat
  tomcat-sessions --url mysql://tomcat@old/tomcat verify sqlite:copy.db --format json")]
pub struct Args {
    /// The two stores by their URLs; of one alone, the first is that of --url
    #[arg(value_name = "URL", required = true, num_args = 1..=2)]
    stores: Vec<String>,
    #[command(flatten)]
    pair: PairArgs,
    /// List at most so many sessions; 0 for all. All are counted
    #[arg(long, value_name = "N", default_value_t = 1000)]
    limit: usize,
}

/// What was compared and what was found.
#[derive(Debug, Serialize)]
struct Verified {
    command: &'static str,
    from: Place,
    to: Place,
    #[serde(flatten)]
    counts: Counts,
    /// `done`, `interrupted`, `terminated`, `failed`.
    ended: &'static str,
    error: Option<String>,
    took_ms: u64,
    differences: Vec<Differing>,
    #[serde(skip)]
    full_ids: bool,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    let (first, second) = match args.stores.as_slice() {
        [first, second] => (Some(first.as_str()), second.as_str()),
        [second] => (None, second.as_str()),
        _ => return Err(Failure::usage("two stores are compared")),
    };
    let (mut from, mut to) = (args.pair.from(cx, first)?, args.pair.to(cx, second)?);
    let mut from = open(cx, &mut from, &cx.options.naming).await?;
    let mut to = open(cx, &mut to, &args.pair.to_naming(cx)).await?;
    require_two(&from, &to)?;
    let stop = cx.stop_on_signals()?;
    let most = if args.limit == 0 { usize::MAX } else { args.limit };
    let mut found: Vec<Difference> = Vec::new();
    let mut progress = cx.ui.progress("Comparing sessions", None);
    let comparer = Comparer { left: &mut from, right: &mut to, began: cx.now, stop };
    let done = comparer
        .run(
            &mut |difference| {
                if found.len() < most {
                    found.push(difference);
                }
            },
            &mut |read| progress.set(read),
        )
        .await;
    drop(progress);
    found.sort_by(|a, b| a.key.cmp(&b.key));
    let (ended, error) = match &done.ended {
        CompareEnded::Done => ("done", None),
        CompareEnded::Signal(Signal::Interrupt) => ("interrupted", None),
        CompareEnded::Signal(Signal::Terminate) => ("terminated", None),
        CompareEnded::Failed(error) => ("failed", Some(error.to_string())),
    };
    let report = Verified {
        command: "verify",
        from: Place::of(&from),
        to: Place::of(&to),
        counts: Counts::of(&done),
        ended,
        error,
        took_ms: u64::try_from(done.took.as_millis()).unwrap_or(u64::MAX),
        differences: found.into_iter().map(Differing::from).collect(),
        full_ids: cx.options.full_ids,
    };
    from.close().await;
    to.close().await;
    cx.ui.report(&report)?;
    let differences = done.differences();
    match done.ended {
        CompareEnded::Done if differences == 0 => Ok(DONE),
        CompareEnded::Done => Ok(FINDINGS),
        CompareEnded::Signal(signal) => Ok(code_of(signal)),
        CompareEnded::Failed(error) => Err(error.into()),
    }
}

impl Report for Verified {
    const RECORDS: Option<&'static str> = Some("differences");

    fn page(&self, page: &mut Page) {
        table(page, &self.differences, self.full_ids);
        let c = &self.counts;
        let found = c.missing + c.extra + c.different + c.changed;
        if found > self.differences.len() as u64 {
            page.line(format!(
                "Listed are {} of {}; --limit 0 lists all.",
                count(self.differences.len() as u64),
                count(found)
            ));
        }
        page.prose(0, format!("Compared {} with {}, in {}.", self.from.shown(), self.to.shown(), age(self.took_ms)));
        page.line(summary(c));
        if self.ended != "done" {
            let why = match self.ended {
                "interrupted" => "it was interrupted",
                "terminated" => "it was terminated",
                _ => "a database failed",
            };
            page.line(format!("Stopped before the end: {why}."));
        }
    }
}
