//! Filters: conditions that select sessions.

use std::time::Duration;

use globset::GlobBuilder;

use super::{EpochMillis, SessionMeta, SessionState, route_of};

/// A condition on sessions. An empty filter matches every session.
///
/// [`Filter::matches`] is the definition; [`Filter::pushdown`] returns the part that the server can test, so that
/// fewer rows are transferred.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Values of `app_name`; `None` for all applications.
    pub apps: Option<Vec<Option<String>>>,
    pub state: Option<StateFilter>,
    pub idle_over: Option<Duration>,
    pub idle_under: Option<Duration>,
    /// Accessed at this time or later.
    pub since: Option<EpochMillis>,
    /// Accessed before this time.
    pub before: Option<EpochMillis>,
    pub id_prefix: Option<String>,
    pub route: Option<String>,
    /// Bytes.
    pub larger_than: Option<u64>,
    /// Bytes.
    pub smaller_than: Option<u64>,
}

/// Value of `--state`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateFilter {
    Live,
    Expired,
    Never,
    Invalid,
}

impl StateFilter {
    fn includes(self, verdict: SessionState) -> bool {
        matches!(
            (self, verdict),
            (StateFilter::Live, SessionState::Live { .. })
                | (StateFilter::Expired, SessionState::Expired { .. })
                | (StateFilter::Never, SessionState::NeverExpires)
                | (StateFilter::Invalid, SessionState::Invalid)
        )
    }
}

/// The part of a filter that SQL tests. Every bound includes all rows that [`Filter::matches`] accepts; the fields
/// are named like the parameters in `sql/*/page.sql`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pushdown {
    /// Applications with a name; `None` for all.
    pub apps: Option<Vec<String>>,
    /// Only sessions that had expired at this time.
    pub expired_before: Option<EpochMillis>,
    /// Only sessions accessed before this time.
    pub accessed_before: Option<EpochMillis>,
    /// Only sessions accessed at this time or later.
    pub accessed_from: Option<EpochMillis>,
    pub id_prefix: Option<String>,
    pub larger_than: Option<u64>,
    pub smaller_than: Option<u64>,
}

/// The value of `--app` matches no application of the table, or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnknownApp {
    /// No application has that name.
    None,
    /// Several applications have that short name.
    Ambiguous(Vec<String>),
}

impl Filter {
    /// Tells whether the filter matches `session` at the time `now`.
    pub fn matches(&self, session: &SessionMeta, now: EpochMillis) -> bool {
        let idle = session.idle_ms(now);
        let size = session.size.unwrap_or(0);
        self.apps.as_ref().is_none_or(|apps| apps.contains(&session.key.app))
            && self.state.is_none_or(|state| state.includes(session.state_at(now)))
            && self.idle_over.is_none_or(|d| idle.is_some_and(|ms| u128::from(ms) > d.as_millis()))
            && self.idle_under.is_none_or(|d| idle.is_some_and(|ms| u128::from(ms) < d.as_millis()))
            && self.since.is_none_or(|since| session.last_access.is_some_and(|at| at >= since))
            && self.before.is_none_or(|before| session.last_access.is_some_and(|at| at < before))
            && self.id_prefix.as_ref().is_none_or(|p| session.key.id.starts_with(p.as_str()))
            && self.route.as_ref().is_none_or(|r| route_of(&session.key.id) == Some(r.as_str()))
            && self.larger_than.is_none_or(|n| size > n)
            && self.smaller_than.is_none_or(|n| size < n)
    }

    /// The same filter for all applications.
    pub fn without_apps(&self) -> Filter {
        Filter { apps: None, ..self.clone() }
    }

