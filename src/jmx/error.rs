//! Errors of requests to a Manager.

use std::fmt;

/// An error of one node. Never contains a password or a session id.
#[derive(Debug, Clone)]
pub struct NodeError {
    /// The Manager, as [`super::ManagerUrl`] displays it.
    pub manager: String,
    pub kind: NodeErrorKind,
}

/// The kinds of errors, each with its hint in `failure`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeErrorKind {
    /// No connection, or the connection was lost.
    Unreachable(String),
    Timeout,
    /// The certificate, or the handshake.
    Tls(String),
    /// 401.
    Login,
    /// 403.
    Forbidden,
    /// 404.
    NoManager,
    /// Another status.
    Status(u16),
    /// The answer is not that of a JMX proxy.
    Foreign,
    /// `Error - …`: the exception.
    Jmx(String),
    /// An argument that cannot be passed in the proxy's URL.
    UnsupportedArgument,
}

impl NodeErrorKind {
    /// Tells whether the error concerns the node, whatever the request was.
    pub fn concerns_node(&self) -> bool {
        !matches!(self, NodeErrorKind::Jmx(_) | NodeErrorKind::UnsupportedArgument)
    }
}

impl fmt::Display for NodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let manager = &self.manager;
        match &self.kind {
            NodeErrorKind::Unreachable(why) => write!(f, "cannot reach the Manager application {manager}: {why}"),
            NodeErrorKind::Timeout => write!(f, "the Manager application {manager} did not answer in time"),
            NodeErrorKind::Tls(why) => write!(f, "TLS connection to the Manager application {manager} failed: {why}"),
            NodeErrorKind::Login => write!(f, "the Manager application {manager} refuses the login (401)"),
            NodeErrorKind::Forbidden => write!(f, "the Manager application {manager} forbids its JMX proxy (403)"),
            NodeErrorKind::NoManager => write!(f, "there is no Manager application at {manager} (404)"),
            NodeErrorKind::Status(code) => write!(f, "the Manager application {manager} answers with status {code}"),
            NodeErrorKind::Foreign => write!(f, "the server at {manager} is not a JMX proxy"),
            NodeErrorKind::Jmx(what) => write!(f, "the Manager application {manager} answers: {what}"),
            NodeErrorKind::UnsupportedArgument => {
                write!(f, "the JMX proxy of {manager} does not accept arguments with a comma")
            }
        }
    }
}

impl std::error::Error for NodeError {}
