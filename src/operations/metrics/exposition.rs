//! Writes Prometheus' text exposition format (<https://prometheus.io/docs/instrumenting/exposition_formats/>), and
//! reads back what it has written. Pure: text in, text out. The metrics are defined elsewhere.

use std::collections::BTreeMap;
use std::fmt::{Display, Write};

/// The type of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Gauge,
    /// Only increases; its name ends in `_total`.
    Counter,
}

/// Name and value of a label.
pub type Label<'a> = (&'a str, &'a str);

/// A text in progress.
#[derive(Debug)]
pub struct Exposition<'a> {
    text: String,
    /// Labels of every sample. They distinguish the files of several stores: node_exporter refuses two files with the
    /// same series.
    labels: &'a [Label<'a>],
}

/// A metric to which samples can be added.
#[derive(Debug)]
pub struct Family<'e, 'a> {
    exposition: &'e mut Exposition<'a>,
    name: String,
}

impl<'a> Exposition<'a> {
    pub fn new(labels: &'a [Label<'a>]) -> Exposition<'a> {
        Exposition { text: String::new(), labels }
    }

    /// Starts a metric; `help` is one line.
    pub fn family(&mut self, name: impl Into<String>, kind: Kind, help: &str) -> Family<'_, 'a> {
        let name = name.into();
        let kind = match kind {
            Kind::Gauge => "gauge",
            Kind::Counter => "counter",
        };
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}");
        Family { exposition: self, name }
    }

    pub fn text(self) -> String {
        self.text
    }
}

impl Family<'_, '_> {
    /// Adds a sample; `labels` are added to those of all samples.
    pub fn sample(&mut self, labels: &[Label<'_>], value: impl Display) -> &mut Self {
        let series = series(&self.name, self.exposition.labels.iter().chain(labels));
        let _ = writeln!(self.exposition.text, "{series} {value}");
        self
    }
}

/// The name of a metric with its labels, as at the beginning of a sample.
pub fn series<'a>(name: &str, labels: impl IntoIterator<Item = &'a Label<'a>>) -> String {
    let labels: Vec<String> =
        labels.into_iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    if labels.is_empty() { name.to_owned() } else { format!("{name}{{{}}}", labels.join(",")) }
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// The samples of an earlier text, by series. Lines that are not samples are skipped.
#[derive(Debug, Default)]
pub struct PreviousMetrics(BTreeMap<String, String>);

impl PreviousMetrics {
    pub fn read(text: &str) -> PreviousMetrics {
        let samples = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
            let (series, value) = line.rsplit_once(' ')?;
            value.parse().ok().filter(|value: &f64| value.is_finite())?;
            Some((series.to_owned(), value.to_owned()))
        });
        PreviousMetrics(samples.collect())
    }

    pub fn get(&self, series: &str) -> Option<&str> {
        self.0.get(series).map(String::as_str)
    }

    /// The samples of `name` that have exactly these labels and, at the end, the label `last`: the value of that label,
    /// and the value of the sample.
    pub fn by(&self, name: &str, labels: &[Label<'_>], last: &str) -> impl Iterator<Item = (String, &str)> + use<'_> {
        let empty = series(name, labels.iter().chain([&(last, "")]));
        let begin = empty.trim_end_matches("\"}").to_owned();
        self.0.iter().filter_map(move |(series, value)| {
            let rest = series.strip_prefix(&begin)?.strip_suffix("\"}")?;
            Some((unescaped(rest)?, value.as_str()))
        })
    }
}

/// The value of a label; `None` if it contains an unescaped quotation mark.
fn unescaped(text: &str) -> Option<String> {
    let mut value = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        value.push(match c {
            '"' => return None,
            '\\' => match chars.next()? {
                'n' => '\n',
                other => other,
            },
            other => other,
        });
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exposition_round_trips() {
        let labels = [("store", "sqlite:a b.db")];
        let odd = "a\"b\\c\nd\"} 7";
        let mut out = Exposition::new(&labels);
        out.family("x_total", Kind::Counter, "Things.").sample(&[("app", odd)], 3).sample(&[("app", "")], 4);
        out.family("x_seconds", Kind::Gauge, "Time.").sample(&[], 1.5);
        let text = out.text();
        assert_eq!(
            text,
            "# HELP x_total Things.\n# TYPE x_total counter\n\
             x_total{store=\"sqlite:a b.db\",app=\"a\\\"b\\\\c\\nd\\\"} 7\"} 3\n\
             x_total{store=\"sqlite:a b.db\",app=\"\"} 4\n\
             # HELP x_seconds Time.\n# TYPE x_seconds gauge\nx_seconds{store=\"sqlite:a b.db\"} 1.5\n"
        );
        let previous = PreviousMetrics::read(&text);
        assert_eq!(previous.get("x_seconds{store=\"sqlite:a b.db\"}"), Some("1.5"));
        let by: BTreeMap<String, &str> = previous.by("x_total", &labels, "app").collect();
        assert_eq!(by, BTreeMap::from([(String::new(), "4"), (odd.to_owned(), "3")]));
        assert_eq!(previous.by("x_total", &[("store", "another")], "app").count(), 0);
    }

    #[test]
    fn lines_that_are_no_samples_are_skipped() {
        let previous = PreviousMetrics::read("\nx\nx y\nx NaN\ny +Inf\n# z 1\nz{a=\"b\"} 2\nz{a=\"b\",c=\"d\"} 3");
        assert_eq!(previous.0.keys().collect::<Vec<_>>(), ["z{a=\"b\",c=\"d\"}", "z{a=\"b\"}"]);
        assert_eq!(previous.by("z", &[], "a").collect::<Vec<_>>(), [("b".to_owned(), "2")]);
    }
}
