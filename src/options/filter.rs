//! Filters on the columns of sessions.

use std::time::Duration;

use clap::ValueEnum;

use crate::context::Context;
use crate::failure::Failure;
use crate::options::value_parsers::{TimeArgument, duration, moment, size};
use crate::session::{EpochMillis, Filter, StateFilter, UnknownApp, listed_apps, short_name};
use crate::store::SessionStore;
use crate::suggestion::nearest;
use crate::ui::plural;

#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Filters")]
pub struct FilterArgs {
    /// Application: app_name, short name, glob or list; repeatable
    ///
    /// For example /Catalina/localhost/demo, demo, 'demo*' or shop,crm; NULL for the rows without an application,
    /// which '*' does not include.
    #[arg(long, value_name = "NAME")]
    app: Vec<String>,
    /// Session state
    #[arg(long, value_enum)]
    state: Option<State>,
    /// Minimum idle time (90s, 30m, 12h, 7d)
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    idle_over: Option<Duration>,
    /// Maximum idle time
    #[arg(long, value_name = "DURATION", value_parser = duration, hide_short_help = true)]
    idle_under: Option<Duration>,
    /// Accessed at this time or later: RFC 3339, a local date with or without a time, or a duration before now
    #[arg(long, value_name = "TIME", value_parser = moment, hide_short_help = true)]
    since: Option<TimeArgument>,
    /// Accessed before this time
    #[arg(long, value_name = "TIME", value_parser = moment, hide_short_help = true)]
    before: Option<TimeArgument>,
    /// Prefix of the session id
    #[arg(long = "id", value_name = "PREFIX", hide_short_help = true)]
    id_prefix: Option<String>,
    /// jvmRoute: the part of the session id after the dot
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    route: Option<String>,
    /// Minimum size of the session data (10KB, 1MiB)
    #[arg(long, value_name = "SIZE", value_parser = size, hide_short_help = true)]
    larger_than: Option<u64>,
    /// Maximum size of the session data
    #[arg(long, value_name = "SIZE", value_parser = size, hide_short_help = true)]
    smaller_than: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum State {
    /// Will expire in the future
    Live,
    /// max_inactive > 0 and last_access + max_inactive * 1000 < now
    Expired,
    /// Never expires: max_inactive is 0 or less
    Never,
    /// Not expired, but valid_session is not '1', or max_inactive or last_access is NULL
    Invalid,
}

impl FilterArgs {
    /// The filter, with the applications resolved in the store. Suggests a similar name if an application does not
    /// exist.
    ///
    /// # Errors
    /// An application does not exist, or a short name is ambiguous.
    pub async fn filter(&self, cx: &Context, store: &mut SessionStore) -> Result<Filter, Failure> {
        let apps = if self.app.is_empty() { None } else { Some(self.apps(cx, store).await?) };
        Ok(Filter { apps, ..self.without_apps(cx.now) })
    }

    /// The filter without its applications, for sessions that are not in a store.
    pub fn without_apps(&self, now: EpochMillis) -> Filter {
        Filter {
            apps: None,
            state: self.state.map(|state| match state {
                State::Live => StateFilter::Live,
                State::Expired => StateFilter::Expired,
                State::Never => StateFilter::Never,
                State::Invalid => StateFilter::Invalid,
            }),
            idle_over: self.idle_over,
            idle_under: self.idle_under,
            since: self.since.map(|since| since.at(now)),
            before: self.before.map(|before| before.at(now)),
            id_prefix: self.id_prefix.clone(),
            route: self.route.clone(),
            larger_than: self.larger_than,
            smaller_than: self.smaller_than,
        }
    }

    /// The values of `--app`.
    pub fn app_values(&self) -> &[String] {
        &self.app
    }

    /// The patterns in `--app`, for sessions that are not in a store. A value with a comma is both a list and a name.
    pub fn app_patterns(&self) -> Vec<String> {
        let names = self.app.iter().flat_map(|text| listed_apps(text).into_iter().chain([text.as_str()]));
        names.map(str::to_owned).collect()
    }

