//! The fields of a session in machine formats, as `list` and `show` print them.
//!
//! There are two parts, because `show` prints other fields between them. Flatten both.

use serde::Serialize;

use crate::session::{EpochMillis, SessionKey, SessionMeta, route_of};

/// The key of a session.
#[derive(Serialize)]
pub struct KeyFields {
    pub session_id: String,
    pub app_name: Option<String>,
    pub route: Option<String>,
}

/// The other columns of a session, and what follows from them.
#[derive(Serialize)]
pub struct RowFields {
    pub state: &'static str,
    pub valid_session: Option<String>,
    /// Seconds.
    pub max_inactive: Option<i64>,
    /// Epoch milliseconds.
    pub last_access: Option<EpochMillis>,
    last_access_rfc3339: Option<String>,
    pub idle_ms: Option<u64>,
    /// Epoch milliseconds.
    pub expires_at: Option<EpochMillis>,
    expires_at_rfc3339: Option<String>,
    pub size_bytes: Option<u64>,
}

/// The fields of a row at the time `now`.
pub fn session_fields(session: SessionMeta, now: EpochMillis) -> (KeyFields, RowFields) {
    let state = session.state_at(now);
    let expires_at = state.expires_at();
    let idle_ms = session.idle_ms(now);
    let SessionMeta { key: SessionKey { app, id }, valid, max_inactive, last_access, size } = session;
    let key = KeyFields { route: route_of(&id).map(str::to_owned), session_id: id, app_name: app };
    let fields = RowFields {
        state: state.as_str(),
        valid_session: valid,
        max_inactive,
        last_access,
        last_access_rfc3339: last_access.and_then(EpochMillis::rfc3339),
        idle_ms,
        expires_at,
        expires_at_rfc3339: expires_at.and_then(EpochMillis::rfc3339),
        size_bytes: size,
    };
    (key, fields)
}
