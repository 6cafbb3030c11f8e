//! `tomcat lint`: checks the configuration of Tomcats.

mod sarif;

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::catalina::Version;
use crate::catalina::lint::{RULES, TomcatInstance, evaluate, rule};
use crate::context::Context;
use crate::failure::{DONE, FINDINGS, Failure};
use crate::finding::{Finding, Severity, by_severity, worst};
use crate::operations::configuration_check::{
    SkippedCheck, check_databases, counts_by_severity, explain, findings, instance, without_url,
};
use crate::ui::{Format, Page, Report, plural};

/// Check the configuration of Tomcats, and print problems with their remedies
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
DIR is a CATALINA_BASE. lint reads conf/server.xml, conf/context.xml, conf/ENGINE/HOST/*.xml, \
META-INF/context.xml and web.xml of applications (also in WAR files), conf/catalina.properties or \
the file in -Dcatalina.config, bin/setenv.sh and the jars in lib, and changes nothing. To compare the routes of all Tomcats behind one load balancer, give all their \
directories.

The version of Tomcat is read from catalina.jar in the lib directory of DIR or CATALINA_HOME. The \
databases of the Stores are checked too, with the rules of `check` and the account in the \
configuration. An unreachable database is reported as not checked; --offline skips all databases.

Stop Tomcat before you change its files: with autoDeploy=\"true\", the default, a running Tomcat \
redeploys every application as soon as conf/context.xml changes.

Exit status:
  0  no findings except notes
  2  usage error, or DIR is not a CATALINA_BASE
  4  errors or warnings; with --strict also notes

Examples:
  tomcat-sessions tomcat lint /var/lib/tomcat10
  tomcat-sessions tomcat lint --catalina-home /usr/share/tomcat10 node1 node2 --format sarif
  tomcat-sessions tomcat lint --explain activity.missing")]
pub struct Args {
    /// CATALINA_BASE of each Tomcat
    #[arg(value_name = "DIR", required_unless_present = "explain")]
    dirs: Vec<PathBuf>,
    /// CATALINA_HOME, if different from DIR [default: the environment variable]
    #[arg(long, value_name = "DIR")]
    catalina_home: Option<PathBuf>,
    /// Tomcat version, if its jars are not available
    #[arg(long, value_name = "X.Y.Z", value_parser = version)]
    tomcat_version: Option<Version>,
    /// Do not connect to databases
    #[arg(long)]
    offline: bool,
    /// Exit with 4 even if there are only notes
    #[arg(long)]
    strict: bool,
    /// Print the reason for a rule, and its source
    #[arg(long, value_name = "RULE", conflicts_with = "dirs")]
    explain: Option<String>,
}

/// Result of a check.
#[derive(Serialize)]
struct LintReport {
    command: &'static str,
    tomcats: Vec<Tomcat>,
    errors: usize,
    warnings: usize,
    notes: usize,
    findings: Vec<Finding>,
    unchecked: Vec<SkippedCheck>,
    rules_checked: usize,
}

#[derive(Serialize)]
struct Tomcat {
    dir: PathBuf,
    version: Option<String>,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    if let Some(id) = &args.explain {
        return explain(id, "tomcat lint", cx);
    }
    let mut instances = Vec::new();
    for dir in &args.dirs {
        if !dir.join("conf").is_dir() {
            return Err(Failure::usage(format!(
                "`{}` is not a CATALINA_BASE: it has no directory `conf`",
                dir.display()
            ))
            .hint("in Debian packages it is /var/lib/tomcat10; `ps` shows it as -Dcatalina.base"));
        }
        instances.push(instance(dir, args.catalina_home.as_deref(), args.tomcat_version));
    }
    set_others(&mut instances);
    let mut linted = LintReport::new(&instances);
    for instance in &mut instances {
        let mut found = Vec::new();
        linted.unchecked.extend(without_url(instance));
        if !args.offline {
            let (of_tables, unchecked) = check_databases(cx, instance).await?;
            found = of_tables;
            linted.unchecked.extend(unchecked);
        }
        let all = evaluate(instance).into_iter().chain(found);
        let several = args.dirs.len() > 1;
        linted.findings.extend(all.map(|finding| if several { below(&instance.base.dir, finding) } else { finding }));
    }
    linted.count();
    if cx.ui.format() == Format::Sarif {
        cx.ui.text(sarif::document(&linted.findings).as_bytes())?;
    } else {
        cx.ui.report(&linted)?;
    }
    let least = if args.strict { Severity::Note } else { Severity::Warning };
    Ok(if worst(&linted.findings).is_some_and(|worst| worst >= least) { FINDINGS } else { DONE })
}

/// Adds to each Tomcat the directories and routes of the others.
fn set_others(instances: &mut [TomcatInstance]) {
    let route = |instance: &TomcatInstance| {
        instance.base.engines().find_map(|engine| engine.get("jvmRoute")).map(str::to_owned)
    };
    let all: Vec<(PathBuf, Option<String>)> =
        instances.iter().map(|instance| (instance.base.dir.clone(), route(instance))).collect();
    for (i, instance) in instances.iter_mut().enumerate() {
        instance.others = all.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, other)| other.clone()).collect();
    }
}

/// The finding with its path below this CATALINA_BASE; without a file, the directory itself.
fn below(dir: &Path, finding: Finding) -> Finding {
    let file = finding.file.as_ref().map_or_else(|| dir.to_owned(), |file| dir.join(file));
    Finding { file: Some(file.display().to_string()), ..finding }
}

fn version(text: &str) -> Result<Version, String> {
    Version::parse(text).ok_or_else(|| "write a version such as 10.1.60".to_owned())
}

impl LintReport {
    fn new(instances: &[TomcatInstance]) -> LintReport {
        let tomcat = |instance: &TomcatInstance| Tomcat {
            dir: instance.base.dir.clone(),
            version: instance.version.map(|v| v.to_string()),
        };
        let unknown = instances.iter().filter(|instance| instance.version.is_none()).map(|instance| SkippedCheck {
            subject: format!("the version of {}", instance.base.dir.display()),
            reason: "lib has no catalina.jar; use --catalina-home or --tomcat-version".to_owned(),
        });
        LintReport {
            command: "tomcat lint",
            tomcats: instances.iter().map(tomcat).collect(),
            errors: 0,
            warnings: 0,
            notes: 0,
            findings: Vec::new(),
            unchecked: unknown.collect(),
            rules_checked: RULES.len(),
        }
    }

    fn count(&mut self) {
        self.findings = by_severity(std::mem::take(&mut self.findings));
        (self.errors, self.warnings, self.notes) = counts_by_severity(&self.findings);
    }
}

impl Report for LintReport {
    const RECORDS: Option<&'static str> = Some("findings");

    fn page(&self, page: &mut Page) {
        findings(&self.findings, &self.unchecked, page);
        let tomcats = self.tomcats.iter().map(|tomcat| {
            let version = tomcat.version.as_ref().map(|version| format!(" (Tomcat {version})")).unwrap_or_default();
            format!("{}{version}", tomcat.dir.display())
        });
        page.prose(
            0,
            format!("Checked {} against {} rules.", tomcats.collect::<Vec<_>>().join("; "), self.rules_checked),
        );
        let counted = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let found: Vec<String> =
            counted.into_iter().filter(|(n, _)| *n > 0).map(|(n, noun)| plural(n as u64, noun)).collect();
        match found.as_slice() {
            [] => page.line("No findings."),
            found => page.line(format!("Found {}.", found.join(", "))),
        }
        if let Some(first) = self.findings.iter().find(|finding| rule(finding.rule).is_some()) {
            page.line(format!("Explanation: `tomcat-sessions tomcat lint --explain {}`", first.rule));
        }
    }
}
