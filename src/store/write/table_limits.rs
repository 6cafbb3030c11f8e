//! Checks whether a session fits into a table. A server in non-strict mode would truncate a value that is too long,
//! and a statement that is too long costs the connection, so both are checked in advance.

use crate::engine::ColumnClass;
use crate::session::Session;
use crate::store::session_store::SessionStore;

/// Maximum size of a statement without a session's data: the other columns, and the statement itself.
const STATEMENT: u64 = 4 << 10;

/// Maximum size of a statement with `data` bytes of session data: a driver that inserts parameters into the text
/// escapes some bytes, which doubles them.
pub(in crate::store) fn longest_statement(data: u64) -> u64 {
    data.saturating_mul(2).saturating_add(STATEMENT)
}

/// The limits of a table and its server; `None` if there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableLimits {
    /// Characters of a session id.
    id: Option<u64>,
    /// Characters of an application name.
    app: Option<u64>,
    app_nullable: bool,
    /// Whether a text with the character NUL is refused.
    refuses_nul: bool,
    /// Bytes of `session_data`.
    data: Option<u64>,
    /// Bytes of a statement.
    packet: Option<u64>,
}

impl TableLimits {
    pub fn of(store: &SessionStore) -> TableLimits {
        let (names, dialect) = (store.names(), store.dialect());
        let positive = |n: i64| u64::try_from(n).ok().filter(|n| *n > 0);
        let declared = |name: &str| {
            let column = store.shape().column(name).filter(|_| dialect.enforces_lengths)?;
            column.length.and_then(positive)
        };
        let data = store.shape().column(&names.data).and_then(|column| match (dialect.class)(&column.data_type) {
            ColumnClass::Binary { max: Some(max) } => Some(max),
            _ => declared(&names.data),
        });
        TableLimits {
            id: declared(&names.id),
            app: declared(&names.app),
            app_nullable: store.shape().column(&names.app).is_none_or(|column| column.nullable),
            refuses_nul: !dialect.holds_nul,
            data,
            packet: store.server().max_packet.and_then(positive),
        }
    }

    /// Tells whether every session that `source` can contain fits here too, so that none has to be checked. Sessions
    /// without an application, if this table refuses them and `source` does not, are not considered.
    pub fn accepts_all_of(&self, source: &TableLimits) -> bool {
        let within = |here: Option<u64>, there: Option<u64>| here.is_none_or(|most| there.is_some_and(|n| n <= most));
        within(self.id, source.id)
            && within(self.app, source.app)
            && within(self.data, source.data)
            && within(self.packet, source.data.map(longest_statement))
    }

    /// Tells whether `source` may contain sessions without an application, which this table refuses.
    pub fn refuses_null_apps_of(&self, source: &TableLimits) -> bool {
        !self.app_nullable && source.app_nullable
    }

    /// The reason why a session does not fit; `None` if it does.
    pub fn fault(&self, session: &Session) -> Option<String> {
        let key = &session.meta.key;
        let size = session.data.as_ref().map_or(0, |data| data.len() as u64);
        let over = |n: u64, most: Option<u64>| most.filter(|most| n > *most);
        let (id, app) = (key.id.chars().count() as u64, key.app.as_deref().map_or(0, |app| app.chars().count() as u64));
        if let Some(most) = over(id, self.id) {
            return Some(format!("its id has {id} characters, but the target's column holds at most {most}"));
        }
        if let Some(most) = over(app, self.app) {
            return Some(format!(
                "its application name has {app} characters, but the target's column holds at most {most}"
            ));
        }
        if self.refuses_nul && (key.id.contains('\0') || key.app.as_deref().is_some_and(|app| app.contains('\0'))) {
            return Some(
                "its id or application contains the character NUL, which the target's columns cannot hold".to_owned(),
            );
        }
        if key.app.is_none() && !self.app_nullable {
            return Some("it has no application, and the target's column does not allow NULL".to_owned());
        }
        if let Some(most) = over(size, self.data) {
            return Some(format!("its data have {size} bytes, but the target's column holds at most {most}"));
        }
        let most = over(size + STATEMENT, self.packet)?;
        Some(format!(
            "its data are {size} bytes long, but the target's server accepts statements of at most {most} bytes (max_allowed_packet)"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{SessionKey, SessionMeta};

    fn fault(app: Option<&str>, id: &str, size: usize) -> Option<String> {
        let limits = TableLimits {
            id: Some(4),
            app: Some(3),
            refuses_nul: true,
            data: Some(65_535),
            packet: Some(40_000),
            ..TableLimits::default()
        };
        let meta = SessionMeta {
            key: SessionKey::new(app.map(str::to_owned), id),
            valid: None,
            max_inactive: None,
            last_access: None,
            size: Some(size as u64),
        };
        limits.fault(&Session { meta, data: Some(vec![0; size].into()) })
    }

    #[test]
    fn limits_that_take_every_session_of_another_table() {
        let here = TableLimits {
            id: Some(100),
            app: Some(255),
            data: Some(1000),
            packet: Some(6096),
            ..TableLimits::default()
        };
        let there = TableLimits { packet: None, ..here.clone() };
        assert!(here.accepts_all_of(&there));
        assert!(TableLimits::default().accepts_all_of(&there));
        for less in [
            TableLimits { id: Some(99), ..here.clone() },
            TableLimits { app: Some(254), ..here.clone() },
            TableLimits { data: Some(999), ..here.clone() },
            // Twice the data, plus the statement.
            TableLimits { packet: Some(6095), ..here.clone() },
        ] {
            assert!(!less.accepts_all_of(&there), "{less:?}");
        }
        assert!(!here.accepts_all_of(&TableLimits { id: None, ..there.clone() }), "a source without limits");
        assert!(!here.accepts_all_of(&TableLimits { data: None, ..there.clone() }), "a source without limits");
        assert!(!here.refuses_null_apps_of(&there));
        assert!(here.refuses_null_apps_of(&TableLimits { app_nullable: true, ..there }));
    }

    #[test]
    fn sessions_that_do_not_fit_are_reported() {
        assert_eq!(fault(Some("ééé"), "ÄBCD", 35_904), None);
        for (app, id, size, word) in [
            (Some("/a"), "ABCDE", 1, "id has 5"),
            (Some("/abc"), "A", 1, "name has 4"),
            (None, "A", 1, "no application"),
            (Some("/a"), "A\0", 1, "NUL"),
            (Some("\0"), "A", 1, "NUL"),
            (Some("/a"), "A", 65_536, "65536 bytes, but the target's column holds at most 65535"),
            (Some("/a"), "A", 35_905, "max_allowed_packet"),
        ] {
            let reason = fault(app, id, size).unwrap();
            assert!(reason.contains(word), "{reason}");
        }
        let all = TableLimits { app_nullable: true, ..TableLimits::default() };
        let meta = SessionMeta {
            key: SessionKey::new(None, "A"),
            valid: None,
            max_inactive: None,
            last_access: None,
            size: None,
        };
        assert_eq!(all.fault(&Session { meta, data: None }), None);
    }
}
