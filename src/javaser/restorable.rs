//! Decides whether Tomcat can load a session, judged by its data.

use crate::session::{EpochMillis, SessionMeta, SessionState};

use super::error::{Error, ErrorKind};
use super::session::Decoded;
use super::tree::Value;

/// Whether Tomcat can load a session with these data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Restorable {
    Yes,
    /// Why not, as a fragment: "the session id in the data is not the id of the row".
    No(String),
    /// The reason why that is unknown.
    Unknown(String),
}

/// Value of `--restorable`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestorableAnswer {
    Yes,
    No,
    Unknown,
}

impl Restorable {
    /// Tells whether this is that answer.
    pub fn is(&self, answer: RestorableAnswer) -> bool {
        match answer {
            RestorableAnswer::Yes => matches!(self, Restorable::Yes),
            RestorableAnswer::No => matches!(self, Restorable::No(_)),
            RestorableAnswer::Unknown => matches!(self, Restorable::Unknown(_)),
        }
    }

    /// Evaluates the result of decoding the data of `row`; `None` stands for NULL data.
    ///
    /// Tomcat judges a loaded session by its data alone (`StandardSession.isValid`, which
    /// `PersistentManagerBase.swapIn` and `PersistentValve` ask). A row that has expired by its columns is not
    /// judged by that: its state says so already, and it need not be damaged.
    ///
    /// Only Tomcat knows whether the classes of the attributes exist, in the same version.
    pub fn of(decoded: Option<&Result<Decoded<'_>, Error>>, row: &SessionMeta, now: EpochMillis) -> Restorable {
        let no = |why: &str| Restorable::No(why.to_owned());
        match decoded {
            None => no("session_data is NULL"),
            Some(Err(error)) => Restorable::failed(error),
            Some(Ok(Decoded { broken: Some(error), .. })) => Restorable::failed(error),
            Some(Ok(Decoded { tree, session, .. })) => {
                if tree.string(Value::Node(session.id)).is_none_or(|held| held != row.key.id) {
                    no("the session id in the data is not the id of the row")
                } else if !session.is_valid {
                    no("the data mark the session as invalid")
                } else {
                    let expired = matches!(row.state_at(now), SessionState::Expired { .. });
                    match session.expired_since(now).filter(|_| !expired) {
                        Some(since) => no(&format!(
                            "according to the data it expired at {}, although the row has not",
                            since.rfc3339().unwrap_or_else(|| since.0.to_string())
                        )),
                        None => Restorable::Yes,
                    }
                }
            }
        }
    }

    fn failed(error: &Error) -> Restorable {
        let why = format!("the data cannot be decoded: {error}");
        // Larger limits, or the class itself, may be able to read them.
        match error.kind {
            ErrorKind::TooDeep { .. } | ErrorKind::TooMany { .. } | ErrorKind::Opaque => Restorable::Unknown(why),
            _ => Restorable::No(why),
        }
    }

    /// Yes or no, if known.
    pub fn answer(&self) -> Option<bool> {
        match self {
            Restorable::Yes => Some(true),
            Restorable::No(_) => Some(false),
            Restorable::Unknown(_) => None,
        }
    }

    /// The reason for `No` or `Unknown`.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Restorable::Yes => None,
            Restorable::No(why) | Restorable::Unknown(why) => Some(why),
        }
    }
}
