//! One line of the list.

use std::sync::Arc;

use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::{Map, Value as Json};

use super::columns::{Column, USUAL, WIDE};
use super::content::SessionContent;
use crate::context::Context;
use crate::failure::Failure;
use crate::session::{EpochMillis, IdPrefixes, SessionMeta, route_of};
use crate::ui::{Head, Record, age, bytes, time};

/// One session of the list.
#[derive(Debug)]
pub struct Line {
    fields: Fields,
    shown: Arc<LineOptions>,
}

/// Options that apply to all lines.
#[derive(Debug)]
pub struct LineOptions {
    columns: Vec<Column>,
    /// Whether the columns were selected with --columns; they then apply to machine formats too.
    chosen: bool,
    full_ids: bool,
    utc: bool,
    now: EpochMillis,
}

#[derive(Debug, Serialize)]
struct Fields {
    session_id: String,
    app_name: Option<String>,
    route: Option<String>,
    state: &'static str,
    valid_session: Option<String>,
    /// Seconds.
    max_inactive: Option<i64>,
    /// Epoch milliseconds.
    last_access: Option<EpochMillis>,
    last_access_rfc3339: Option<String>,
    idle_ms: Option<u64>,
    /// Epoch milliseconds.
    expires_at: Option<EpochMillis>,
    expires_at_rfc3339: Option<String>,
    size_bytes: Option<u64>,
    #[serde(flatten)]
    held: Option<SessionContent>,
    /// The attributes selected with --columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<Map<String, Json>>,
}

impl LineOptions {
    /// Reads the options.
    ///
    /// # Errors
    /// Usage error if a column does not exist.
    pub fn of(cx: &Context) -> Result<Arc<LineOptions>, Failure> {
        let names = cx.options.list_columns.iter().map(|name| Column::named(name));
        let chosen: Vec<Column> = names.collect::<Result<_, _>>()?;
        let is_chosen = !chosen.is_empty();
        Ok(Arc::new(LineOptions {
            columns: if is_chosen {
                chosen
            } else if cx.options.wide {
                WIDE.to_vec()
            } else {
                USUAL.to_vec()
            },
            chosen: is_chosen,
            full_ids: cx.options.full_ids,
            utc: cx.options.utc,
            now: cx.now,
        }))
    }

    /// Tells whether a column needs the data of the sessions.
    pub fn reads_data(&self) -> bool {
        self.columns.iter().any(|column| column.reads_data())
    }
}

impl Line {
    pub fn new(
        session: SessionMeta,
        held: Option<SessionContent>,
        attributes: Option<Map<String, Json>>,
        shown: Arc<LineOptions>,
    ) -> Line {
        let session_state = session.state_at(shown.now);
        let expires_at = session_state.expires_at();
        let fields = Fields {
            state: session_state.as_str(),
            route: route_of(&session.key.id).map(str::to_owned),
            expires_at,
            expires_at_rfc3339: expires_at.and_then(EpochMillis::rfc3339),
            idle_ms: session.idle_ms(shown.now),
            session_id: session.key.id,
            app_name: session.key.app,
            valid_session: session.valid,
            max_inactive: session.max_inactive,
            last_access: session.last_access,
            last_access_rfc3339: session.last_access.and_then(EpochMillis::rfc3339),
            size_bytes: session.size,
            held,
            attributes,
        };
        Line { fields, shown }
    }

    fn not_restorable(&self) -> Option<String> {
        let held = self.fields.held.as_ref()?;
        let why = held.restorable_reason.as_deref()?;
        Some(if held.restorable.is_none() { format!("unknown: {why}") } else { why.to_owned() })
    }

    /// The classes that match --class, each with its serialVersionUID.
    fn classes(&self) -> Option<String> {
        let classes = self.fields.held.as_ref()?.classes.as_ref()?;
        let shown: Vec<String> = classes.iter().map(|c| format!("{}@{}", c.class, c.serial_version_uid)).collect();
        Some(shown.join(", "))
    }

