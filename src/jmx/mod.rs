//! Requests to a running Tomcat through the JMX proxy of its Manager application (`/manager/jmxproxy`, role
//! `manager-jmx`).
//!
//! Requests and answers are pure ([`JmxRequest`], [`answer`]). A [`Node`] is one Manager; its methods are the
//! operations of Tomcat's `PersistentManager`. The proxy reports errors with HTTP status 200, so only the text of an
//! answer shows them.
//!
//! The sessions in the table are read by `store`; `commands` combines both.

pub mod answer;
mod client;
mod error;
mod manager_url;
mod name;
mod node;
mod request;

pub use client::{ClientOptions, Trust};
pub use error::{NodeError, NodeErrorKind};
pub use manager_url::ManagerUrl;
pub use name::ObjectName;
pub use node::{Attribute, Node, ServedApp};
pub use request::JmxRequest;
