//! `show`: one session, its columns and what follows from them.

use serde::Serialize;

use super::selection::{FilterArgs, one_session};
use crate::context::Context;
use crate::failure::{DONE, Failure};
use crate::session::{EpochMillis, IdPrefixes, Session, route_of};
use crate::ui::{Page, Report, age, bytes, local_time};

/// Show one session: its columns, and whether it is live
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
The beginning of an id is enough where no other session's begins alike. Where several applications \
hold the same id, --app chooses.

Exit status:
  0   done
  1   there is no such session
  2   the beginning fits several sessions
  10  cannot reach the database or log in to it
  11  the session table is missing or has the wrong shape

Examples:
  tomcat-sessions show 0A1B2C3D
  tomcat-sessions show 0A1B2C3D --app shop --format json")]
pub struct Args {
    /// The session's id, or the beginning of it
    id: String,
    #[command(flatten)]
    filter: FilterArgs,
}

#[derive(Debug, Serialize)]
struct Shown {
    session_id: String,
    app_name: Option<String>,
    route: Option<String>,
    state: &'static str,
    valid_session: Option<String>,
    /// Seconds.
    max_inactive: Option<i64>,
    /// Epoch milliseconds.
    last_access: Option<EpochMillis>,
    idle_ms: Option<u64>,
    /// Epoch milliseconds.
    expires_at: Option<EpochMillis>,
    size_bytes: Option<u64>,
    /// Whether the data begins as a Java serialization stream does.
    java_stream: bool,
    #[serde(skip)]
    full_id: bool,
    #[serde(skip)]
    now: EpochMillis,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    let mut store = cx.open().await?;
    let filter = args.filter.filter(&mut store).await?;
    let key = one_session(&mut store, &args.id, &filter, cx.now).await?;
    let session = store.get(&key).await?;
    store.close().await;
    let Some(session) = session else {
        return Err(Failure::failed(format!("session {} was deleted a moment ago", key.redacted()))
            .hint("Tomcat saves by DELETE and INSERT: look again"));
    };
    cx.ui.report(&Shown::new(session, cx))?;
    Ok(DONE)
}

impl Shown {
    fn new(session: Session, cx: &Context) -> Shown {
        let Session { meta, data } = session;
        let verdict = meta.verdict(cx.now);
        Shown {
            route: route_of(&meta.key.id).map(str::to_owned),
            state: verdict.word(),
            expires_at: verdict.expires_at(),
            idle_ms: meta.idle_ms(cx.now),
            size_bytes: data.as_ref().map(|d| d.len() as u64),
            // STREAM_MAGIC and STREAM_VERSION of java.io.ObjectStreamConstants.
            java_stream: data.as_ref().is_some_and(|d| d.starts_with(&[0xac, 0xed, 0x00, 0x05])),
            session_id: meta.key.id,
            app_name: meta.key.app,
            valid_session: meta.valid,
            max_inactive: meta.max_inactive,
            last_access: meta.last_access,
            full_id: cx.options.full_ids,
            now: cx.now,
        }
    }
}

impl Report for Shown {
    fn page(&self, page: &mut Page) {
        let id = if self.full_id {
            self.session_id.clone()
        } else {
            format!("{}…", IdPrefixes::of([self.session_id.as_str()]).cut(&self.session_id))
        };
        let null = || "NULL".to_owned();
        let state = match self.expires_at {
            Some(at) if at >= self.now => format!("{}, expires in {}", self.state, age(at.since(self.now))),
            Some(at) => format!("{} for {}", self.state, age(self.now.since(at))),
            None if self.state == "never" => "never expires".to_owned(),
            None => "invalid: not expired, and not what Tomcat writes".to_owned(),
        };
        let timeout = |seconds: i64| match u64::try_from(seconds) {
            Ok(s) if s > 0 => format!("{seconds} ({})", age(s.saturating_mul(1000))),
            _ => format!("{seconds} (never expires)"),
        };
        let data = match self.size_bytes {
            None => "NULL: Tomcat cannot load this session".to_owned(),
            Some(n) if self.java_stream => bytes(n),
            Some(n) => format!("{}, not a Java serialization stream: Tomcat cannot load this session", bytes(n)),
        };
        page.fields(&[
            ("session_id", id),
            ("app_name", self.app_name.clone().unwrap_or_else(null)),
            ("route", self.route.clone().unwrap_or_else(|| "-".to_owned())),
            ("state", state),
            ("valid_session", self.valid_session.clone().unwrap_or_else(null)),
            ("max_inactive", self.max_inactive.map_or_else(null, timeout)),
            ("last_access", self.last_access.map_or_else(null, |at| format!("{} ({})", at.0, local_time(at)))),
            ("idle", self.idle_ms.map_or_else(|| "-".to_owned(), age)),
            ("session_data", data),
        ]);
    }
}
