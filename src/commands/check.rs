//! `check`: inspects a store, and reports problems with their remedies.

use serde::Serialize;

use crate::catalina::{Version, base_of, lint};
use crate::context::Context;
use crate::failure::{DONE, FINDINGS, Failure, code_of_findings};
use crate::finding::{Finding, Severity, by_severity, worst};
use crate::operations::configuration_check;
use crate::operations::configuration_check::SkippedCheck;
use crate::operations::server_report::ServerReport;
use crate::store::check::{Fact, Facts, RULES, Rows, evaluate};
use crate::store::{ClusterKind, SessionStore, StoreError, TableName};
use crate::ui::{Page, Report, bytes, plural};

/// Check the table and the server, and print remedies
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
An error means that Tomcat, or a command of this program, cannot use the table. A warning means that \
sessions can be lost or exposed, or that requests become slow. A note is informational. Nothing is changed: a remedy is a \
statement to paste into a client, or an instruction. ALTER TABLE on a large table can make Tomcat \
wait. The account in --url is checked as if it were Tomcat's account; SELECT, INSERT and DELETE on \
the table are sufficient.

With --context-xml, the configuration of that Tomcat is checked too, with the rules of `tomcat lint`.

The scan reads the length of each session's data, which can take a while on a large table; --no-scan \
skips it.

Exit status:
  0   usable, possibly with warnings
  1   failed
  2   usage error, or a file named by an option cannot be read
  4   usable, with warnings (--strict), or with errors in the configuration
  10  cannot reach the database or log in to it
  11  unusable, or there is no such table

Examples:
  tomcat-sessions check
  tomcat-sessions check --strict --format json
  tomcat-sessions check --explain collation.case")]
pub struct Args {
    /// Exit with 4 if there are warnings
    #[arg(long)]
    strict: bool,
    /// Do not scan the rows
    #[arg(long)]
    no_scan: bool,
    /// Print the reason for a rule, and its source
    #[arg(long, value_name = "RULE", conflicts_with_all = ["strict", "no_scan"])]
    explain: Option<String>,
}

/// Result of an inspection.
#[derive(Debug, Serialize)]
struct CheckReport {
    command: &'static str,
    /// The variant of the server that answered: `mysql` or `mariadb`, for example.
    engine: &'static str,
    server_version: String,
    store: String,
    table: String,
    /// The host and port that answered.
    /// `galera` or `group-replication`.
    cluster: Option<&'static str>,
    #[serde(flatten)]
    server: ServerReport,
    account: Option<String>,
    usable: bool,
    errors: usize,
    warnings: usize,
    notes: usize,
    /// Number of rows; `null` if the rows were not scanned.
    sessions: Option<u64>,
    largest_bytes: Option<u64>,
    findings: Vec<Finding>,
    unchecked: Vec<SkippedCheck>,
    rules_checked: usize,
    /// Sessions whose data Tomcat cannot load.
    #[serde(skip)]
    unloadable: u64,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    if let Some(id) = &args.explain {
        return configuration_check::explain(id, "check", cx);
    }
    let mut store = cx.inspect().await?;
    let mut facts = store.facts(|| cx.clock()).await?;
    facts.rows = scan(&args, cx, &mut store, &facts).await?;
    let mut checked = CheckReport::new(&store, &facts);
    store.close().await;
    let code = code_of_findings(worst(&checked.findings), args.strict);
    let (configured, version) = configuration(cx, &facts)?;
    checked.findings.retain(|finding| configuration_check::applies(finding, version));
    let least = if args.strict { Severity::Warning } else { Severity::Error };
    let faulty = worst(&configured).is_some_and(|worst| worst >= least);
    checked.add(configured);
    cx.ui.report(&checked)?;
    Ok(if code == DONE && faulty { FINDINGS } else { code })
}

/// Findings about the Tomcat configuration from which the store was read, and the version of that Tomcat. Empty if the
/// store was given by a URL.
fn configuration(cx: &Context, facts: &Facts) -> Result<(Vec<Finding>, Option<Version>), Failure> {
    let Some(file) = &cx.options.context_xml else { return Ok((Vec::new(), None)) };
    let file = file.canonicalize()?;
    let Some(dir) = base_of(&file) else { return Ok((Vec::new(), None)) };
    let mut instance = configuration_check::instance(&dir, None, None);
    let of_store = |name: &str| TableName::parse(name, facts.dialect).is_ok_and(|name| name.table == facts.names.table);
    let places: Vec<_> = instance.databases().into_iter().filter(|at| of_store(&at.names.table)).collect();
    instance.tables = places.into_iter().map(|at| (at.place, configuration_check::table(facts))).collect();
    Ok((lint::evaluate(&instance), instance.version))
}

