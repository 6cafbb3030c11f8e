//! Contents of the data of a listed session.

use serde::Serialize;

use crate::javaser::{Decoded, Restorable, Search};

#[derive(Debug, Clone, Serialize)]
pub struct SessionContent {
    /// Whether Tomcat can load the session, judged by its data; null if the data exceed what the program can decode.
    pub restorable: Option<bool>,
    /// The reason, unless Tomcat can load it.
    pub restorable_reason: Option<String>,
    /// The logged-in users, separated by commas; null if there is none or the data cannot be read.
    pub user: Option<String>,
    /// With --class: the classes in the data that match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classes: Option<Vec<Class>>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Class {
    pub class: String,
    /// As a string: many JSON parsers lose digits of a 64-bit number.
    pub serial_version_uid: String,
}

impl SessionContent {
    pub fn new(restorable: &Restorable, decoded: Option<&Decoded<'_>>, search: &Search) -> SessionContent {
        let users = decoded.map(|decoded| decoded.session.users(&decoded.tree)).unwrap_or_default();
        let classes = decoded.filter(|_| search.asks_for_classes()).map(|decoded| {
            let versions = search.versions(decoded).into_iter();
            versions.map(|v| Class { class: v.class, serial_version_uid: v.uid.to_string() }).collect()
        });
        SessionContent {
            restorable: restorable.answer(),
            restorable_reason: restorable.reason().map(str::to_owned),
            user: (!users.is_empty()).then(|| users.join(", ")),
            classes,
        }
    }
}
