//! One row of the list.

use std::sync::Arc;

use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::{Map, Value as Json};

use super::columns::{Column, USUAL, WIDE};
use super::content::SessionContent;
use crate::context::Context;
use crate::failure::Failure;
use crate::operations::session_report::{KeyFields, RowFields, session_fields};
use crate::session::{EpochMillis, IdPrefixes, SessionMeta};
use crate::ui::{Head, Record, age, bytes, time};

/// One session of the list.
pub struct ListRow {
    fields: Fields,
    shown: Arc<RowOptions>,
}

/// Options that apply to all rows.
#[derive(Debug)]
pub struct RowOptions {
    columns: Vec<Column>,
    /// Whether the columns were selected with --columns; they then apply to machine formats too.
    chosen: bool,
    full_ids: bool,
    utc: bool,
    now: EpochMillis,
}

#[derive(Serialize)]
struct Fields {
    #[serde(flatten)]
    key: KeyFields,
    #[serde(flatten)]
    row: RowFields,
    #[serde(flatten)]
    held: Option<SessionContent>,
    /// The attributes selected with --columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<Map<String, Json>>,
}

impl RowOptions {
    /// Reads the options.
    ///
    /// # Errors
    /// Usage error if a column does not exist.
    pub fn of(cx: &Context) -> Result<Arc<RowOptions>, Failure> {
        let names = cx.options.list_columns.iter().map(|name| Column::named(name));
        let chosen: Vec<Column> = names.collect::<Result<_, _>>()?;
        let is_chosen = !chosen.is_empty();
        Ok(Arc::new(RowOptions {
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

impl ListRow {
    pub fn new(
        session: SessionMeta,
        held: Option<SessionContent>,
        attributes: Option<Map<String, Json>>,
        shown: Arc<RowOptions>,
    ) -> ListRow {
        let (key, row) = session_fields(session, shown.now);
        ListRow { fields: Fields { key, row, held, attributes }, shown }
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
        let ListRow { fields, shown } = self;
        let dash = || "-".to_owned();
        let null = || "NULL".to_owned();
        match column {
            Column::Id if shown.full_ids => fields.key.session_id.clone(),
            Column::Id => prefixes.cut(&fields.key.session_id),
            Column::App => fields.key.app_name.clone().unwrap_or_else(null),
            Column::State => fields.row.state.to_owned(),
            Column::User => fields.held.as_ref().and_then(|held| held.user.clone()).unwrap_or_else(dash),
            Column::Route => fields.key.route.clone().unwrap_or_else(dash),
            Column::Valid => fields.row.valid_session.clone().unwrap_or_else(null),
            Column::MaxInactive => match fields.row.max_inactive {
                None => null(),
                Some(seconds) => match u64::try_from(seconds) {
                    Ok(seconds) if seconds > 0 => age(seconds.saturating_mul(1000)),
                    _ => "never".to_owned(),
                },
            },
            Column::LastAccess => fields.row.last_access.map_or_else(null, |at| time(at, shown.utc)),
            Column::Idle => fields.row.idle_ms.map_or_else(dash, age),
            Column::Expires => match fields.row.expires_at {
                None => dash(),
                Some(at) if at >= shown.now => format!("in {}", age(at.since(shown.now))),
                Some(at) => format!("{} ago", age(shown.now.since(at))),
            },
            Column::Size => fields.row.size_bytes.map_or_else(null, bytes),
            Column::Restorable => match fields.held.as_ref().and_then(|held| held.restorable) {
                Some(true) => "yes".to_owned(),
                Some(false) => "no".to_owned(),
                None => "unknown".to_owned(),
            },
        }
    }
}

/// All fields, or those of the selected columns.
impl Serialize for ListRow {
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

impl Record for ListRow {
    fn heads(all: &[ListRow]) -> Vec<Head> {
        let Some(first) = all.first() else { return Vec::new() };
        let mut heads: Vec<Head> = first.shown.columns.iter().map(|column| column.head()).collect();
        if all.iter().any(|row| row.not_restorable().is_some()) {
            let shows_restorable = first.shown.columns.contains(&Column::Restorable);
            heads.push(Head::problem(if shows_restorable { "REASON" } else { "NOT RESTORABLE" }));
        }
        if all.iter().any(|row| row.classes().is_some()) {
            heads.push(Head::left("CLASS"));
        }
        heads.extend(first.fields.attributes.iter().flat_map(Map::keys).map(Head::named));
        heads
    }

    fn cells(all: &[ListRow]) -> Vec<Vec<String>> {
        let damaged = all.iter().any(|row| row.not_restorable().is_some());
        let versions = all.iter().any(|row| row.classes().is_some());
        let prefixes = IdPrefixes::of(all.iter().map(|row| row.fields.key.session_id.as_str()));
        let cells = |row: &ListRow| {
            let mut cells: Vec<String> = row.shown.columns.iter().map(|column| row.cell(*column, prefixes)).collect();
            if damaged {
                cells.push(row.not_restorable().unwrap_or_else(|| "-".to_owned()));
            }
            if versions {
                cells.push(row.classes().unwrap_or_default());
            }
            let text = |value: &Json| value.as_str().unwrap_or("-").to_owned();
            cells.extend(row.fields.attributes.iter().flat_map(|attributes| attributes.values().map(text)));
            cells
        };
        all.iter().map(cells).collect()
    }
}
