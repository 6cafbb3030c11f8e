//! A Tomcat, identified by its Manager application, and the applications that it serves.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::answer::{AnswerError, Bean, beans, returned, set};
use super::client::Client;
use super::{ClientOptions, JmxRequest, ManagerUrl, NodeError, NodeErrorKind, ObjectName};
use crate::session::EpochMillis;

/// The attributes of a `PersistentManager` that decide when it writes (`PersistentManagerBase`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attribute {
    /// Idle time in seconds after which a row is written; 0 writes all, -1 none.
    MaxIdleBackup,
    /// Idle time in seconds after which a session leaves the memory; -1: never.
    MaxIdleSwap,
    /// Idle time in seconds below which no session leaves the memory.
    MinIdleSwap,
    /// Background runs per pass.
    ProcessExpiresFrequency,
}

impl Attribute {
    pub const ALL: [Attribute; 4] =
        [Attribute::MaxIdleBackup, Attribute::MaxIdleSwap, Attribute::MinIdleSwap, Attribute::ProcessExpiresFrequency];

    pub fn name(self) -> &'static str {
        match self {
            Attribute::MaxIdleBackup => "maxIdleBackup",
            Attribute::MaxIdleSwap => "maxIdleSwap",
            Attribute::MinIdleSwap => "minIdleSwap",
            Attribute::ProcessExpiresFrequency => "processExpiresFrequency",
        }
    }

    pub fn of(name: &str) -> Option<Attribute> {
        Attribute::ALL.into_iter().find(|attribute| attribute.name() == name)
    }
}

/// A Tomcat.
#[derive(Clone)]
pub struct Node {
    client: Arc<Client>,
}

/// An application that a Tomcat serves, and the Manager with its sessions.
#[derive(Debug, Clone)]
pub struct ServedApp {
    /// The Manager's bean.
    pub bean: String,
    /// Value of the column `app_name`.
    pub app: String,
    /// `PersistentManager`, `StandardManager`, `DeltaManager`.
    pub class: String,
    /// Whether it writes sessions to a Store.
    pub persistent: bool,
    /// Whether PersistentValve writes each session after each request.
    pub valve: bool,
    attributes: Vec<(String, String)>,
}

impl ServedApp {
    fn of(bean: Bean, valves: &BTreeSet<String>) -> Option<ServedApp> {
        let app = ObjectName::parse(&bean.name)?.app_name()?;
        let class = bean.attribute("className").or_else(|| bean.attribute("modelerType")).unwrap_or_default();
        Some(ServedApp {
            class: class.rsplit('.').next().unwrap_or_default().to_owned(),
            // Detected by its attributes: a custom class may extend PersistentManagerBase.
            persistent: bean.attribute("maxIdleBackup").is_some(),
            valve: valves.contains(&app),
            app,
            bean: bean.name,
            attributes: bean.attributes,
        })
    }

    pub fn number(&self, attribute: &str) -> Option<i64> {
        self.text(attribute)?.parse().ok()
    }

    pub fn text(&self, attribute: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == attribute).map(|(_, value)| value.as_str())
    }
}

impl Node {
    /// # Errors
    /// If the authorities in `options` cannot be read.
    pub fn new(place: ManagerUrl, options: &ClientOptions) -> Result<Node, String> {
        Ok(Node { client: Arc::new(Client::new(place, options)?) })
    }

    /// The Manager's URL without a password.
    pub fn manager(&self) -> String {
        self.client.place().to_string()
    }

    /// Version of the server, as it reports it (`Apache Tomcat/10.1.60`).
    pub async fn server(&self) -> Result<Option<String>, NodeError> {
        let servers = self.query("*:type=Server").await?;
        Ok(servers.iter().find_map(|bean| bean.attribute("serverInfo")).map(str::to_owned))
    }

    /// The applications that it serves, sorted by name.
    pub async fn applications(&self) -> Result<Vec<ServedApp>, NodeError> {
        let valves = self.query("*:type=Valve,*").await?;
        let valves = valves.iter().filter_map(|bean| ObjectName::parse(&bean.name));
        let valves = valves.filter(|name| name.key("name") == Some("PersistentValve"));
        let valves: BTreeSet<String> = valves.filter_map(|name| name.app_name()).collect();
        let managers = self.query("*:type=Manager,*").await?;
        let mut served: Vec<ServedApp> = managers.into_iter().filter_map(|bean| ServedApp::of(bean, &valves)).collect();
        served.sort_by(|a, b| a.app.cmp(&b.app));
        Ok(served)
    }

