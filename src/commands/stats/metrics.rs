//! The totals as Prometheus metrics.

use std::collections::BTreeMap;

use super::totals::Stats;
use crate::operations::metrics::Labels;
use crate::operations::metrics::exposition::{Exposition, Kind};
use crate::session::AppTotals;

/// The totals as metrics with these labels.
pub fn metrics(stats: &Stats, labels: &Labels) -> String {
    type Value = fn(&AppTotals) -> u64;
    let labels = labels.list();
    // Prometheus does not distinguish an empty label from a missing one, so NULL and the empty name are added up.
    let mut apps: BTreeMap<&str, Vec<&AppTotals>> = BTreeMap::new();
    for totals in &stats.applications {
        apps.entry(totals.app_name.as_deref().unwrap_or_default()).or_default().push(totals);
    }
    let mut out = Exposition::new(&labels);
    let states: [(&str, Value); 4] =
        [("live", |t| t.live), ("expired", |t| t.expired), ("never", |t| t.never_expiring), ("invalid", |t| t.invalid)];
    let mut family = out.family("tomcat_sessions", Kind::Gauge, "Sessions in the table by state.");
    for (app, totals) in &apps {
        for (state, value) in states {
            family.sample(&[("app", app), ("state", state)], totals.iter().map(|t| value(t)).sum::<u64>());
        }
    }
    let mut family = out.family("tomcat_sessions_data_bytes", Kind::Gauge, "Bytes of session data.");
    for (app, totals) in &apps {
        family.sample(&[("app", app)], totals.iter().fold(0u64, |sum, t| sum.saturating_add(t.bytes)));
    }
    let largest: [(&str, &str, Value); 2] = [
        ("tomcat_sessions_largest_bytes", "Bytes of the largest session.", |t| t.size_bytes.max),
        ("tomcat_sessions_oldest_expired_seconds", "Time since the earliest expiry among the expired sessions.", |t| {
            t.oldest_expired_ms.unwrap_or(0) / 1000
        }),
    ];
    for (name, help, value) in largest {
        let mut family = out.family(name, Kind::Gauge, help);
        for (app, totals) in &apps {
            family.sample(&[("app", app)], totals.iter().map(|t| value(t)).max().unwrap_or(0));
        }
    }
    out.text()
}
