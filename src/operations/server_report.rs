//! The server that answered, for reports.

use serde::Serialize;

use crate::store::{NodeRole, SessionStore};
use crate::ui::{Page, age};

/// The server that answered last, if there are several.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ServerReport {
    /// Host and port; `None` for a file.
    pub node: Option<String>,
    /// `primary`, `secondary`, `replica`, `read-only`, `non-member`; `None` for a file.
    pub role: Option<&'static str>,
    /// The lag of a replica when it was last checked, if it is known.
    pub lag_ms: Option<u64>,
    #[serde(skip)]
    is_one_of_several: bool,
}

impl ServerReport {
    pub fn of(store: &SessionStore) -> ServerReport {
        ServerReport {
            node: store.node(),
            role: store.role().map(NodeRole::as_str),
            lag_ms: store.lag().map(|lag| u64::try_from(lag.as_millis()).unwrap_or(u64::MAX)),
            is_one_of_several: store.is_one_of_several(),
        }
    }

    /// With a role that was determined separately.
    pub fn with_role(self, role: Option<NodeRole>) -> ServerReport {
        ServerReport { role: role.map(NodeRole::as_str), ..self }
    }

    /// Host, port and role; `None` for a single server that accepts writes: the URL names it.
    pub fn summary(&self) -> Option<String> {
        let (node, role) = (self.node.as_ref()?, self.role?);
        if role == NodeRole::Primary.as_str() && !self.is_one_of_several {
            return None;
        }
        let lag = self.lag_ms.map(|lag| format!(", {} behind", age(lag))).unwrap_or_default();
        Some(format!("{node} ({role}{lag})"))
    }

    /// Prints the summary.
    pub fn line(&self, page: &mut Page) {
        if let Some(shown) = self.summary() {
            page.line(format!("Server: {shown}."));
        }
    }
}
