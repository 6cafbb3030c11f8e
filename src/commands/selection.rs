//! The filters, the same wherever sessions are chosen, and the ways to name durations and sizes.

use std::time::Duration;

use clap::ValueEnum;

use crate::context::Context;
use crate::failure::Failure;
use crate::nearest::nearest;
use crate::session::{EpochMillis, Filter, SessionKey, StateFilter, UnknownApp, listed_apps, short_name};
use crate::store::{Found, SessionStore};
use crate::ui::plural;

#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Filters")]
pub struct FilterArgs {
    /// Applications: an app_name, a short name as `demo`, a glob, or a list (shop,crm); may be repeated
    #[arg(long, value_name = "NAME")]
    app: Vec<String>,
    /// State of the session
    #[arg(long, value_enum)]
    state: Option<State>,
    /// Not accessed for longer than this (90s, 30m, 12h, 7d)
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    idle_over: Option<Duration>,
    /// Accessed within this time
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    idle_under: Option<Duration>,
    /// Beginning of the session id
    #[arg(long = "id", value_name = "PREFIX")]
    id_prefix: Option<String>,
    /// jvmRoute: what follows the dot of the session id
    #[arg(long, value_name = "NAME")]
    route: Option<String>,
    /// More bytes of session data than this (10KB, 1MiB)
    #[arg(long, value_name = "SIZE", value_parser = size)]
    larger_than: Option<u64>,
    /// Fewer bytes of session data than this
    #[arg(long, value_name = "SIZE", value_parser = size)]
    smaller_than: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum State {
    /// Expires some time from now
    Live,
    /// max_inactive > 0 and last_access + max_inactive * 1000 < now
    Expired,
    /// max_inactive is zero or below
    Never,
    /// Not expired, and nothing that Tomcat writes
    Invalid,
}

/// Which of the hosts of a URL is read.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
#[command(next_help_heading = "Hosts")]
pub struct ReadFromArgs {
    /// Of several hosts in a URL, read the one that takes writes, or a read-only one where it can be reached
    #[arg(long, value_enum, default_value_t, value_name = "primary|replica", hide_possible_values = true)]
    read_from: ReadFrom,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum ReadFrom {
    #[default]
    Primary,
    Replica,
}

impl ReadFromArgs {
    /// Lets the stores of this run be opened there.
    pub fn apply(self, cx: &Context) {
        if self.read_from == ReadFrom::Replica {
            cx.prefer_replica();
        }
    }
}

impl FilterArgs {
    /// The filter, with its applications looked up in the store; says which one is meant where the
    /// name of none was typed, and one is much like it.
    ///
    /// # Errors
    /// When an application is not there, or a short name fits several.
    pub async fn filter(&self, cx: &Context, store: &mut SessionStore) -> Result<Filter, Failure> {
        let apps = if self.app.is_empty() { None } else { Some(self.apps(cx, store).await?) };
        Ok(Filter { apps, ..self.without_apps() })
    }

    /// The filter for sessions that are in no store, but for its applications.
    pub fn without_apps(&self) -> Filter {
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
            id_prefix: self.id_prefix.clone(),
            route: self.route.clone(),
            larger_than: self.larger_than,
            smaller_than: self.smaller_than,
        }
    }

    /// The applications as they were typed.
    pub fn apps_typed(&self) -> &[String] {
        &self.app
    }

    /// What `--app` lists, for sessions that are in no store: a name with a comma in it too.
    pub fn app_patterns(&self) -> Vec<String> {
        let names = self.app.iter().flat_map(|text| listed_apps(text).into_iter().chain([text.as_str()]));
        names.map(str::to_owned).collect()
    }

    /// Tells whether nothing was asked for.
    pub fn is_empty(&self) -> bool {
        let FilterArgs { app, state, idle_over, idle_under, id_prefix, route, larger_than, smaller_than } = self;
        app.is_empty()
            && state.is_none()
            && idle_over.is_none()
            && idle_under.is_none()
            && id_prefix.is_none()
            && route.is_none()
            && larger_than.is_none()
            && smaller_than.is_none()
    }

    async fn apps(&self, cx: &Context, store: &mut SessionStore) -> Result<Vec<Option<String>>, Failure> {
        let existing = store.apps().await?;
        let mut chosen = Vec::new();
        for pattern in self.app.iter().flat_map(|text| app_names(text, &existing)) {
            match Filter::resolve_app(pattern, &existing) {
                Ok(found) => chosen.extend(found),
                Err(UnknownApp::Ambiguous(candidates)) => {
                    return Err(Failure::usage(format!(
                        "`--app {pattern}` fits {}",
                        plural(candidates.len() as u64, "application")
                    ))
                    .hint(format!("write one of {}", candidates.join(", "))));
                }
                // An application without sessions has none in the table: nothing matches, and a
                // cron job for it does not fail on a quiet day.
                Err(UnknownApp::None) if existing.is_empty() => chosen.push(Some(pattern.to_owned())),
                Err(UnknownApp::None) => {
                    let hint = match likely_app(pattern, &existing) {
                        Some(meant) => format!("; did you mean --app {meant}?"),
                        None => format!(". {}", has_apps(&existing)),
                    };
                    cx.ui.warn(format!("No session is of application `{pattern}`{hint}"));
                    chosen.push(Some(pattern.to_owned()));
                }
            }
        }
        chosen.sort();
        chosen.dedup();
        Ok(chosen)
    }
}

/// The names that a value of `--app` lists; one that has a comma in it may be the name of an application.
pub fn app_names<'a>(text: &'a str, existing: &[Option<String>]) -> Vec<&'a str> {
    if existing.iter().flatten().any(|app| app == text || short_name(app) == text) {
        return vec![text];
    }
    listed_apps(text)
}