    fn cell(&self, column: Column, prefixes: IdPrefixes) -> String {
        let Line { fields, shown } = self;
        let dash = || "-".to_owned();
        let null = || "NULL".to_owned();
        match column {
            Column::Id if shown.full_ids => fields.session_id.clone(),
            Column::Id => prefixes.cut(&fields.session_id),
            Column::App => fields.app_name.clone().unwrap_or_else(null),
            Column::State => fields.state.to_owned(),
            Column::User => fields.held.as_ref().and_then(|held| held.user.clone()).unwrap_or_else(dash),
            Column::Route => fields.route.clone().unwrap_or_else(dash),
            Column::Valid => fields.valid_session.clone().unwrap_or_else(null),
            Column::MaxInactive => match fields.max_inactive {
                None => null(),
                Some(seconds) => match u64::try_from(seconds) {
                    Ok(seconds) if seconds > 0 => age(seconds.saturating_mul(1000)),
                    _ => "never".to_owned(),
                },
            },
            Column::LastAccess => fields.last_access.map_or_else(null, |at| time(at, shown.utc)),
            Column::Idle => fields.idle_ms.map_or_else(dash, age),
            Column::Expires => match fields.expires_at {
                None => dash(),
                Some(at) if at >= shown.now => format!("in {}", age(at.since(shown.now))),
                Some(at) => format!("{} ago", age(shown.now.since(at))),
            },
            Column::Size => fields.size_bytes.map_or_else(null, bytes),
            Column::Restorable => match fields.held.as_ref().and_then(|held| held.restorable) {
                Some(true) => "yes".to_owned(),
                Some(false) => "no".to_owned(),
                None => "unknown".to_owned(),
            },
        }
    }
}

/// All fields, or those of the selected columns.
impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.shown.chosen {
            return self.fields.serialize(serializer);
        }
        let fields = serde_json::to_value(&self.fields).map_err(serde::ser::Error::custom)?;
        let mut map = serializer.serialize_map(None)?;
        for field in self.shown.columns.iter().flat_map(|column| column.fields()) {
            map.serialize_entry(field, fields.get(field).unwrap_or(&Json::Null))?;
        }
        if let Some(attributes) = &self.fields.attributes {
            map.serialize_entry("attributes", attributes)?;
        }
        map.end()
    }
}

impl Record for Line {
    fn heads(all: &[Line]) -> Vec<Head> {
        let Some(first) = all.first() else { return Vec::new() };
        let mut heads: Vec<Head> = first.shown.columns.iter().map(|column| column.head()).collect();
        if all.iter().any(|line| line.not_restorable().is_some()) {
            heads.push(Head::problem("NOT RESTORABLE"));
        }
        if all.iter().any(|line| line.classes().is_some()) {
            heads.push(Head::left("CLASS"));
        }
        heads.extend(first.fields.attributes.iter().flat_map(Map::keys).map(Head::named));
        heads
    }

    fn cells(all: &[Line]) -> Vec<Vec<String>> {
        let damaged = all.iter().any(|line| line.not_restorable().is_some());
        let versions = all.iter().any(|line| line.classes().is_some());
        let prefixes = IdPrefixes::of(all.iter().map(|line| line.fields.session_id.as_str()));
        let row = |line: &Line| {
            let mut row: Vec<String> = line.shown.columns.iter().map(|column| line.cell(*column, prefixes)).collect();
            if damaged {
                row.push(line.not_restorable().unwrap_or_else(|| "-".to_owned()));
            }
            if versions {
                row.push(line.classes().unwrap_or_default());
            }
            let text = |value: &Json| value.as_str().unwrap_or("-").to_owned();
            row.extend(line.fields.attributes.iter().flat_map(|attributes| attributes.values().map(text)));
            row
        };
        all.iter().map(row).collect()
    }
}