    /// Tells whether the filter matches every session.
    pub fn is_empty(&self) -> bool {
        let Filter { apps, state, idle_over, idle_under, since, before, id_prefix, route, larger_than, smaller_than } =
            self;
        apps.is_none()
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

    /// The bounds that the server can test.
    pub fn pushdown(&self, now: EpochMillis) -> Pushdown {
        // IN () does not match NULL, so the client tests filters that include rows without an application.
        let apps = self.apps.as_ref().and_then(|apps| apps.iter().cloned().collect::<Option<Vec<String>>>());
        Pushdown {
            apps,
            expired_before: (self.state == Some(StateFilter::Expired)).then_some(now),
            accessed_before: self.idle_over.map(|d| now.before(d)).into_iter().chain(self.before).min(),
            accessed_from: self.idle_under.map(|d| now.before(d)).into_iter().chain(self.since).max(),
            id_prefix: self.id_prefix.clone(),
            larger_than: self.larger_than,
            smaller_than: self.smaller_than,
        }
    }

    /// Finds the existing applications that a `--app` pattern means: the one with exactly that name; otherwise all
    /// whose name or context path matches it as a glob; otherwise the one with that context path (`demo`, or
    /// `shop/admin`; `ROOT` is the application without a path). `NULL` means the rows without an application, which no
    /// glob matches.
    ///
    /// # Errors
    /// If no application matches, or several have that short name.
    pub fn resolve_app(pattern: &str, existing: &[Option<String>]) -> Result<Vec<Option<String>>, UnknownApp> {
        let named = || existing.iter().flatten();
        if named().any(|app| app == pattern) {
            return Ok(vec![Some(pattern.to_owned())]);
        }
        if pattern.contains(['*', '?', '[', '{']) {
            let Ok(glob) = GlobBuilder::new(pattern).literal_separator(false).backslash_escape(true).build() else {
                return Err(UnknownApp::None);
            };
            let glob = glob.compile_matcher();
            let is_meant = |app: &&String| glob.is_match(app.as_str()) || glob.is_match(short_name(app));
            let found: Vec<_> = named().filter(is_meant).cloned().map(Some).collect();
            return if found.is_empty() { Err(UnknownApp::None) } else { Ok(found) };
        }
        let found: Vec<_> = named().filter(|app| short_name(app) == pattern).cloned().collect();
        match found.len() {
            0 if pattern == "NULL" && existing.contains(&None) => Ok(vec![None]),
            0 => Err(UnknownApp::None),
            1 => Ok(found.into_iter().map(Some).collect()),
            _ => Err(UnknownApp::Ambiguous(found)),
        }
    }
}

/// Splits a list of applications at the commas that are not inside the braces or brackets of a glob.
pub fn listed_apps(text: &str) -> Vec<&str> {
    let (mut depth, mut begin, mut names) = (0usize, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                names.push(text[begin..at].trim());
                begin = at + 1;
            }
            _ => {}
        }
    }
    names.push(text[begin..].trim());
    names.retain(|name| !name.is_empty());
    names
}

/// The context path in `/Engine/Host/path`, without its slash; `ROOT` for the empty path (Tomcat writes
/// `/Catalina/localhost/` for it).
pub fn short_name(app: &str) -> &str {
    match app.splitn(4, '/').nth(3) {
        Some("") => "ROOT",
        Some(path) => path,
        None => app,
    }
}

#[cfg(test)]
mod tests {
    use super::super::SessionKey;
    use super::*;

    fn apps() -> Vec<Option<String>> {
        ["/Catalina/localhost/demo", "/Catalina/localhost/", "/Catalina/localhost/demo##2", "/Other/host/demo"]
            .map(|a| Some(a.to_owned()))
            .into_iter()
            .chain([None])
            .collect()
    }

    fn resolve(pattern: &str) -> Result<Vec<String>, UnknownApp> {
        Filter::resolve_app(pattern, &apps()).map(|found| found.into_iter().flatten().collect())
    }