/// Scans the rows, unless --no-scan is given or the columns cannot be read.
async fn scan(args: &Args, cx: &Context, store: &mut SessionStore, facts: &Facts) -> Result<Fact<Rows>, StoreError> {
    if args.no_scan {
        return Ok(Fact::Unknown("--no-scan".to_owned()));
    }
    if !facts.shape.unreadable(&facts.names, facts.dialect).is_empty() {
        return Ok(Fact::Unknown("the table does not have the columns of a session table".to_owned()));
    }
    let later = facts.clocks.known().map_or(cx.now, |clocks| clocks.here.max(clocks.server));
    let _progress = cx.ui.progress("Scanning sessions", None);
    store.scan(later).await
}

impl CheckReport {
    fn new(store: &SessionStore, facts: &Facts) -> CheckReport {
        let findings = by_severity(evaluate(facts));
        let (errors, warnings, notes) = configuration_check::counts_by_severity(&findings);
        let rows = facts.rows.known();
        CheckReport {
            command: "check",
            engine: store.variant(),
            server_version: facts.server.version.clone(),
            store: store.target().to_string(),
            table: facts.names.table.clone(),
            cluster: store.cluster().map(cluster_name),
            server: ServerReport::of(store).with_role(facts.role),
            account: facts.server.user.clone(),
            usable: worst(&findings) != Some(Severity::Error),
            errors,
            warnings,
            notes,
            sessions: rows.map(|rows| rows.sessions),
            largest_bytes: rows.map(|rows| rows.largest_bytes),
            unchecked: unchecked(facts),
            rules_checked: RULES.len(),
            findings,
            unloadable: rows.map_or(0, |rows| rows.without_data + rows.no_stream),
        }
    }
}

impl CheckReport {
    /// Adds the findings about the configuration, after those about the table with the same severity.
    fn add(&mut self, configured: Vec<Finding>) {
        if !configured.is_empty() {
            self.rules_checked += lint::RULES.len();
        }
        self.findings = by_severity(std::mem::take(&mut self.findings).into_iter().chain(configured).collect());
        (self.errors, self.warnings, self.notes) = configuration_check::counts_by_severity(&self.findings);
    }
}

fn cluster_name(kind: ClusterKind) -> &'static str {
    match kind {
        ClusterKind::Galera => "galera",
        ClusterKind::Group => "group-replication",
    }
}

fn unchecked(facts: &Facts) -> Vec<SkippedCheck> {
    fn reason<T>(what: &str, fact: &Fact<T>) -> Option<SkippedCheck> {
        match fact {
            Fact::Unknown(why) => Some(SkippedCheck { subject: what.to_owned(), reason: why.clone() }),
            Fact::Known(_) | Fact::Absent => None,
        }
    }
    let all = [
        reason("the rows", &facts.rows),
        reason("the grants", &facts.grants),
        reason("the clocks", &facts.clocks),
        reason("the encryption", &facts.link),
        reason("the space of the table", &facts.vacuum),
        reason("the limits on connections", &facts.limits),
    ];
    all.into_iter().flatten().collect()
}

impl Report for CheckReport {
    const RECORDS: Option<&'static str> = Some("findings");

    fn is_needed(&self) -> bool {
        self.errors + self.warnings > 0
    }

    fn page(&self, page: &mut Page) {
        configuration_check::findings(&self.findings, &self.unchecked, page);
        let account = self.account.as_ref().map(|account| format!(", as {account}")).unwrap_or_default();
        let rows = match (self.sessions, self.largest_bytes) {
            (Some(0), _) => ", no sessions".to_owned(),
            (Some(n), Some(largest)) => format!(", {}, the largest {}", plural(n, "session"), bytes(largest)),
            _ => String::new(),
        };
        page.prose(
            0,
            format!(
                "Checked `{}` of {}, {} {}{account}{rows}, against {} rules.",
                self.table, self.store, self.engine, self.server_version, self.rules_checked
            ),
        );
        let counted = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let found: Vec<String> =
            counted.into_iter().filter(|(n, _)| *n > 0).map(|(n, noun)| plural(n as u64, noun)).collect();
        let usable = match (self.usable, self.unloadable) {
            (false, _) => "Not usable".to_owned(),
            (true, 0) => "Usable".to_owned(),
            (true, n) => format!("Usable, but at least {} cannot be loaded by Tomcat", plural(n, "session")),
        };
        self.server.line(page);
        page.line(match found.as_slice() {
            [] => format!("{usable}: no findings."),
            found => format!("{usable}: {}.", found.join(", ")),
        });
        if self.unloadable > 0 {
            page.line("List of these sessions with the reasons: `tomcat-sessions list --restorable no`");
        }
        if let Some(first) = self.findings.first() {
            page.line(format!("Explanation: `tomcat-sessions check --explain {}`", first.rule));
        }
    }
}
