//! What `--columns` and `--format wide` want to see of the data, read for the sessions that are shown.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use super::content::SessionContent;
use crate::context::Context;
use crate::failure::Failure;
use crate::javaser::{Decoded, KEPT_BACK, Limits, OutputBudget, Restorable, Search, decode, is_secret, json, preview};
use crate::session::{EpochMillis, SessionKey, SessionMeta};
use crate::store::{BATCH_BYTES, SessionStore};
use crate::ui::Format;

/// Characters of a value in a table, and in CSV.
const CELL: usize = 60;
const FIELD: usize = 10_000;
/// Sessions that are read at once, at most.
const AT_ONCE: usize = 500;

/// What to show of the data, and a connection to read them by.
pub struct Attributes {
    store: SessionStore,
    now: EpochMillis,
    names: Vec<String>,
    /// So much of one line of text, instead of JSON.
    text: Option<usize>,
}

impl Attributes {
    /// `None` where nothing is asked for: no attribute, and no other column, which `needed` says.
    ///
    /// # Errors
    /// Where there is no second connection.
    pub async fn open(cx: &Context, store: &SessionStore, needed: bool) -> Result<Option<Attributes>, Failure> {
        let names = cx.options.attributes.clone();
        if names.is_empty() && !needed {
            return Ok(None);
        }
        let text = match cx.ui.format() {
            Format::Json | Format::Ndjson => None,
            Format::Csv => Some(FIELD),
            Format::Table | Format::Prometheus | Format::Sql | Format::Sarif => Some(CELL),
        };
        Ok(Some(Attributes { store: store.another().await?, now: cx.now, names, text }))
    }

    /// How many of `sessions` may be read at once; at least one.
    pub fn rows_within_batch(sessions: &[SessionMeta]) -> usize {
        let mut bytes = 0;
        let fits = sessions.iter().take(AT_ONCE).take_while(|session| {
            bytes += session.size.unwrap_or(0);
            bytes <= BATCH_BYTES
        });
        fits.count().max(1)
    }

    /// The attributes of these sessions, in their order; what is not there, or cannot be read, is null. With each,
    /// what its data say beside them, unless the session is gone.
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

    /// Says goodbye to the server.
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
            return KEPT_BACK.into();
        }
        match (self.text, tree.string(attribute.value)) {
            (None, _) => json(tree, attribute.value, false, &mut OutputBudget::of(tree)),
            (Some(width), Some(text)) if text.chars().nth(width).is_none() => text.into(),
            (Some(width), _) => preview(tree, attribute.value, false, width).into(),
        }
    }
}
