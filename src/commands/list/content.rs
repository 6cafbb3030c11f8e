//! What the data of a session of the list say, where they were read.

use serde::Serialize;

use crate::javaser::{Decoded, Restorable, Search};

#[derive(Debug, Clone, Serialize)]
pub struct SessionContent {
    /// Whether Tomcat can load it, as far as its data tell; null where they are too large to decode.
    pub restorable: Option<bool>,
    /// Why not.
    pub restorable_reason: Option<String>,
    /// Who is logged in; several are separated by commas. Null for nobody, and where the data cannot be read.
    pub user: Option<String>,
    /// With --class: the classes that it asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classes: Option<Vec<Class>>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Class {
    pub class: String,
    /// As text, since it has 64 bits.
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