/// Says which applications the table has.
fn has_apps(existing: &[Option<String>]) -> String {
    let named: Vec<&str> = existing.iter().flatten().map(|app| short_name(app)).take(APPS_NAMED + 1).collect();
    match named.as_slice() {
        [] => "The table has sessions of no application.".to_owned(),
        few if few.len() <= APPS_NAMED => format!("The table has sessions of {}.", few.join(", ")),
        many => format!("The table has sessions of {}, and others.", many[..APPS_NAMED].join(", ")),
    }
}

/// The application that a mistyped one most likely is, as short or as long as it was typed.
pub fn likely_app<'a>(typed: &str, existing: &'a [Option<String>]) -> Option<&'a str> {
    let named = || existing.iter().flatten().map(String::as_str);
    let meant = nearest(short_name(typed), named().map(short_name))?;
    if typed.starts_with('/') { named().find(|app| short_name(app) == meant) } else { Some(meant) }
}

/// Applications that a warning names.
const APPS_NAMED: usize = 5;

/// Finds the one session that an id, or the beginning of one, means.
///
/// # Errors
/// When there is none, or more than one.
pub async fn one_session(
    store: &mut SessionStore,
    id: &str,
    filter: &Filter,
    now: EpochMillis,
) -> Result<SessionKey, Failure> {
    if id.is_empty() {
        return Err(Failure::usage("a session id is empty"));
    }
    match store.find(id, filter, now).await? {
        Found::One(key) => Ok(key),
        Found::None => {
            let shown = SessionKey::new(None, id).redacted();
            Err(Failure::failed(format!("there is no session whose id begins with `{shown}`"))
                .hint("`tomcat-sessions list` shows the ids; upper and lower case are different"))
        }
        Found::Several(keys) => {
            let shown = SessionKey::new(None, id).redacted();
            let same_id = keys.iter().all(|key| key.id == keys[0].id);
            let failure = Failure::usage(format!("`{shown}` fits {} sessions or more", keys.len()));
            Err(if same_id {
                let apps: Vec<&str> = keys.iter().filter_map(|key| key.app.as_deref()).collect();
                failure.hint(format!("several applications hold this id; choose by --app: {}", apps.join(", ")))
            } else {
                failure.hint("write more of the id")
            })
        }
    }
}

/// The longest duration that is taken: a hundred years of 366 days.
const LONGEST: Duration = Duration::from_secs(100 * 366 * 86_400);

/// A column and its name, as in `--columns`.
pub fn column(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((which, name)) if !name.is_empty() => Ok((which.trim().to_owned(), name.to_owned())),
        _ => Err("write which=NAME, as id=SESSION_ID".to_owned()),
    }
}

/// A duration as people write it.
pub fn duration(text: &str) -> Result<Duration, String> {
    if text.parse::<u64>().is_ok_and(|n| n > 0) {
        return Err(format!("say the unit, as {text}s, {text}m, {text}h or {text}d"));
    }
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    let duration = humantime::parse_duration(text).map_err(|e| format!("{e}; write 90s, 30m, 12h or 7d"))?;
    // What is longer would leave the numbers that servers and clocks count with.
    if duration > LONGEST { Err("100 years at most; write 90s, 30m, 12h or 7d".to_owned()) } else { Ok(duration) }
}

/// A number of bytes as people write it.
pub fn size(text: &str) -> Result<u64, String> {
    text.parse::<bytesize::ByteSize>().map(|size| size.as_u64()).map_err(|_| "write 500, 10KB, 64KiB or 1MB".to_owned())
}

/// A share, as `0.5` or `50%`.
pub fn fraction(text: &str) -> Result<f64, String> {
    let (number, unit) = text.strip_suffix('%').map_or((text, 1.0), |n| (n, 100.0));
    match number.trim().parse::<f64>().map(|n| n / unit) {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("write a share, as 0.5 or 50%".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares() {
        assert_eq!(fraction("50%"), Ok(0.5));
        assert_eq!(fraction("0.25"), Ok(0.25));
        assert_eq!(fraction("1"), Ok(1.0));
        for wrong in ["2", "-1", "150%", "half", "NaN", ""] {
            assert!(fraction(wrong).is_err(), "{wrong}");
        }
    }
}
