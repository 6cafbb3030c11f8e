//! The journal of a move between two stores: rows in the target's table that list sessions which were copied there
//! and may not have been deleted at their source yet.
//!
//! An entry is written in the transaction that writes the copies, and deleted when their originals or the copies have
//! been deleted. The entries of a killed run are found by the next run, on whatever machine. They are rows of the
//! session table because the account of a target may have no privilege to create a table; no Tomcat serves their
//! application, so no Tomcat reads them.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::session::{Direction, EpochMillis, Filter, Session, SessionKey, SessionMeta};
use crate::store::error::Result;
use crate::store::read::pages::{Cursor, ReadRequest};
use crate::store::session_store::SessionStore;

/// The application of the entries. No Tomcat has an Engine of that name.
const APP: &str = "/tomcat-sessions/swap-journal";
/// Prefix of the ids of entries.
const PREFIX: &str = "tomcat-sessions-";
const JOURNAL_COMMENT: &str = "sessions that a swap copied here and may not have deleted at their source; \
    the next swap between the two tables resolves it";

/// Tells whether a row is a journal entry instead of a session.
pub fn is_journal(key: &SessionKey) -> bool {
    key.app.as_deref() == Some(APP)
}

/// Sessions of one application that are being moved, or were when a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct Entry {
    /// The key of its row.
    pub(in crate::store) row: SessionKey,
    pub(in crate::store) way: Direction,
    /// The source table, as [`SessionStore::place`] identifies it.
    pub(in crate::store) source: String,
    pub(in crate::store) keys: Vec<SessionKey>,
}

/// The stored form of an entry.
#[derive(Serialize, Deserialize)]
struct StoredEntry {
    about: String,
    version: u32,
    way: String,
    source: String,
    app_name: Option<String>,
    session_ids: Vec<String>,
}

impl Entry {
    /// A new entry for sessions of one application.
    pub(in crate::store) fn new(way: Direction, source: &str, keys: Vec<SessionKey>) -> Entry {
        let row = SessionKey::new(APP.to_owned(), format!("{PREFIX}{:016x}", fastrand::u64(..)));
        Entry { row, way, source: source.to_owned(), keys }
    }

    /// Its row. It never expires; its `last_access` is that of the most recently used session.
    pub(in crate::store) fn session(&self, last_access: Option<EpochMillis>) -> Session {
        let written = StoredEntry {
            about: JOURNAL_COMMENT.to_owned(),
            version: 1,
            way: match self.way {
                Direction::Out => "out".to_owned(),
                Direction::Back => "back".to_owned(),
            },
            source: self.source.clone(),
            app_name: self.keys.first().and_then(|key| key.app.clone()),
            session_ids: self.keys.iter().map(|key| key.id.clone()).collect(),
        };
        // Strings and lists of strings can always be serialized.
        let data = serde_json::to_vec(&written).unwrap_or_default();
        let meta = SessionMeta {
            key: self.row.clone(),
            valid: Some("1".to_owned()),
            max_inactive: Some(-1),
            last_access: Some(last_access.unwrap_or(EpochMillis(0))),
            size: Some(data.len() as u64),
        };
        Session { meta, data: Some(data.into()) }
    }

    /// Parses an entry; `None` for anything else, and for an entry of a later version.
    fn read(session: &Session) -> Option<Entry> {
        let written: StoredEntry = serde_json::from_slice(session.data.as_deref()?).ok()?;
        let way = match written.way.as_str() {
            "out" => Direction::Out,
            "back" => Direction::Back,
            _ => return None,
        };
        let key = |id| SessionKey { id, app: written.app_name.clone() };
        let keys = written.session_ids.into_iter().map(key).collect();
        (written.version == 1).then(|| Entry { row: session.meta.key.clone(), way, source: written.source, keys })
    }
}

impl SessionStore {
    /// The entries of the journal in this table.
    pub(in crate::store) async fn journal(&mut self) -> Result<Vec<Entry>> {
        let filter = Filter { id_prefix: Some(PREFIX.to_owned()), ..Filter::default() };
        let reading = ReadRequest { filter: &filter, now: EpochMillis(0), from: None, limit: None };
        let (mut cursor, mut entries) = (Cursor::default(), Vec::new());
        while let Some(page) = self.next_page(&reading, &mut cursor).await? {
            for row in page.into_iter().filter(|row| is_journal(&row.key)) {
                entries.extend(self.get(&row.key).await?.as_ref().and_then(Entry::read));
            }
        }
        Ok(entries)
    }

    /// Sessions of this table whose users may have logged out: a run that moved them here was interrupted.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Db`].
    pub async fn in_doubt(&mut self) -> Result<HashSet<SessionKey>> {
        let entries = self.journal().await?;
        Ok(entries.into_iter().filter(|entry| entry.way == Direction::Out).flat_map(|entry| entry.keys).collect())
    }

    /// The name of this table in the journals of other stores.
    pub(in crate::store) fn place(&self) -> String {
        let target = self.target();
        let server = match target.params.get("socket") {
            Some(socket) => socket.clone(),
            None => format!("{}:{}", target.host, target.port),
        };
        let database = self.server().database.as_deref().or(target.database.as_deref()).unwrap_or_default();
        if self.dialect().has_accounts {
            format!("{server}/{database}.{}", self.names().table)
        } else {
            format!("{database}.{}", self.names().table)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_read_as_it_was_written() {
        for app in [Some("/Catalina/localhost/démo".to_owned()), None] {
            for way in [Direction::Out, Direction::Back] {
                let keys = ["A\"1", "B2.jvm1"].map(|id| SessionKey::new(app.clone(), id)).to_vec();
                let entry = Entry::new(way, "db:3306/tomcat.tomcat_sessions", keys);
                let row = entry.session(Some(EpochMillis(7)));
                assert!(
                    is_journal(&row.meta.key) && row.meta.key.id.starts_with(PREFIX) && row.meta.key.id.len() == 32
                );
                assert_eq!(Entry::read(&row), Some(entry));
            }
        }
    }

    #[test]
    fn rows_that_are_no_journal_entries_are_ignored() {
        let entry = Entry::new(Direction::Out, "x", Vec::new()).session(None);
        let with = |data: &[u8]| Entry::read(&Session { data: Some(data.to_vec().into()), ..entry.clone() });
        assert_eq!(with(b"\xac\xed\0\x05"), None);
        let later = String::from_utf8(entry.data.clone().unwrap().to_vec()).unwrap();
        assert_eq!(with(later.replace("\"version\":1", "\"version\":2").as_bytes()), None);
    }
}
