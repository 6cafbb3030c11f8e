//! A running Tomcat, asked through the JMX proxy of its Manager webapp (`/manager/jmxproxy`, role
//! `manager-jmx`).
//!
//! What is sent and what comes back are pure ([`JmxRequest`], [`answer`]); [`Node`] is one Manager, and its
//! verbs are what Tomcat's `PersistentManager` exposes. The proxy answers errors with HTTP status 200,
//! so that a status says little and the text everything.
//!
//! Not here: which sessions are in the table (`store`), and what is done with both (`commands`).

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
