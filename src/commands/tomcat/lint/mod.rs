//! `tomcat lint`: what is wrong with the configuration of a Tomcat, before users are logged out.

mod sarif;

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::catalina::Version;
use crate::catalina::lint::{RULES, Site, judge, rule};
use crate::context::Context;
use crate::failure::{DONE, FINDINGS, Failure};
use crate::finding::{Finding, Severity, by_severity, worst};
use crate::operations::configuration_check::{Unchecked, counted, explain, findings, hold, site, without_url};
use crate::ui::{Format, Page, Report, plural};

/// Read the configuration of Tomcats, and say what is wrong with it and how to mend it
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
DIR is a CATALINA_BASE: conf/server.xml, conf/context.xml, conf/ENGINE/HOST/*.xml, META-INF/context.xml, \
web.xml, conf/catalina.properties, bin/setenv.sh and the jars in lib are read, and nothing is changed. \
Name the directories of all Tomcats behind one load balancer to have their routes compared.

The version of Tomcat is read from catalina.jar in lib of DIR or of CATALINA_HOME. The databases that \
the Stores name are looked at too, as `check` does, with the configuration's own account; one that \
cannot be reached is noted, and --offline leaves all of them out.

Exit status:
  0  nothing was found to be wrong, notes apart
  2  wrong usage, or DIR is no CATALINA_BASE
  4  errors or warnings; with --strict notes too

Examples:
  tomcat-sessions tomcat lint /var/lib/tomcat10
  tomcat-sessions tomcat lint --catalina-home /usr/share/tomcat10 node1 node2 --format sarif
  tomcat-sessions tomcat lint --explain activity.missing")]
pub struct Args {
    /// CATALINA_BASE of each Tomcat
    #[arg(value_name = "DIR", required_unless_present = "explain")]
    dirs: Vec<PathBuf>,
    /// CATALINA_HOME, where it is not DIR itself [default: the variable of that name]
    #[arg(long, value_name = "DIR")]
    catalina_home: Option<PathBuf>,
    /// The version of Tomcat, where its jars are not at hand
    #[arg(long, value_name = "X.Y.Z", value_parser = version)]
    tomcat_version: Option<Version>,
    /// Connect to no database
    #[arg(long)]
    offline: bool,
    /// Exit with 4 when there are notes too
    #[arg(long)]
    strict: bool,
    /// Say why a rule is one, and what that rests on
    #[arg(long, value_name = "RULE", conflicts_with = "dirs")]
    explain: Option<String>,
}

/// What was looked at and what was found.
#[derive(Serialize)]
struct Linted {
    command: &'static str,
    tomcats: Vec<Tomcat>,
    errors: usize,
    warnings: usize,
    notes: usize,
    findings: Vec<Finding>,
    unchecked: Vec<Unchecked>,
    rules: usize,
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
    let mut sites = Vec::new();
    for dir in &args.dirs {
        if !dir.join("conf").is_dir() {
            return Err(Failure::usage(format!("`{}` is no CATALINA_BASE: it has no directory `conf`", dir.display()))
                .hint("with Debian's packages it is /var/lib/tomcat10; `ps` shows it as -Dcatalina.base"));
        }
        sites.push(site(dir, args.catalina_home.as_deref(), args.tomcat_version));
    }
    introduce(&mut sites);
    let mut linted = Linted::new(&sites);
    for site in &mut sites {
        let mut found = Vec::new();
        linted.unchecked.extend(without_url(site));
        if !args.offline {
            let (of_tables, unchecked) = hold(cx, site).await?;
            found = of_tables;
            linted.unchecked.extend(unchecked);
        }
        let all = judge(site).into_iter().chain(found);
        let several = args.dirs.len() > 1;
        linted.findings.extend(all.map(|finding| if several { below(&site.base.dir, finding) } else { finding }));
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

/// Tells each Tomcat of the others.
fn introduce(sites: &mut [Site]) {
    let route = |site: &Site| site.base.engines().find_map(|engine| engine.get("jvmRoute")).map(str::to_owned);
    let all: Vec<(PathBuf, Option<String>)> = sites.iter().map(|site| (site.base.dir.clone(), route(site))).collect();
    for (i, site) in sites.iter_mut().enumerate() {
        site.others = all.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, other)| other.clone()).collect();
    }
}

fn below(dir: &Path, finding: Finding) -> Finding {
    let file = finding.file.as_ref().map(|file| dir.join(file).display().to_string());
    Finding { file, ..finding }
}

fn version(text: &str) -> Result<Version, String> {
    Version::parse(text).ok_or_else(|| "a version is written as 10.1.60".to_owned())
}

impl Linted {
    fn new(sites: &[Site]) -> Linted {
        let tomcat = |site: &Site| Tomcat { dir: site.base.dir.clone(), version: site.version.map(|v| v.to_string()) };
        let unknown = sites.iter().filter(|site| site.version.is_none()).map(|site| Unchecked {
            what: format!("the version of {}", site.base.dir.display()),
            why: "lib has no catalina.jar; --catalina-home or --tomcat-version says it".to_owned(),
        });
        Linted {
            command: "tomcat lint",
            tomcats: sites.iter().map(tomcat).collect(),
            errors: 0,
            warnings: 0,
            notes: 0,
            findings: Vec::new(),
            unchecked: unknown.collect(),
            rules: RULES.len(),
        }
    }

    fn count(&mut self) {
        self.findings = by_severity(std::mem::take(&mut self.findings));
        (self.errors, self.warnings, self.notes) = counted(&self.findings);
    }
}

impl Report for Linted {
    const RECORDS: Option<&'static str> = Some("findings");

    fn page(&self, page: &mut Page) {
        findings(&self.findings, &self.unchecked, page);
        let tomcats = self.tomcats.iter().map(|tomcat| {
            let version = tomcat.version.as_ref().map(|version| format!(", Tomcat {version}")).unwrap_or_default();
            format!("{}{version}", tomcat.dir.display())
        });
        page.prose(0, format!("Read {}, by {} rules.", tomcats.collect::<Vec<_>>().join("; "), self.rules));
        let counted = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let found: Vec<String> =
            counted.into_iter().filter(|(n, _)| *n > 0).map(|(n, noun)| plural(n as u64, noun)).collect();
        match found.as_slice() {
            [] => page.line("Nothing was found to be wrong."),
            found => page.line(format!("Found {}.", found.join(", "))),
        }
        if let Some(first) = self.findings.iter().find(|finding| rule(finding.rule).is_some()) {
            page.line(format!("`tomcat-sessions tomcat lint --explain {}` says why.", first.rule));
        }
    }
}
