//! The totals as a self-contained HTML page: charts, each with a table of its numbers. The page loads no other file and
//! runs no script.

use std::fmt::{Display, Write};

use super::totals::{IDLE_MARKS, SIZE_MARKS, Stats};
use crate::session::{AppTotals, Distribution};
use crate::ui::{age, bytes, count, printable, time};

const STYLE: &str = include_str!("page.css");

/// A state with the name of its color, and its number of sessions.
type State = (&'static str, &'static str, fn(&AppTotals) -> u64);
const STATES: [State; 4] = [
    ("Live", "live", |t| t.live),
    ("Expired", "expired", |t| t.expired),
    ("Never expiring", "never", |t| t.never_expiring),
    ("Invalid", "invalid", |t| t.invalid),
];

/// A distribution as shown on the page.
struct Spread {
    title: &'static str,
    about: &'static str,
    /// The upper limits of the buckets, as labels of the chart and as words in the table.
    marks: [&'static str; 8],
    heads: [&'static str; 8],
    of: fn(&AppTotals) -> &Distribution,
    shown: fn(u64) -> String,
}

const SPREADS: [Spread; 2] = [
    Spread {
        title: "Idle time",
        about: "Time since the last use, from the column last_access. Each bar counts the sessions \
                between the previous mark and the mark below the bar.",
        marks: IDLE_MARKS,
        heads: ["below 1m", "below 5m", "below 30m", "below 1h", "below 6h", "below 1d", "below 7d", "longer"],
        of: |t| &t.idle_ms,
        shown: age,
    },
    Spread {
        title: "Size",
        about: "The length of the serialized session; 256 means 256 KiB.",
        marks: SIZE_MARKS,
        heads: [
            "below 1 KiB",
            "below 4 KiB",
            "below 16 KiB",
            "below 64 KiB",
            "below 256 KiB",
            "below 1 MiB",
            "below 4 MiB",
            "larger",
        ],
        of: |t| &t.size_bytes,
        shown: bytes,
    },
];

/// The page; `place` is the location of the store.
pub fn page(stats: &Stats, place: &str) -> String {
    let named = stats.named();
    let place = escaped(place);
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"referrer\" content=\"no-referrer\"/>\n\
         <title>Sessions of {place}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>Sessions of {place}</h1>\n<p>As they were at {}</p>\n",
        time(stats.now, true)
    );
    tiles(&mut out, &stats.total);
    applications(&mut out, &named, &stats.total);
    if stats.total.sessions > 0 {
        SPREADS.iter().for_each(|spread| distribution(&mut out, &named, spread));
    }
    let version = env!("CARGO_PKG_VERSION");
    let _ = write!(out, "</main>\n<footer>tomcat-sessions {version}</footer>\n</body>\n</html>\n");
    out
}

/// The states to show; invalid ones only if there are any, because Tomcat does not write them.
fn states(total: &AppTotals) -> impl Iterator<Item = State> {
    let invalid = total.invalid > 0;
    STATES.into_iter().filter(move |(_, color, _)| invalid || *color != "invalid")
}

/// The totals in large digits.
fn tiles(out: &mut String, total: &AppTotals) {
    out.push_str("<dl>\n");
    let mut tile = |name: &str, value: &dyn Display| {
        let _ = writeln!(out, "<div><dt>{name}</dt><dd>{value}</dd></div>");
    };
    tile("Sessions", &count(total.sessions));
    for (name, _, of) in states(total) {
        tile(name, &count(of(total)));
    }
    tile("Data", &bytes(total.bytes));
    tile("Longest expired", &total.oldest_expired_ms.map_or_else(|| "-".to_owned(), age));
    out.push_str("</dl>\n");
}

/// The states of the sessions of each application, as a stacked bar and as numbers.
fn applications(out: &mut String, named: &[(String, &AppTotals)], total: &AppTotals) {
    let states: Vec<State> = states(total).collect();
    out.push_str(
        "<h2>Applications</h2>\n<div class=\"scroll\" tabindex=\"0\">\n<table>\n\
         <caption>Sessions by state; each bar shows the shares of the states in one application.</caption>\n<thead><tr>\
         <th scope=\"col\">Application</th><th scope=\"col\">Sessions</th>",
    );
    for (name, color, _) in &states {
        let _ = write!(out, "<th scope=\"col\" class=\"{color}\">{name}</th>");
    }
    out.push_str(
        "<th scope=\"col\">Longest expired</th><th scope=\"col\">Data</th><th scope=\"col\" class=\"chart\">Shares</th></tr></thead>\n\
         <tbody>\n",
    );
    for (name, totals) in named {
        let _ = write!(out, "<tr><th scope=\"row\">{}</th><td>{}</td>", escaped(name), count(totals.sessions));
        for (_, _, of) in &states {
            let _ = write!(out, "<td>{}</td>", count(of(totals)));
        }
        let oldest = totals.oldest_expired_ms.map_or_else(|| "-".to_owned(), age);
        let _ = writeln!(
            out,
            "<td>{oldest}</td><td title=\"{} bytes\">{}</td><td class=\"chart\">{}</td></tr>",
            totals.bytes,
            bytes(totals.bytes),
            shares(totals)
        );
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
}

/// A stacked bar of the states.
fn shares(totals: &AppTotals) -> String {
    let mut svg = String::from("<svg viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    let mut from = 0;
    for (_, color, of) in STATES {
        let to = from + of(totals);
        let at = |n: u64| part(n, totals.sessions, 1000);
        if to > from {
            let (x, width) = (at(from), at(to) - at(from));
            let _ = write!(svg, "<rect class=\"{color}\" x=\"{x}\" y=\"0\" width=\"{width}\" height=\"10\"/>");
        }
        from = to;
    }
    svg + "</svg>"
}

/// A histogram for each application, and all numbers in a table.
fn distribution(out: &mut String, named: &[(String, &AppTotals)], spread: &Spread) {
    let Spread { title, about, shown, of, .. } = spread;
    let _ = write!(out, "<h2>{title}</h2>\n<p>{about}</p>\n<div class=\"charts\">\n");
    // The totals come first. If there is only one application, its chart is the same.
    let (apps, all) = named.split_at(named.len() - 1);
    let all = if apps.len() == 1 { &[] } else { all };
    for (name, totals) in all.iter().chain(apps) {
        let of = of(totals);
        let _ = writeln!(
            out,
            "<figure><figcaption>{}<span>median {}, 99 % {}, most {}</span></figcaption>{}</figure>",
            escaped(name),
            shown(of.p50),
            shown(of.p99),
            shown(of.max),
            histogram(of, &spread.marks)
        );
    }
    let _ = write!(
        out,
        "</div>\n<div class=\"scroll\" tabindex=\"0\">\n<table class=\"figures\">\n<caption>{title}: sessions by bucket, and percentiles</caption>\n\
         <thead><tr><th scope=\"col\">Application</th>"
    );
    for head in spread.heads.iter().chain(&["median", "95 %", "99 %", "most"]) {
        let _ = write!(out, "<th scope=\"col\">{head}</th>");
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for (name, totals) in named {
        let of = of(totals);
        let _ = write!(out, "<tr><th scope=\"row\">{}</th>", escaped(name));
        for bucket in &of.buckets {
            let _ = write!(out, "<td>{}</td>", count(bucket.sessions));
        }
        for value in [of.p50, of.p95, of.p99, of.max] {
            let _ = write!(out, "<td>{}</td>", shown(value));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
}

/// Bars with their counts above and their labels below. Screen readers use the table instead.
fn histogram(of: &Distribution, marks: &[&str; 8]) -> String {
    const HEIGHT: u64 = 90;
    let most = of.buckets.iter().map(|bucket| bucket.sessions).max().unwrap_or(0);
    let mut svg = String::from("<svg viewBox=\"0 0 320 126\" aria-hidden=\"true\">");
    for (at, (bucket, mark)) in (0u64..).zip(of.buckets.iter().zip(marks)) {
        let (x, middle) = (at * 40 + 4, at * 40 + 20);
        if bucket.sessions > 0 {
            let height = part(bucket.sessions, most, HEIGHT).max(2);
            let y = 14 + HEIGHT - height;
            let _ = write!(
                svg,
                "<rect class=\"bar\" x=\"{x}\" y=\"{y}\" width=\"32\" height=\"{height}\"/>\
                 <text x=\"{middle}\" y=\"{}\">{}</text>",
                y - 3,
                count(bucket.sessions)
            );
        }
        let _ = write!(svg, "<text x=\"{middle}\" y=\"119\">{mark}</text>");
    }
    svg + "<line class=\"axis\" x1=\"0\" y1=\"104.5\" x2=\"320\" y2=\"104.5\"/></svg>"
}

/// The length of a bar for `n` of `all`, if the longest possible bar is `end`.
fn part(n: u64, all: u64, end: u64) -> u64 {
    let scaled = u128::from(n) * u128::from(end) / u128::from(all.max(1));
    u64::try_from(scaled).unwrap_or(end)
}

/// Escapes text for an element or an attribute. Application names come from the table.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in printable(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_in_html() {
        assert_eq!(escaped("<b a=\"1\">&'\n"), "&lt;b a=&quot;1&quot;&gt;&amp;&#39;\u{fffd}");
    }

    #[test]
    fn stacked_bars_fill_the_scale() {
        assert_eq!((part(0, 0, 90), part(1, 3, 90), part(u64::MAX, u64::MAX, 1000)), (0, 30, 1000));
    }
}
