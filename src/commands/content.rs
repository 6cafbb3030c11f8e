//! The filters that look into the data of sessions.

use std::ops::ControlFlow;

use crate::context::Context;
use crate::failure::Failure;
use crate::javaser::{Limits, Search, decode};
use crate::session::{Filter, SessionMeta};
use crate::store::{SessionStore, Stop};
use crate::ui::plural;

#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Filters that read the data of every session left by the others")]
pub struct ContentArgs {
    /// Attribute, and what is found in its value, a glob too; may be repeated
    #[arg(long, value_name = "NAME[=VALUE]")]
    attr: Vec<String>,
    /// Class of which the data hold an object, a glob too as com.example.*
    #[arg(long, value_name = "PATTERN")]
    class: Vec<String>,
    /// Who is logged in, by Tomcat's principal or Spring Security
    #[arg(long, value_name = "NAME")]
    user: Vec<String>,
}

impl ContentArgs {
    /// The search; `None` where nothing is asked for.
    ///
    /// # Errors
    /// Usage, when a glob is none.
    pub fn search(&self) -> Result<Option<Search>, Failure> {
        let mut search = Search::default();
        let wrong = |option: &str, text: &str, why: String| Failure::usage(format!("`--{option} {text}`: {why}"));
        for text in &self.attr {
            search.attribute(text).map_err(|why| wrong("attr", text, why))?;
        }
        for text in &self.class {
            search.class(text).map_err(|why| wrong("class", text, why))?;
        }
        for text in &self.user {
            search.user(text).map_err(|why| wrong("user", text, why))?;
        }
        Ok((!search.is_empty()).then_some(search))
    }
}

/// Hands every session that filter and search let through to `each`; says what could not be looked
/// into.
///
/// # Errors
/// Those of the store.
pub async fn for_each_found(
    store: SessionStore,
    filter: &Filter,
    search: &Search,
    cx: &Context,
    stop: &Stop,
    mut each: impl FnMut(SessionMeta) -> ControlFlow<()>,
) -> Result<(), Failure> {
    let mut unread = 0;
    let missed = store
        .for_each_whole(filter, cx.now, stop, |session| {
            match decode(session.data.as_deref().unwrap_or_default(), Limits::default()) {
                Ok(decoded) if search.matches(&decoded) => each(session.meta),
                Ok(decoded) => {
                    unread += u64::from(decoded.broken.is_some());
                    ControlFlow::Continue(())
                }
                Err(_) => {
                    unread += 1;
                    ControlFlow::Continue(())
                }
            }
        })
        .await?;
    if unread > 0 {
        cx.ui.warn(format!(
            "Left out, for they cannot be read to their end: {}; `show` says why.",
            plural(unread, "session")
        ));
    }
    if missed > 0 {
        cx.ui.warn(format!("Left out, for they were just being saved: {}.", plural(missed, "session")));
    }
    Ok(())
}
