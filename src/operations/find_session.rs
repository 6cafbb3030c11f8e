//! Finds the session with an id that the user gives.

use std::collections::BTreeSet;

use crate::failure::Failure;
use crate::session::{EpochMillis, Filter, IdPrefixes, SessionKey, short_name};
use crate::store::{MAX_MATCHES, PrefixMatch, SessionStore};

/// Finds the session with this id, or with this prefix of an id.
///
/// # Errors
/// There is none, or there are several.
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
            let table = &store.names().table;
            let matching = if filter.is_empty() { "" } else { " that matches the filters and" };
            let message = format!("the table `{table}` has no session{matching} whose id starts with `{shown}`");
            Err(Failure::failed(message).hint(
                "`tomcat-sessions list` shows the ids in the live table, `tomcat-sessions list --swapped` those in the swap table; ids are case-sensitive",
            ))
        }
        PrefixMatch::Several(sessions) => {
            let matches = sessions.into_iter().map(|session| (session.state_at(now).as_str(), session.key));
            Err(ambiguous(id, matches.map(|(state, key)| Match { key, state }).collect()))
        }
    }
}

/// A session that an ambiguous prefix matches.
pub struct Match {
    pub key: SessionKey,
    /// `live` or `expired`, for example, or where the session is.
    pub state: &'static str,
}

/// The failure for a prefix that matches several sessions. It lists the first [`MAX_MATCHES`]; if there are more, their
/// number is not known.
pub fn ambiguous(id: &str, mut matches: Vec<Match>) -> Failure {
    matches.sort_by(|a, b| a.key.cmp(&b.key));
    let more = matches.len() > MAX_MATCHES;
    matches.truncate(MAX_MATCHES);
    let number = if more { format!("more than {MAX_MATCHES}") } else { matches.len().to_string() };
    let typed = SessionKey::new(None, id).redacted();
    let failure = Failure::usage(format!("the prefix `{typed}` is ambiguous: it matches {number} sessions"));
    let ids: BTreeSet<&str> = matches.iter().map(|session| session.key.id.as_str()).collect();
    let prefixes = IdPrefixes::of(ids.iter().copied());
    let failure = matches.iter().fold(failure, |failure, Match { key, state }| {
        let id = prefixes.cut(&key.id);
        // A complete id is a credential, and must not be printed in an error.
        let id = if id == key.id { key.redacted() } else { id };
        failure.hint(format!("{id}  {}  {state}", key.app.as_deref().unwrap_or("NULL")))
    });
    if ids.len() > 1 {
        let all = if is_plain(id) && !typed.ends_with('…') && more {
            format!("; `tomcat-sessions list --id {id}` lists all of them")
        } else {
            String::new()
        };
        return failure.hint(format!("write a longer prefix{all}"));
    }
    let apps: Vec<&str> = matches.iter().filter_map(|session| session.key.app.as_deref()).collect();
    let short: BTreeSet<&str> = apps.iter().map(|app| short_name(app)).collect();
    let unique = short.len() == apps.len();
    let choices = apps.iter().map(|app| if unique { short_name(app) } else { *app }).filter(|app| is_plain(app));
    let choices: Vec<String> = choices.map(|app| format!("--app {app}")).collect();
    failure.hint(format!("several applications have this id; add {}", choices.join(" or ")))
}

/// Tells whether the word needs no quotes in a shell.
fn is_plain(word: &str) -> bool {
    !word.starts_with('-') && word.chars().all(|c| c.is_ascii_alphanumeric() || "-._/".contains(c))
}
