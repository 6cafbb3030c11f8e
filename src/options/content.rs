//! Filters on the data of sessions.

use clap::ValueEnum;

use crate::failure::Failure;
use crate::javaser::{RestorableAnswer, Search};

#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Filters that read the session data")]
pub struct ContentArgs {
    /// Attribute name, optionally with a value or glob; repeatable
    #[arg(long, value_name = "NAME[=VALUE]")]
    attr: Vec<String>,
    /// Class of an object in the data, or a glob such as com.example.*; NAME@UID for one serialVersionUID
    #[arg(long, value_name = "PATTERN", hide_short_help = true)]
    class: Vec<String>,
    /// Logged-in user, from Tomcat's principal or Spring Security
    #[arg(long, value_name = "NAME")]
    user: Vec<String>,
    /// Whether Tomcat can load the session, judged by its data; `no` finds damaged sessions, `unknown`
    /// those that cannot be judged
    ///
    /// `no`: the data are NULL, cannot be decoded, contain an id other than the row's, mark the session as invalid, or
    /// have expired although the row has not. If the row itself has expired, the expiry in the data is ignored. Whether
    /// the application's classes can be loaded is not checked.
    #[arg(long, value_enum, value_name = "yes|no|unknown", hide_possible_values = true, hide_short_help = true)]
    restorable: Option<Answer>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Answer {
    Yes,
    No,
    Unknown,
}

impl ContentArgs {
    /// The search; an empty one matches every session.
    ///
    /// # Errors
    /// Usage error if a glob is invalid.
    pub fn search(&self) -> Result<Search, Failure> {
        let mut search = Search::default();
        search.restorable = self.restorable.map(|answer| match answer {
            Answer::Yes => RestorableAnswer::Yes,
            Answer::No => RestorableAnswer::No,
            Answer::Unknown => RestorableAnswer::Unknown,
        });
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
        Ok(search)
    }
}
