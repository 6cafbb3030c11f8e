//! Checks that `tomcat lint` and `check --context-xml` share: a configuration, and the tables that it uses.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::catalina::lint::{Table, TomcatInstance, UrlCheck};
use crate::catalina::{Base, ConfiguredStore, Libraries, Location, Version, lint};
use crate::context::{Context, naming_of, target_of, variable};
use crate::failure::{DONE, Failure};
use crate::finding::{Finding, Remedy, Severity};
use crate::store::check::{Facts, evaluate};
use crate::store::{Configured, Key, Naming, SessionStore, check, parse_configured};
use crate::suggestion::nearest;
use crate::ui::{Page, Report};

/// A check that could not be made.
#[derive(Debug, Serialize)]
pub struct SkippedCheck {
    pub subject: String,
    pub reason: String,
}

/// The reason for a rule, for `--explain`.
#[derive(Debug, Serialize)]
struct RuleExplanation {
    rule: &'static str,
    reason: &'static str,
    source: &'static str,
}

impl Report for RuleExplanation {
    const DOCUMENT: bool = true;

    fn page(&self, page: &mut Page) {
        page.prose(0, format!("{}: {}", self.rule, self.reason));
        page.prose(0, format!("source: {}", self.source));
    }
}

/// Prints the reason for a rule, and its source. Rules about tables and about configurations are both accepted, because
/// the report of either command may contain both.
///
/// # Errors
/// Usage error if there is no such rule.
pub fn explain(id: &str, command: &str, cx: &Context) -> Result<u8, Failure> {
    let of_tables =
        check::RULES.iter().map(|rule| RuleExplanation { rule: rule.id, reason: rule.why, source: rule.source });
    let of_files =
        lint::RULES.iter().map(|rule| RuleExplanation { rule: rule.id, reason: rule.why, source: rule.source });
    let mut rules: Vec<RuleExplanation> = of_tables.chain(of_files).collect();
    if command == "tomcat lint" {
        rules.rotate_left(check::RULES.len());
    }
    if let Some(rule) = rules.iter().find(|rule| rule.rule == id) {
        cx.ui.report(rule)?;
        return Ok(DONE);
    }
    Err(unknown_rule(id, command, &rules))
}

/// Suggests the rule that is probably meant; otherwise lists the rules with the same prefix, or all.
fn unknown_rule(id: &str, command: &str, rules: &[RuleExplanation]) -> Failure {
    // Ids with the same prefix are always similar, so only the rest is compared.
    let (theme, rest) = id.split_once('.').unwrap_or((id, ""));
    let all = || rules.iter().map(|rule| rule.rule);
    let akin: Vec<(&str, &str)> =
        all().filter_map(|rule| Some((rule, rule.strip_prefix(theme)?.strip_prefix('.')?))).collect();
    let meant = if akin.is_empty() {
        nearest(id, all())
    } else {
        let meant = nearest(rest, akin.iter().map(|(_, rest)| *rest));
        akin.iter().find(|(_, rest)| Some(*rest) == meant).map(|(rule, _)| *rule)
    };
    let failure = Failure::usage(format!("there is no rule `{id}`"));
    let failure = match meant {
        Some(rule) => failure.hint(format!("did you mean `tomcat-sessions {command} --explain {rule}`?")),
        None => failure,
    };
    let named: Vec<&str> = if akin.is_empty() { all().collect() } else { akin.iter().map(|(rule, _)| *rule).collect() };
    failure.hint(format!("rules are {}", named.join(", ")))
}

/// The numbers of errors, warnings and notes.
pub fn counts_by_severity(findings: &[Finding]) -> (usize, usize, usize) {
    let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    (of(Severity::Error), of(Severity::Warning), of(Severity::Note))
}

/// Prints findings with their remedies, and the checks that could not be made.
pub fn findings(findings: &[Finding], unchecked: &[SkippedCheck], page: &mut Page) {
    for finding in findings {
        page.prose(2, format!("{}: {} [{}]", finding.severity.as_str(), finding.message, finding.rule));
        if let Some(file) = &finding.file {
            let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
            page.line(format!("  at {file}{line}"));
        }
        match &finding.remedy {
            Remedy::Sql(text) | Remedy::Config(text) => page.verbatim(format!("  paste: {text}")),
            Remedy::Action(text) => page.prose(6, format!("  do: {text}")),
        }
    }
    for unchecked in unchecked {
        page.prose(2, format!("note: not checked: {} ({})", unchecked.subject, unchecked.reason));
    }
    if !findings.is_empty() || !unchecked.is_empty() {
        page.blank();
    }
}