    /// The current state of an application's Manager; `None` if it is no longer served.
    pub async fn application(&self, bean: &str) -> Result<Option<ServedApp>, NodeError> {
        let found = self.query(bean).await?;
        Ok(found.into_iter().find_map(|bean| ServedApp::of(bean, &BTreeSet::new())))
    }

    /// The sessions in memory.
    pub async fn session_ids(&self, bean: &str) -> Result<Vec<String>, NodeError> {
        let ids = self.invoke(bean, "listSessionIds", None, None).await?.unwrap_or_default();
        Ok(ids.split_whitespace().map(str::to_owned).collect())
    }

    /// Tells whether a session is in memory.
    pub async fn is_loaded(&self, bean: &str, id: &str) -> Result<bool, NodeError> {
        Ok(self.invoke(bean, "isLoaded", Some(id), None).await?.as_deref() == Some("true"))
    }

    /// `lastAccessedTime` of a session in memory, which a save writes to `last_access`; `None` if it is not in
    /// memory.
    pub async fn last_accessed(&self, bean: &str, id: &str) -> Result<Option<EpochMillis>, NodeError> {
        let at = self.invoke(bean, "getLastAccessedTimestamp", Some(id), None).await?;
        Ok(at.and_then(|at| at.trim().parse().ok()).filter(|at| *at >= 0).map(EpochMillis))
    }

    /// Expires a session in memory, like a logout: listeners fire, and its row is deleted. A session that is not in
    /// memory is ignored (`ManagerBase.expireSession`).
    pub async fn expire_session(&self, bean: &str, id: &str) -> Result<(), NodeError> {
        self.invoke(bean, "expireSession", Some(id), None).await.map(drop)
    }

    /// Sets an attribute.
    pub async fn set(&self, bean: &str, attribute: Attribute, value: i64) -> Result<(), NodeError> {
        let (node, bean) = (self.client.clone(), bean.to_owned());
        blocking(move || {
            let value = value.to_string();
            let text = node.send(&JmxRequest::Set { name: &bean, attribute: attribute.name(), value: &value }, None)?;
            set(&text).map_err(|fault| faulty(&node, fault))
        })
        .await
    }

    /// Runs the background process once: with a frequency of 1 it expires, swaps out and backs up sessions according
    /// to the attributes. It takes as long as the saves take, at most `wait`.
    pub async fn background_process(&self, bean: &str, wait: Duration) -> Result<(), NodeError> {
        self.invoke(bean, "backgroundProcess", None, Some(wait)).await.map(drop)
    }

    async fn query(&self, pattern: &str) -> Result<Vec<Bean>, NodeError> {
        let (node, pattern) = (self.client.clone(), pattern.to_owned());
        blocking(move || {
            let text = node.send(&JmxRequest::Query { pattern: &pattern }, None)?;
            beans(&text).map_err(|fault| faulty(&node, fault))
        })
        .await
    }

    async fn invoke(
        &self,
        bean: &str,
        operation: &'static str,
        argument: Option<&str>,
        wait: Option<Duration>,
    ) -> Result<Option<String>, NodeError> {
        let (node, bean, argument) = (self.client.clone(), bean.to_owned(), argument.map(str::to_owned));
        blocking(move || {
            let arguments: Vec<&str> = argument.as_deref().into_iter().collect();
            let text = node.send(&JmxRequest::Invoke { name: &bean, operation, arguments: &arguments }, wait)?;
            returned(&text, operation).map_err(|fault| faulty(&node, fault))
        })
        .await
    }
}

fn faulty(client: &Client, fault: AnswerError) -> NodeError {
    client.error(match fault {
        AnswerError::Jmx(what) => NodeErrorKind::Jmx(what),
        AnswerError::Foreign => NodeErrorKind::Foreign,
    })
}

/// Runs a blocking function on a thread for such functions.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, NodeError> + Send + 'static,
) -> Result<T, NodeError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
