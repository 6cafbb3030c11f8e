//! Writes, reads and deletes one session, to verify that the account and the table work for Tomcat; nothing remains
//! of it.

use crate::engine::{Bind, DbError, Target};
use crate::session::{EpochMillis, OnConflict, Session, SessionKey, SessionMeta};
use crate::store::catalog::naming::Naming;
use crate::store::error::{Result, StoreError};
use crate::store::session_store::SessionStore;

/// No Tomcat has an Engine of that name, so none takes the session for its own.
const APP: &str = "/tomcat-sessions/init-db/probe";

/// Results of lookups with ids other than the session's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// The id in lower case finds the session: a cookie with such an id makes newer Tomcats destroy it.
    pub lower_case_id_matches: bool,
    /// The id with a trailing space finds it too.
    pub trailing_space_matches: bool,
}

/// Logs in at `target` and writes, reads back and deletes a session in a transaction that is rolled back.
///
/// # Errors
/// Those of [`SessionStore::open`]; [`StoreError::Db`] if a statement fails, or if the session read back differs or
/// still exists after the deletion.
pub async fn probe(target: &Target, naming: &Naming, now: EpochMillis) -> Result<Probe> {
    let mut store = SessionStore::open(target, naming).await?;
    store.begin().await?;
    let found = save_and_load(&mut store, now).await;
    // The session is deleted by then; the rollback is for an error in between.
    store.rollback().await;
    store.close().await;
    found
}

async fn save_and_load(store: &mut SessionStore, now: EpochMillis) -> Result<Probe> {
    let session = session(now)?;
    store.write(std::slice::from_ref(&session), &[], &OnConflict::Fail).await?;
    let differs = |what: &str| StoreError::db("read the probe session back", DbError::other(what));
    match store.get(&session.meta.key).await? {
        Some(found) if found.data != session.data => {
            return Err(differs("its bytes differ from those written"));
        }
        Some(found) if found.meta != session.meta => {
            return Err(differs("its columns differ from those written"));
        }
        Some(_) => {}
        None => return Err(differs("it does not exist")),
    }
    let id = &session.meta.key.id;
    let probe = Probe {
        lower_case_id_matches: finds(store, &id.to_lowercase()).await?,
        trailing_space_matches: finds(store, &format!("{id} ")).await?,
    };
    let bind = Bind::new().keys(Some(APP), [id.as_str()], true);
    store.execute("delete the probe session", store.statements().delete_rows, &bind).await?;
    if finds(store, id).await? {
        return Err(StoreError::db("delete the probe session", DbError::other("it still exists")));
    }
    Ok(probe)
}

/// Tells whether the server finds a row by this id, with Tomcat's query.
async fn finds(store: &mut SessionStore, id: &str) -> Result<bool> {
    let bind = Bind::new().set("id", id).set("app", APP);
    let rows = store.query("look for the probe session", store.statements().get, &bind).await?;
    Ok(!rows.is_empty())
}

/// A session as Tomcat would write it, with every byte value in its data and a letter in its id.
fn session(now: EpochMillis) -> Result<Session> {
    let mut random = [0u8; 15];
    getrandom::fill(&mut random).map_err(|e| StoreError::db("make an id", DbError::other(e.to_string())))?;
    let id = random.iter().fold("AF".to_owned(), |id, byte| format!("{id}{byte:02X}"));
    let data: Vec<u8> = (0..=255).collect();
    let meta = SessionMeta {
        key: SessionKey::new(Some(APP.to_owned()), id),
        valid: Some("1".to_owned()),
        max_inactive: Some(60),
        last_access: Some(now),
        size: Some(data.len() as u64),
    };
    Ok(Session { meta, data: Some(data.into()) })
}
