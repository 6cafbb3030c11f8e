//! The columns of a session and the SHA-256 of its data. Copies are compared by it, without transferring the data.

use super::{Session, SessionData, SessionMeta};

/// State of a row.
#[derive(Clone, PartialEq, Eq)]
pub struct Digest {
    pub meta: SessionMeta,
    /// SHA-256 of `session_data`; `None` if it is NULL.
    pub sha256: Option<[u8; 32]>,
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {}", self.meta, self.hex().as_deref().unwrap_or("NULL"))
    }
}

impl Digest {
    /// Digest of a complete session.
    pub fn of(session: &Session) -> Digest {
        Digest { meta: session.meta.clone(), sha256: session.data.as_ref().map(SessionData::sha256) }
    }

    /// The columns, by their names in `--columns`, in which two states of one session differ.
    pub fn differing(&self, other: &Digest) -> Vec<&'static str> {
        let (a, b) = (&self.meta, &other.meta);
        let columns = [
            ("valid", a.valid != b.valid),
            ("max-inactive", a.max_inactive != b.max_inactive),
            ("last-access", a.last_access != b.last_access),
            ("data", a.size != b.size || self.sha256 != other.sha256),
        ];
        columns.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }

    /// The SHA-256 in hexadecimal.
    pub fn hex(&self) -> Option<String> {
        self.sha256.map(|hash| hash.iter().fold(String::with_capacity(64), |hex, byte| format!("{hex}{byte:02x}")))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{EpochMillis, SessionKey};
    use super::*;

    fn session(data: Option<&[u8]>) -> Session {
        let meta = SessionMeta {
            key: SessionKey::new(Some("/Catalina/localhost/demo".to_owned()), "A"),
            valid: Some("1".to_owned()),
            max_inactive: Some(1800),
            last_access: Some(EpochMillis(1)),
            size: data.map(|data| data.len() as u64),
        };
        Session { meta, data: data.map(|data| data.to_vec().into()) }
    }

    #[test]
    fn null_data_differ_from_empty_data() {
        assert_eq!(Digest::of(&session(None)).hex(), None);
        // FIPS 180-4: the hash of the empty message.
        assert_eq!(
            Digest::of(&session(Some(b""))).hex().unwrap(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    #[test]
    fn differing_columns_are_listed() {
        let a = Digest::of(&session(Some(b"x")));
        assert_eq!(a.differing(&a), [""; 0]);
        assert_eq!(a.differing(&Digest::of(&session(Some(b"y")))), ["data"]);
        assert_eq!(a.differing(&Digest::of(&session(None))), ["data"]);
        let mut b = a.clone();
        (b.meta.valid, b.meta.max_inactive, b.meta.last_access) = (None, Some(0), None);
        assert_eq!(a.differing(&b), ["valid", "max-inactive", "last-access"]);
    }
}
