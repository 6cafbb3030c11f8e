//! Finds the one session that a user names.

use crate::failure::Failure;
use crate::session::{EpochMillis, Filter, SessionKey};
use crate::store::{PrefixMatch, SessionStore};

/// Finds the one session that an id, or the beginning of one, means.
///
/// # Errors
/// When there is none, or more than one.
pub async fn one_session(
    store: &mut SessionStore,
    id: &str,
    filter: &Filter,
    now: EpochMillis,
) -> Result<SessionKey, Failure> {
    if id.is_empty() {
        return Err(Failure::usage("a session id is empty"));
    }
    match store.find(id, filter, now).await? {
        PrefixMatch::One(key) => Ok(key),
        PrefixMatch::None => {
            let shown = SessionKey::new(None, id).redacted();
            Err(Failure::failed(format!("there is no session whose id starts with `{shown}`"))
                .hint("`tomcat-sessions list` shows the ids; they are case-sensitive"))
        }
        PrefixMatch::Several(keys) => {
            let shown = SessionKey::new(None, id).redacted();
            let same_id = keys.iter().all(|key| key.id == keys[0].id);
            let failure = Failure::usage(format!(
                "the prefix `{shown}` is ambiguous: it matches at least {} sessions",
                keys.len()
            ));
            Err(if same_id {
                let apps: Vec<&str> = keys.iter().filter_map(|key| key.app.as_deref()).collect();
                failure.hint(format!("several applications have this id; select one with --app: {}", apps.join(", ")))
            } else {
                failure.hint("write a longer prefix; `tomcat-sessions list --id PREFIX` lists the matches")
            })
        }
    }
}
