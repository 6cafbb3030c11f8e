//! Reads the data of the listed sessions, for `--columns` and `--format wide`.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use super::content::SessionContent;
use crate::context::Context;
use crate::failure::Failure;
use crate::javaser::{Decoded, Limits, OutputBudget, REDACTED, Restorable, Search, decode, is_secret, json, preview};
use crate::session::{EpochMillis, SessionKey, SessionMeta};
use crate::store::{BATCH_BYTES, SessionStore};
use crate::ui::Format;

/// Maximum number of characters of a value, in a table and in CSV.
const MAX_CELL_CHARS: usize = 60;
const MAX_CSV_CHARS: usize = 10_000;
/// Maximum number of sessions that are read at once.
const BATCH: usize = 500;

/// The attributes to show, and the connection that reads them.
pub struct Attributes {
    store: SessionStore,
    now: EpochMillis,
    names: Vec<String>,
    /// Maximum number of characters of a value as one line of text; `None` for JSON.
    text: Option<usize>,
}

impl Attributes {
    /// Returns `None` if no attributes are shown and no other column reads the data, as `needed` tells.
    ///
    /// # Errors
    /// The second connection cannot be opened.
    pub async fn open(cx: &Context, store: &SessionStore, needed: bool) -> Result<Option<Attributes>, Failure> {
        let names = cx.options.attributes.clone();
        if names.is_empty() && !needed {
            return Ok(None);
        }
        let text = match cx.ui.format() {
            Format::Json | Format::Ndjson => None,
            Format::Csv => Some(MAX_CSV_CHARS),
            Format::Table | Format::Prometheus | Format::Sql | Format::Sarif => Some(MAX_CELL_CHARS),
        };
        Ok(Some(Attributes { store: store.another().await?, now: cx.now, names, text }))
    }

    /// The number of sessions that are read at once; at least one.
    pub fn rows_within_batch(sessions: &[SessionMeta]) -> usize {
        let mut bytes = 0;
        let fits = sessions.iter().take(BATCH).take_while(|session| {
            bytes += session.size.unwrap_or(0);
            bytes <= BATCH_BYTES
        });
        fits.count().max(1)
    }

    /// The attributes of these sessions, in the same order: null if a session does not have the attribute, or cannot be
    /// read. Also returns the other contents of the data, unless the session no longer exists.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn of(
        &mut self,
        sessions: &[SessionMeta],
    ) -> Result<Vec<(Option<Map<String, Json>>, Option<SessionContent>)>, Failure> {
        let keys: Vec<SessionKey> = sessions.iter().map(|session| session.key.clone()).collect();
        let mut found = HashMap::new();
        for session in self.store.sessions_of(&keys).await? {
            let decoded = session.data.as_deref().map(|data| decode(data, Limits::default()));
            let restorable = Restorable::of(decoded.as_ref(), &session.meta, self.now);
            let decoded = decoded.as_ref().and_then(|decoded| decoded.as_ref().ok());
            let held = SessionContent::new(&restorable, decoded, &Search::default());
            found.insert(session.meta.key, (self.columns(decoded), Some(held)));
        }
        Ok(keys.iter().map(|key| found.remove(key).unwrap_or_else(|| (self.columns(None), None))).collect())
    }

    /// Closes the connection.
    pub async fn close(self) {
        self.store.close().await;
    }

    fn columns(&self, decoded: Option<&Decoded<'_>>) -> Option<Map<String, Json>> {
        let value = |name: &String| (name.clone(), decoded.map_or(Json::Null, |d| self.value(d, name)));
        (!self.names.is_empty()).then(|| self.names.iter().map(value).collect())
    }

    fn value(&self, decoded: &Decoded<'_>, name: &str) -> Json {
        let Decoded { tree, session, .. } = decoded;
        let named = |attribute: &&crate::javaser::Attribute| tree.string(attribute.name).is_some_and(|n| n == name);
        let Some(attribute) = session.attributes.iter().find(named) else { return Json::Null };
        if is_secret(name) {
            return REDACTED.into();
        }
        match (self.text, tree.string(attribute.value)) {
            (None, _) => json(tree, attribute.value, false, &mut OutputBudget::of(tree)),
            (Some(width), Some(text)) if text.chars().nth(width).is_none() => text.into(),
            (Some(width), _) => preview(tree, attribute.value, false, width).into(),
        }
    }
}