    /// Tells whether no filter is given.
    pub fn is_empty(&self) -> bool {
        let FilterArgs {
            app,
            state,
            idle_over,
            idle_under,
            since,
            before,
            id_prefix,
            route,
            larger_than,
            smaller_than,
        } = self;
        app.is_empty()
            && state.is_none()
            && idle_over.is_none()
            && idle_under.is_none()
            && since.is_none()
            && before.is_none()
            && id_prefix.is_none()
            && route.is_none()
            && larger_than.is_none()
            && smaller_than.is_none()
    }

    async fn apps(&self, cx: &Context, store: &mut SessionStore) -> Result<Vec<Option<String>>, Failure> {
        matching_apps(cx, &self.app, &store.apps().await?)
    }
}

/// The applications of `existing` that match the values of `--app` in `typed`.
///
/// # Errors
/// A short name is ambiguous.
pub fn matching_apps(
    cx: &Context,
    typed: &[String],
    existing: &[Option<String>],
) -> Result<Vec<Option<String>>, Failure> {
    let mut chosen = Vec::new();
    for pattern in typed.iter().flat_map(|text| app_names(text, existing)) {
        match Filter::resolve_app(pattern, existing) {
            Ok(found) => {
                if pattern == "*" && existing.contains(&None) {
                    cx.ui
                        .note("`--app '*'` does not include the rows without an application; --app NULL selects them.");
                }
                chosen.extend(found);
            }
            Err(UnknownApp::Ambiguous(candidates)) => {
                return Err(Failure::usage(format!(
                    "`--app {pattern}` is ambiguous: it matches {}",
                    plural(candidates.len() as u64, "application")
                ))
                .hint(format!("use one of {}", candidates.join(", "))));
            }
            // If the table is empty, no application exists: nothing matches, and a cron job must not fail on a quiet
            // day.
            Err(UnknownApp::None) if existing.is_empty() => chosen.push(Some(pattern.to_owned())),
            Err(UnknownApp::None) => {
                let hint = match similar_app(pattern, existing) {
                    Some(meant) => format!("; did you mean --app {meant}?"),
                    None => format!(". {}", has_apps(existing)),
                };
                cx.ui.warn(format!("There is no session of application `{pattern}`{hint}"));
                chosen.push(Some(pattern.to_owned()));
            }
        }
    }
    chosen.sort();
    chosen.dedup();
    Ok(chosen)
}

/// The names in a value of `--app`. A value with a comma may be the name of an existing application.
pub fn app_names<'a>(text: &'a str, existing: &[Option<String>]) -> Vec<&'a str> {
    if existing.iter().flatten().any(|app| app == text || short_name(app) == text) {
        return vec![text];
    }
    listed_apps(text)
}

/// Lists the applications in the table.
fn has_apps(existing: &[Option<String>]) -> String {
    let named: Vec<&str> = existing.iter().flatten().map(|app| short_name(app)).take(APPS_NAMED + 1).collect();
    match named.as_slice() {
        [] => "All sessions in the table are without an application (app_name is NULL).".to_owned(),
        few if few.len() <= APPS_NAMED => format!("The table has sessions of {}.", few.join(", ")),
        many => format!("The table has sessions of {}, and others.", many[..APPS_NAMED].join(", ")),
    }
}

/// The existing application that was probably meant, as a short or full name like the value.
pub fn similar_app<'a>(typed: &str, existing: &'a [Option<String>]) -> Option<&'a str> {
    let named = || existing.iter().flatten().map(String::as_str);
    let meant = nearest(short_name(typed), named().map(short_name))?;
    if typed.starts_with('/') { named().find(|app| short_name(app) == meant) } else { Some(meant) }
}

/// Maximum number of applications in a hint.
const APPS_NAMED: usize = 5;
