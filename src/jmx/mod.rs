//! A running Tomcat, asked through the JMX proxy of its Manager webapp (`/manager/jmxproxy`, role
//! `manager-jmx`).
//!
//! What is sent and what comes back are pure ([`Ask`], [`answer`]); [`Node`] is one Manager, and its
//! verbs are what Tomcat's `PersistentManager` exposes. The proxy answers errors with HTTP status 200,
//! so that a status says little and the text everything.
//!
//! Not here: which sessions are in the table (`store`), and what is done with both (`commands`).

pub mod answer;
mod ask;
mod client;
mod error;
mod name;
mod node;
mod place;

pub use ask::Ask;
pub use client::{Manner, Trust};
pub use error::{NodeError, NodeTrouble};
pub use name::ObjectName;
pub use node::{Attribute, Node, Served};
pub use place::Place;