    #[test]
    fn applications_by_full_name_glob_and_short_name() {
        assert_eq!(resolve("/Other/host/demo").unwrap(), ["/Other/host/demo"]);
        assert_eq!(resolve("ROOT").unwrap(), ["/Catalina/localhost/"]);
        assert_eq!(resolve("demo##2").unwrap(), ["/Catalina/localhost/demo##2"]);
        assert_eq!(resolve("/Catalina/*").unwrap().len(), 3);
        assert_eq!(resolve("demo#*").unwrap(), ["/Catalina/localhost/demo##2"]);
        assert_eq!(resolve("demo*").unwrap().len(), 3);
        assert_eq!(resolve("ROO?").unwrap(), ["/Catalina/localhost/"]);
        assert_eq!(resolve("shop*"), Err(UnknownApp::None));
        assert_eq!(Filter::resolve_app("NULL", &apps()), Ok(vec![None]));
        assert_eq!(Filter::resolve_app("NULL", &[Some("/a/b/NULL".to_owned()), None]).unwrap().len(), 1);
        assert!(!Filter::resolve_app("*", &apps()).unwrap().contains(&None), "a glob matches names");
        assert_eq!(Filter::resolve_app("NULL", &[]), Err(UnknownApp::None));
        assert_eq!(resolve("nosuch"), Err(UnknownApp::None));
        assert_eq!(resolve("[z"), Err(UnknownApp::None));
        assert_eq!(listed_apps("shop, crm"), ["shop", "crm"]);
        assert_eq!(listed_apps("{shop,crm}*,[a,b]x,"), ["{shop,crm}*", "[a,b]x"]);
        assert!(matches!(resolve("demo"), Err(UnknownApp::Ambiguous(two)) if two.len() == 2));
    }

    fn row(max_inactive: i64, last_access: i64, size: u64) -> SessionMeta {
        SessionMeta {
            key: SessionKey::new(Some("/Catalina/localhost/demo".to_owned()), "0A1B2C.jvm1"),
            valid: Some("1".to_owned()),
            max_inactive: Some(max_inactive),
            last_access: Some(EpochMillis(last_access)),
            size: Some(size),
        }
    }

    #[test]
    fn each_condition_can_exclude_a_session() {
        let now = EpochMillis(1_000_000);
        let yes = row(100, 950_000, 500);
        let all = Filter {
            apps: Some(vec![Some("/Catalina/localhost/demo".to_owned())]),
            state: Some(StateFilter::Live),
            idle_over: Some(Duration::from_secs(40)),
            idle_under: Some(Duration::from_secs(60)),
            since: Some(EpochMillis(950_000)),
            before: Some(EpochMillis(950_001)),
            id_prefix: Some("0A1B".to_owned()),
            route: Some("jvm1".to_owned()),
            larger_than: Some(499),
            smaller_than: Some(501),
        };
        assert!(all.matches(&yes, now));
        let without = |change: fn(&mut Filter)| {
            let mut f = all.clone();
            change(&mut f);
            f.matches(&yes, now)
        };
        assert!(!without(|f| f.apps = Some(vec![None])));
        assert!(!without(|f| f.state = Some(StateFilter::Expired)));
        assert!(!without(|f| f.idle_over = Some(Duration::from_secs(50))));
        assert!(!without(|f| f.idle_under = Some(Duration::from_secs(50))));
        assert!(!without(|f| f.since = Some(EpochMillis(950_001))));
        assert!(!without(|f| f.before = Some(EpochMillis(950_000))));
        assert!(!without(|f| f.id_prefix = Some("0a1b".to_owned())));
        assert!(!without(|f| f.route = Some("jvm2".to_owned())));
        assert!(!without(|f| f.larger_than = Some(500)));
        assert!(!without(|f| f.smaller_than = Some(500)));
    }

    #[test]
    fn the_narrower_bound_is_pushed_down() {
        let filter = Filter {
            idle_over: Some(Duration::from_secs(1)),
            before: Some(EpochMillis(5_000)),
            idle_under: Some(Duration::from_secs(8)),
            since: Some(EpochMillis(3_000)),
            ..Filter::default()
        };
        let sql = filter.pushdown(EpochMillis(10_000));
        assert_eq!((sql.accessed_before, sql.accessed_from), (Some(EpochMillis(5_000)), Some(EpochMillis(3_000))));
        let sql = Filter { before: None, since: None, ..filter }.pushdown(EpochMillis(10_000));
        assert_eq!((sql.accessed_before, sql.accessed_from), (Some(EpochMillis(9_000)), Some(EpochMillis(2_000))));
    }

    #[test]
    fn pushdown_leaves_nameless_rows_to_the_client() {
        let filter = Filter { apps: Some(vec![None, Some("a".to_owned())]), ..Filter::default() };
        assert_eq!(filter.pushdown(EpochMillis(0)).apps, None);
    }
}
