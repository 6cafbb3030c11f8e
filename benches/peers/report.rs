//! Figures and goals, as Markdown that can be pasted into `benches/RESULTS.md`: ratios first.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::plan::Plan;
use crate::support::Scratch;
use crate::tools::Tools;
use crate::{seconds, seed};

pub struct Report {
    pub begun: Instant,
    setting: String,
    goals: Vec<Goal>,
    tables: Vec<Table>,
    took: Vec<(&'static str, Duration)>,
    failed: Vec<String>,
    /// The most memory of each command of ours, in kB, over all its runs on ordinary tables.
    peaks: BTreeMap<String, u64>,
}

/// A goal, and what was measured.
struct Goal {
    what: String,
    limit: String,
    measured: String,
    /// `None` where nothing was wanted.
    met: Option<bool>,
}

/// A table of figures.
pub struct Table {
    title: String,
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
}

impl Table {
    /// `heads` has the names of the columns, separated by bars; all but the first hold numbers.
    pub fn new(title: impl Into<String>, heads: &str) -> Table {
        let heads = heads.split('|').map(|head| head.trim().to_owned()).collect();
        Table { title: title.into(), heads, rows: Vec::new(), notes: Vec::new() }
    }

    /// Adds a row; cells that are missing are empty.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        let mut row = Vec::from(cells);
        row.resize(self.heads.len(), String::new());
        self.rows.push(row);
    }

    pub fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }
}

impl Report {
    pub async fn new(plan: &Plan, db: &Scratch) -> Report {
        Report {
            begun: Instant::now(),
            setting: setting(plan, &seed::version(db).await),
            goals: Vec::new(),
            tables: Vec::new(),
            took: Vec::new(),
            failed: Vec::new(),
            peaks: BTreeMap::new(),
        }
    }

    pub fn add(&mut self, table: Table) {
        self.tables.push(table);
    }

    /// A goal that is met up to a bound.
    pub fn at_most(&mut self, what: impl Into<String>, value: f64, most: f64, unit: &str) {
        self.goal(what, format!("at most {most}{unit}"), format!("{value:.2}{unit}"), value <= most);
    }

    /// A goal that is met from a bound on.
    pub fn at_least(&mut self, what: impl Into<String>, value: f64, least: f64, unit: &str) {
        self.goal(what, format!("at least {least}{unit}"), format!("{value:.2}{unit}"), value >= least);
    }

    fn goal(&mut self, what: impl Into<String>, limit: String, measured: String, met: bool) {
        self.goals.push(Goal { what: what.into(), limit, measured, met: Some(met) });
    }

    /// A ratio that no goal is about.
    pub fn note_ratio(&mut self, what: impl Into<String>, value: f64) {
        self.goals.push(Goal { what: what.into(), limit: String::new(), measured: format!("{value:.2} x"), met: None });
    }

    /// Remembers the memory of a command of ours.
    pub fn peak(&mut self, command: &str, kb: u64) {
        let peak = self.peaks.entry(command.to_owned()).or_default();
        *peak = kb.max(*peak);
    }

    pub fn took(&mut self, job: &'static str, took: Duration) {
        self.took.push((job, took));
    }

    pub fn failed(&mut self, job: &str, why: &str) {
        eprintln!("bench: {job} failed: {why}");
        self.failed.push(format!("`{job}` failed: {}", why.lines().next().unwrap_or_default()));
    }

    pub fn markdown(&self, tools: &Tools) -> String {
        let mut out = format!("## Beside its peers\n\n{}\n", self.setting);
        let mut remarks = self.failed.clone();
        remarks.extend(tools.absent());
        if !remarks.is_empty() {
            out.push('\n');
            out.extend(remarks.iter().map(|remark| format!("- {remark}\n")));
        }
        if !self.goals.is_empty() || !self.peaks.is_empty() {
            out.push_str("\n| goal | measured | wanted | met |\n|---|--:|--:|---|\n");
            for Goal { what, limit, measured, met } in &self.goals {
                let _ = writeln!(out, "| {what} | {measured} | {limit} | {} |", met.map_or("", word));
            }
            for (command, kb) in &self.peaks {
                let (mb, met) = (*kb as f64 / 1024.0, word(*kb <= 64 << 10));
                let _ = writeln!(out, "| `{command}`: most memory | {mb:.0} MB | at most 64 MB | {met} |");
            }
        }
        for Table { title, heads, rows, notes } in &self.tables {
            let _ = writeln!(out, "\n### {title}\n\n| {} |", heads.join(" | "));
            let _ = writeln!(out, "|---{}|", "|--:".repeat(heads.len() - 1));
            out.extend(rows.iter().map(|row| format!("| {} |\n", row.join(" | "))));
            if !notes.is_empty() {
                out.push('\n');
                out.extend(notes.iter().map(|note| format!("- {note}\n")));
            }
        }
        let took: Vec<_> = self.took.iter().map(|(job, took)| format!("{job} {} s", seconds(*took))).collect();
        let _ = writeln!(out, "\nThe session took {:.0} s: {}.", self.begun.elapsed().as_secs_f64(), took.join(", "));
        out
    }
}

fn word(met: bool) -> &'static str {
    if met { "yes" } else { "**no**" }
}

/// On what, with what, how often.
fn setting(plan: &Plan, server: &str) -> String {
    let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
    let (cpus, memory) = (read("/proc/cpuinfo"), read("/proc/meminfo"));
    let value = |text: &str, name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        Some(line.trim_start_matches([' ', '\t', ':']).trim().to_owned())
    };
    let gigabytes = value(&memory, "MemTotal").and_then(|kb| Some(kb.split(' ').next()?.parse::<f64>().ok()? / 1e6));
    let git = Command::new("git").args(["describe", "--always", "--dirty"]).output();
    let commit = git.ok().filter(|git| git.status.success());
    let commit = commit.map_or_else(|| "?".to_owned(), |git| String::from_utf8_lossy(&git.stdout).trim().to_owned());
    let build = if cfg!(debug_assertions) { "**debug build: these figures mean nothing**" } else { "release build" };
    let program = if plan.program == Path::new(env!("CARGO_BIN_EXE_tomcat-sessions")) {
        format!("commit {commit}, {build}")
    } else {
        format!("`{}`, by the harness of commit {commit}", plan.program.display())
    };
    let times =
        if plan.rounds == 1 { "one round: indicative".to_owned() } else { format!("medians of {}", plan.rounds) };
    format!(
        "Measured: {program}; {} cores ({}), {:.0} GB; {server}. {} sessions of {}, {times}.",
        cpus.lines().filter(|line| line.starts_with("processor")).count(),
        value(&cpus, "model name").unwrap_or_else(|| "?".to_owned()),
        gigabytes.unwrap_or_default(),
        plan.rows,
        plan.contents.describe(),
    )
}
