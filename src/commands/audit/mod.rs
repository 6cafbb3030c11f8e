//! `audit`: scans the data of all sessions for malicious and invalid contents.

mod problem;
mod source;
mod tally;

use std::cmp::Reverse;

use clap::ValueEnum;
use serde::Serialize;

use self::tally::Tally;
use crate::context::{Context, exit_code_of};
use crate::failure::{DONE, FINDINGS, Failure};
use crate::finding::{Finding, Remedy, Severity, by_severity, worst};
use crate::operations::parallel::ParallelMap;
use crate::options::filter::FilterArgs;
use crate::options::identity::IdentityArgs;
use crate::options::listing::LimitArgs;
use crate::session::Session;
use crate::ui::{Head, Page, Report, Table, count, plural};

/// Scan session data for malicious objects
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Whoever can write to the session table can run code in Tomcat, which deserializes its contents. \
audit reads the data of every session without a JVM. It reports classes used in known attacks, \
dynamic proxies, Realm passwords, ids that differ from the row's id, data that cannot be decoded, bytes \
after the end of a session, classes with two versions in one application, and classes that do not \
exist in Tomcat 10. A class that is not on the list of attacks is not necessarily harmless.

It also prints a sessionAttributeValueClassNameFilter for the Manager that accepts only the \
classes in use. Tomcat applies the filter to the classes in the data when it loads a session, and \
to the attributes when it saves one. Create the filter on a busy day: it accepts only the classes that \
the sessions contain when you run audit.

With SOURCE, audit reads an archive or a FileStore directory instead of the store. Do that before \
you import data from others.

Exit status:
  0    no findings except notes
  1    failed; SOURCE is damaged or not an archive
  2    usage error, or a file named by an option cannot be read
  4    findings
  10   cannot reach the database or log in to it
  11   the session table is missing or has the wrong structure
  130  interrupted: nothing is printed
  143  terminated, in the same way

Examples:
  tomcat-sessions audit
  tomcat-sessions audit sessions.ndjson.zst
  tomcat-sessions audit --app shop --format json | jq -r '.classes[].class' > allowed-classes")]
pub struct Args {
    /// Archive, `-` for stdin, or filestore:DIR, instead of the store
    #[arg(value_name = "SOURCE")]
    source: Option<String>,
    /// Sort order of the classes
    #[arg(long, value_enum, default_value_t)]
    sort: Sort,
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    identity: IdentityArgs,
    #[command(flatten)]
    filter: FilterArgs,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Sort {
    /// Name of the class
    #[default]
    Class,
    /// Number of sessions, largest first
    Sessions,
}

#[derive(Debug, Serialize)]
struct AuditReport {
    command: &'static str,
    sessions: u64,
    /// Sessions that were not audited because they were being saved.
    missed: u64,
    findings: Vec<Finding>,
    classes: Vec<Class>,
    /// Whether there were more classes than the report contains.
    classes_truncated: bool,
    class_name_filter: String,
}

#[derive(Debug, Serialize)]
struct Class {
    class: String,
    /// As strings: many JSON parsers lose digits of a 64-bit number.
    serial_version_uids: Vec<String>,
    sessions: u64,
    applications: Vec<String>,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    let stop = cx.stop_on_signals()?;
    let (batches, source, expected) = args.open(cx, &stop).await?;
    let mut judged = ParallelMap::new(batches, |sessions: Vec<Session>| {
        let mut tally = Tally::default();
        sessions.iter().for_each(|session| tally.add(session));
        tally
    });
    let mut tally = Tally::default();
    let mut progress = cx.ui.progress("Auditing sessions", expected);
    while let Some(some) = judged.next().await {
        tally.merge(some);
        progress.set(tally.sessions);
        if stop.requested().is_some() {
            break;
        }
    }
    drop((progress, judged));
    if let Some(signal) = stop.requested() {
        return Err(Failure::new(exit_code_of(signal), "interrupted before all sessions were read"));
    }
    let mut audit = AuditReport::new(tally, source.end().await?);
    if let Sort::Sessions = args.sort {
        audit.classes.sort_by_key(|class| Reverse(class.sessions));
    }
    args.limit.cut(cx, &mut audit.classes);
    cx.ui.report(&audit)?;
    Ok(if worst(&audit.findings) >= Some(Severity::Warning) { FINDINGS } else { DONE })
}

impl AuditReport {
    fn new(tally: Tally, missed: u64) -> AuditReport {
        AuditReport {
            command: "audit",
            sessions: tally.sessions,
            missed,
            findings: by_severity(tally.findings()),
            class_name_filter: tally.filter(),
            classes_truncated: tally.cut,
            classes: tally
                .classes
                .into_iter()
                .map(|(class, met)| Class {
                    class,
                    serial_version_uids: met.versions.keys().map(i64::to_string).collect(),
                    sessions: met.sessions,
                    applications: met.apps.into_keys().collect(),
                })
                .collect(),
        }
    }
}

impl Report for AuditReport {
    const RECORDS: Option<&'static str> = Some("findings");

    fn page(&self, page: &mut Page) {
        for finding in &self.findings {
            page.line(format!("{}: {} [{}]", finding.severity.as_str(), finding.message, finding.rule));
            let (Remedy::Sql(text) | Remedy::Config(text) | Remedy::Action(text)) = &finding.remedy;
            page.line(format!("  do: {text}"));
        }
        if !self.findings.is_empty() {
            page.blank();
        }
        if !self.classes.is_empty() {
            let heads = vec![Head::left("CLASS"), Head::right("SESSIONS"), Head::left("APPLICATIONS")];
            let row = |class: &Class| vec![class.class.clone(), count(class.sessions), class.applications.join(", ")];
            page.table(&Table { heads, rows: self.classes.iter().map(row).collect() });
            page.blank();
            page.line(
                "For the Manager in context.xml, after you have checked that your applications use these classes:",
            );
            page.verbatim(format!("  sessionAttributeValueClassNameFilter=\"{}\"", self.class_name_filter));
            page.blank();
        }
        if self.missed > 0 {
            page.line(format!("{} were skipped because Tomcat was saving them.", plural(self.missed, "session")));
        }
        page.line(match self.findings.len() as u64 {
            0 => format!("Audited {}: nothing was found.", plural(self.sessions, "session")),
            n => format!("Audited {}: {}.", plural(self.sessions, "session"), plural(n, "finding")),
        });
    }
}
