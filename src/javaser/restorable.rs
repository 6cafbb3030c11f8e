//! Whether Tomcat can load a session, as far as its data tell.

use super::error::{Error, ErrorKind};
use super::session::Decoded;
use super::tree::Value;

/// Whether Tomcat would load a session that has these data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Restorable {
    Yes,
    /// Why not, as a fragment: "the session id in the data is not the id of the row".
    No(String),
    /// Why that cannot be said.
    Unknown(String),
}

/// An answer that a search asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestorableAnswer {
    Yes,
    No,
    Unknown,
}

impl Restorable {
    /// Tells whether this is the answer.
    pub fn is(&self, answer: RestorableAnswer) -> bool {
        match answer {
            RestorableAnswer::Yes => matches!(self, Restorable::Yes),
            RestorableAnswer::No => matches!(self, Restorable::No(_)),
            RestorableAnswer::Unknown => matches!(self, Restorable::Unknown(_)),
        }
    }

    /// Judges what decoding the data of the row `id` brought; `None` stands for data that are NULL.
    ///
    /// Whether the classes of its attributes are there, and of the same version, only Tomcat knows.
    pub fn of(decoded: Option<&Result<Decoded<'_>, Error>>, id: &str) -> Restorable {
        let no = |why: &str| Restorable::No(why.to_owned());
        match decoded {
            None => no("session_data is NULL"),
            Some(Err(error)) => Restorable::failed(error),
            Some(Ok(Decoded { broken: Some(error), .. })) => Restorable::failed(error),
            Some(Ok(Decoded { tree, session, .. })) => {
                if tree.string(Value::Node(session.id)).is_none_or(|held| held != id) {
                    no("the session id in the data is not the id of the row")
                } else if !session.is_valid {
                    no("the data mark the session as invalid")
                } else {
                    Restorable::Yes
                }
            }
        }
    }

    fn failed(error: &Error) -> Restorable {
        let why = format!("the data cannot be decoded: {error}");
        // Larger limits may decode them, and the class of an object that nobody else can read.
        match error.kind {
            ErrorKind::TooDeep { .. } | ErrorKind::TooMany { .. } | ErrorKind::Opaque => Restorable::Unknown(why),
            _ => Restorable::No(why),
        }
    }

    /// Yes or no, where that can be said.
    pub fn answer(&self) -> Option<bool> {
        match self {
            Restorable::Yes => Some(true),
            Restorable::No(_) => Some(false),
            Restorable::Unknown(_) => None,
        }
    }

    /// Why not, or why that cannot be said.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Restorable::Yes => None,
            Restorable::No(why) | Restorable::Unknown(why) => Some(why),
        }
    }
}
