//! One session of the list, as it is shown.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::content::SessionContent;
use crate::session::{EpochMillis, IdPrefixes, SessionMeta};
use crate::ui::{Head, Record, age, bytes};

/// One session of the list.
#[derive(Debug, Serialize)]
pub struct Line {
    session_id: String,
    app_name: Option<String>,
    state: &'static str,
    valid_session: Option<String>,
    /// Seconds.
    max_inactive: Option<i64>,
    /// Epoch milliseconds.
    last_access: Option<EpochMillis>,
    idle_ms: Option<u64>,
    /// Epoch milliseconds.
    expires_at: Option<EpochMillis>,
    size_bytes: Option<u64>,
    #[serde(flatten)]
    held: Option<SessionContent>,
    /// Those that --columns names.
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<Map<String, Json>>,
    #[serde(skip)]
    full_id: bool,
    #[serde(skip)]
    now: EpochMillis,
}

impl Line {
    pub fn new(
        session: SessionMeta,
        held: Option<SessionContent>,
        attributes: Option<Map<String, Json>>,
        now: EpochMillis,
        full_id: bool,
    ) -> Line {
        let session_state = session.state_at(now);
        Line {
            state: session_state.as_str(),
            expires_at: session_state.expires_at(),
            idle_ms: session.idle_ms(now),
            session_id: session.key.id,
            app_name: session.key.app,
            valid_session: session.valid,
            max_inactive: session.max_inactive,
            last_access: session.last_access,
            size_bytes: session.size,
            held,
            attributes,
            full_id,
            now,
        }
    }
}

impl Line {
    fn not_restorable(&self) -> Option<&str> {
        let held = self.held.as_ref()?;
        held.restorable_reason.as_deref().filter(|_| held.restorable == Some(false))
    }

    /// The classes that were asked for, each with its serialVersionUID.
    fn classes(&self) -> Option<String> {
        let classes = self.held.as_ref()?.classes.as_ref()?;
        let shown: Vec<String> = classes.iter().map(|c| format!("{}@{}", c.class, c.serial_version_uid)).collect();
        Some(shown.join(", "))
    }
}

impl Record for Line {
    fn heads(all: &[Line]) -> Vec<Head> {
        let mut heads = vec![
            Head::left("SESSION"),
            Head::left("APPLICATION"),
            Head::left("STATE"),
            Head::right("IDLE"),
            Head::right("EXPIRES"),
            Head::right("SIZE"),
        ];
        if all.iter().any(|line| line.not_restorable().is_some()) {
            heads.push(Head::left("NOT RESTORABLE"));
        }
        if all.iter().any(|line| line.classes().is_some()) {
            heads.push(Head::left("CLASS"));
        }
        let attributes = all.first().and_then(|line| line.attributes.as_ref());
        heads.extend(attributes.into_iter().flat_map(Map::keys).map(Head::named));
        heads
    }

    fn cells(all: &[Line]) -> Vec<Vec<String>> {
        let damaged = all.iter().any(|line| line.not_restorable().is_some());
        let versions = all.iter().any(|line| line.classes().is_some());
        let prefixes = IdPrefixes::of(all.iter().map(|line| line.session_id.as_str()));
        let row = |line: &Line| {
            let expires = match line.expires_at {
                None => "-".to_owned(),
                Some(at) if at >= line.now => format!("in {}", age(at.since(line.now))),
                Some(at) => format!("{} ago", age(line.now.since(at))),
            };
            let mut row = vec![
                if line.full_id { line.session_id.clone() } else { prefixes.cut(&line.session_id) },
                line.app_name.clone().unwrap_or_else(|| "NULL".to_owned()),
                line.state.to_owned(),
                line.idle_ms.map_or_else(|| "-".to_owned(), age),
                expires,
                line.size_bytes.map_or_else(|| "NULL".to_owned(), bytes),
            ];
            if damaged {
                row.push(line.not_restorable().unwrap_or("-").to_owned());
            }
            if versions {
                row.push(line.classes().unwrap_or_default());
            }
            let text = |value: &Json| value.as_str().unwrap_or("-").to_owned();
            row.extend(line.attributes.iter().flat_map(|attributes| attributes.values().map(text)));
            row
        };
        all.iter().map(row).collect()
    }
}
