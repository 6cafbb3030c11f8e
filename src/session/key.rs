//! Keys of sessions, and how many characters of an id are displayed.

use std::fmt;

/// Key of a session. An id alone is not unique: two contexts may have the same id (Tomcat reuses it deliberately with
/// `sessionCookiePath="/"`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionKey {
    /// `session_id`: 32 upper-case hexadecimal digits, followed by `.` and the jvmRoute if one is set.
    pub id: String,
    /// `app_name`: `/Engine/Host/context`, such as `/Catalina/localhost/demo`; `None` if it is NULL.
    pub app: Option<String>,
}

impl SessionKey {
    pub fn new(app: impl Into<Option<String>>, id: impl Into<String>) -> SessionKey {
        SessionKey { id: id.into(), app: app.into() }
    }

    /// The first characters of the id: enough to find it in a log, too few to use it.
    pub fn redacted(&self) -> String {
        redact(&self.id)
    }
}

/// An id is a credential, so debug output contains only its prefix.
impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.redacted(), self.app.as_deref().unwrap_or("NULL"))
    }
}

/// Prefix of `id` for messages.
fn redact(id: &str) -> String {
    let shown: String = id.chars().take(8).collect();
    if shown.len() < id.len() { format!("{shown}…") } else { shown }
}

/// The jvmRoute of an id: the part after its first dot (`ManagerBase.generateSessionId` appends `"." + jvmRoute`).
pub fn route_of(id: &str) -> Option<&str> {
    id.split_once('.').map(|(_, route)| route).filter(|route| !route.is_empty())
}

/// Number of characters that are displayed of each id, so that all ids on the screen differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdPrefixes {
    chars: usize,
}

impl IdPrefixes {
    /// Finds the smallest length, at least eight, at which different ids remain different.
    pub fn of<'a>(ids: impl IntoIterator<Item = &'a str>) -> IdPrefixes {
        let mut ids: Vec<&str> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        let chars = ids
            .windows(2)
            .map(|pair| {
                let shared = pair[0].chars().zip(pair[1].chars()).take_while(|(a, b)| a == b).count();
                shared + 1
            })
            .max()
            .unwrap_or(0);
        IdPrefixes { chars: chars.max(8) }
    }

    /// `id`, truncated to that length.
    pub fn cut(self, id: &str) -> String {
        id.chars().take(self.chars).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes() {
        assert_eq!(route_of("0A1B.jvm1"), Some("jvm1"));
        assert_eq!(route_of("0A1B.dc1.node2"), Some("dc1.node2"));
        assert_eq!(route_of("0A1B"), None);
        assert_eq!(route_of("0A1B."), None);
    }

    #[test]
    fn prefixes_are_unique_on_the_screen() {
        let ids = ["ABCDEFGHIJ1", "ABCDEFGHIJ2", "ZZZZZZZZZZZZ"];
        let cut = IdPrefixes::of(ids);
        assert_eq!(cut.cut(ids[0]), "ABCDEFGHIJ1");
        assert_eq!(cut.cut(ids[2]), "ZZZZZZZZZZZ");
        assert_eq!(IdPrefixes::of(["ABCDEFGHIJ1"]).cut("ABCDEFGHIJ1"), "ABCDEFGH");
        assert_eq!(IdPrefixes::of(["é".repeat(9).as_str()]).cut("ééééééééé"), "éééééééé");
    }

    #[test]
    fn debug_output_does_not_contain_the_id() {
        let key = SessionKey::new(Some("/Catalina/localhost/demo".to_owned()), "0123456789ABCDEF");
        assert_eq!(format!("{key:?}"), "01234567…@/Catalina/localhost/demo");
    }
}