/// Reads a CATALINA_BASE, with the jars of CATALINA_HOME if it is known.
pub fn instance(dir: &Path, home: Option<&Path>, version: Option<Version>) -> TomcatInstance {
    let home = home.map(Path::to_owned).or_else(|| variable("CATALINA_HOME").map(PathBuf::from));
    let base = Base::read(dir, home.as_deref(), &variable);
    let mut instance = TomcatInstance::of(base, version);
    let classes = instance.searched_classes();
    instance.libraries = Libraries::read(&instance.base, &classes);
    instance.libraries.search_applications(&instance.base.applications(), &classes);
    instance.version = version.or(instance.libraries.tomcat);
    instance.urls =
        instance.databases().into_iter().filter_map(|at| Some((at.place.clone(), url_read(&at, &instance)?))).collect();
    instance
}

/// Whether the driver of a Store accepts its URL; `None` if the URL is of a kind that this program does not support.
fn url_read(at: &ConfiguredStore, instance: &TomcatInstance) -> Option<UrlCheck> {
    let version = at.driver.as_deref().and_then(|class| instance.libraries.driver(class)?.1);
    let configured = Configured { class: at.driver.as_deref(), version, user: at.user.as_deref(), password: None };
    match parse_configured(&at.url, &configured) {
        Ok(target) => {
            let off =
                |name: &str, words: &[&str]| target.params.get(name).is_some_and(|mode| words.contains(&mode.as_str()));
            let clear = off("ssl-mode", &["disabled"]) || off("encrypt", &["false", "no"]);
            Some(UrlCheck::Usable { encrypted: !clear, local: target.is_local() })
        }
        Err(error) if error.unsupported => None,
        Err(error) => {
            Some(UrlCheck::Unusable { why: error.message, remedy: error.hint, wrong_separator: error.wrong_separator })
        }
    }
}

/// The properties of a table that the rules about configurations need.
pub fn table(facts: &Facts) -> Table {
    let is_int = facts
        .shape
        .column(&facts.names.max_inactive)
        .is_some_and(|column| matches!(column.data_type.as_str(), "int" | "integer"));
    Table {
        id_length: facts.shape.column(&facts.names.id).and_then(|column| column.length),
        key_is_id: facts.shape.key(&facts.names) == Key::Id,
        expiry_overflow: facts.dialect.int_overflow_error.filter(|_| is_int),
        sessions: facts.rows.known().map(|rows| rows.sessions),
    }
}

/// Inspects each database of a configuration. Returns the findings about the tables, at the lines of the Stores. A
/// database that cannot be reached is reported, but is not an error.
pub async fn check_databases(
    cx: &Context,
    instance: &mut TomcatInstance,
) -> Result<(Vec<Finding>, Vec<SkippedCheck>), Failure> {
    let (mut findings, mut unchecked) = (Vec::new(), Vec::new());
    let mut seen: Vec<(String, Naming, Location)> = Vec::new();
    for at in instance.databases() {
        let naming = naming_of(&at, cx.options.naming.clone());
        let same = seen.iter().find(|(url, names, _)| *url == at.url && names.table == naming.table);
        if let Some(known) = same.and_then(|(_, _, place)| instance.tables.iter().find(|(p, _)| p == place)) {
            let table = known.1.clone();
            instance.tables.push((at.place.clone(), table));
            continue;
        }
        seen.push((at.url.clone(), naming.clone(), at.place.clone()));
        match inspect_database(cx, &at, &naming).await {
            Ok(facts) => {
                instance.tables.push((at.place.clone(), table(&facts)));
                let file =
                    at.place.file.strip_prefix(&instance.base.dir).unwrap_or(&at.place.file).display().to_string();
                let placed = |finding| Finding { file: Some(file.clone()), line: Some(at.place.line), ..finding };
                findings.extend(
                    evaluate(&facts).into_iter().filter(|finding| applies(finding, instance.version)).map(placed),
                );
            }
            Err(failure) => {
                unchecked.push(SkippedCheck {
                    subject: format!("the database of {}", at.place),
                    reason: failure.error.to_string(),
                });
            }
        }
    }
    Ok((findings, unchecked))
}

/// Tells whether a finding about a table applies to this version of Tomcat.
pub fn applies(finding: &Finding, version: Option<Version>) -> bool {
    finding.rule != "rows.never-expiring" || version.is_none_or(|version| !lint::keeps_never_expiring(version))
}

/// The Stores whose databases are unknown, because their Resources have no supported URL.
pub fn without_url(instance: &TomcatInstance) -> Vec<SkippedCheck> {
    let unchecked = |(store, resource): (&Location, &Location)| SkippedCheck {
        subject: format!("the database of {store}"),
        reason: format!("the Resource at {resource} has no supported URL"),
    };
    instance.without_url().into_iter().map(unchecked).collect()
}

async fn inspect_database(cx: &Context, at: &ConfiguredStore, naming: &Naming) -> Result<Facts, Failure> {
    let mut target = target_of(at)?;
    if let Some(password) = cx.password()? {
        target.password = Some(password);
    }
    let mut store = SessionStore::inspect(&target, naming).await?;
    let mut facts = store.facts(|| cx.clock()).await?;
    if facts.shape.unreadable(&facts.names, facts.dialect).is_empty() {
        facts.rows = store.scan(cx.now).await?;
    }
    store.close().await;
    Ok(facts)
}
