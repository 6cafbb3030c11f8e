//! `show`: shows one session with its columns and its decoded data.

mod decoded;

use serde::Serialize;

use self::decoded::{Data, Values, is_limit};
use crate::context::Context;
use crate::failure::{DONE, Failure};
use crate::javaser::{Limits, Parser, Restorable, decode, hex};
use crate::operations::find_session::one_session;
use crate::operations::session_report::{KeyFields, RowFields, session_fields};
use crate::options::filter::FilterArgs;
use crate::options::swap::SwappedArgs;
use crate::session::{EpochMillis, IdPrefixes, Session};
use crate::ui::{Page, Report, age, bytes};

/// Show one session: columns, state and attributes
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
A unique prefix of the id is sufficient. If several applications have the same id, select one with \
--app.

The data are decoded without a JVM and without the application's classes. Values are hidden by \
default: sessions contain personal data. Up to Tomcat 9, with persistAuthentication, they also \
contain the user's password. SIZE is the size of name and value in the data; an object that two attributes share \
counts toward the first.

Exit status:
  0   done
  1   there is no such session
  2   usage error, or the prefix is ambiguous
  10  cannot reach the database or log in to it
  11  the session table (with --swapped: the swap table) is missing or has the wrong structure

Examples:
  tomcat-sessions show 0A1B2C3D
  tomcat-sessions show 0A1B2C3D --app shop --values --format json
  tomcat-sessions show 0A1B2C3D --raw > session.ser")]
pub struct Args {
    /// Session id, or a unique prefix of it
    id: String,
    /// Show attribute values, except those named like a password, secret, token or credential
    #[arg(long)]
    values: bool,
    /// Show all values, including secrets
    #[arg(long)]
    reveal: bool,
    /// Write only the raw session data
    #[arg(long, conflicts_with_all = ["values", "reveal", "hex"])]
    raw: bool,
    /// Print an annotated hex dump of the data; it shows all values
    #[arg(long, conflicts_with_all = ["values", "reveal"])]
    hex: bool,
    /// Maximum nesting depth of objects
    #[arg(long, value_name = "N", default_value_t = Limits::default().depth)]
    max_depth: usize,
    /// Maximum number of objects
    #[arg(long, value_name = "N", default_value_t = Limits::default().objects)]
    max_objects: usize,
    #[command(flatten)]
    swapped: SwappedArgs,
    #[command(flatten)]
    filter: FilterArgs,
}

#[derive(Serialize)]
struct ShowReport {
    #[serde(flatten)]
    key: KeyFields,
    /// Whether Tomcat can load the session, judged by its data; null if the data exceed what the program can decode.
    restorable: Option<bool>,
    /// The reason, unless Tomcat can load it.
    restorable_reason: Option<String>,
    #[serde(flatten)]
    row: RowFields,
    /// Whether the data begin like a Java serialization stream.
    java_stream: bool,
    /// The decoded data; null if they cannot be decoded.
    data: Option<Data>,
    /// Why the data cannot be decoded.
    decode_error: Option<String>,
    #[serde(skip)]
    full_id: bool,
    #[serde(skip)]
    now: EpochMillis,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    let mut store = args.swapped.open(cx).await?;
    let filter = args.filter.filter(cx, &mut store).await?;
    let key = one_session(&mut store, &args.id, &filter, cx.now).await?;
    let session = store.get(&key).await?;
    store.close().await;
    let Some(session) = session else {
        return Err(Failure::failed(format!("session {} was deleted a moment ago", key.redacted()))
            .hint("Tomcat saves with DELETE and INSERT: try again"));
    };
    let limits = Limits { depth: args.max_depth, objects: args.max_objects };
    if args.raw || args.hex {
        let Some(data) = &session.data else {
            return Err(Failure::failed(format!("session {} has no data: the column is NULL", key.redacted())));
        };
        if args.raw {
            cx.ui.text(data)?
        } else {
            cx.ui.text(dump(data, limits)?.as_bytes())?
        };
        return Ok(DONE);
    }
    let values = match (args.values, args.reveal) {
        (_, true) => Values::Revealed,
        (true, false) => Values::Shown,
        (false, false) => Values::Hidden,
    };
    let shown = ShowReport::new(session, cx, values, limits);
    cx.ui.report(&shown)?;
    if shown.data.as_ref().is_some_and(Data::has_attributes) && values == Values::Hidden {
        cx.ui.note("Values are hidden; --values shows them.");
    }
    Ok(DONE)
}

/// A hex dump of the data, as far as they can be decoded.
fn dump(data: &[u8], limits: Limits) -> Result<String, Failure> {
    let cannot = |error: crate::javaser::Error| Failure::failed(format!("cannot read the data: {error}"));
    let mut parser = Parser::new(data, limits).map_err(cannot)?;
    let ended = loop {
        match parser.read() {
            Ok(Some(_)) => {}
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    let mut out = hex(parser.tree());
    if let Some(error) = ended {
        out.push_str(&format!("-- stopped here: {error}\n"));
    }
    Ok(out)
}

impl ShowReport {
    fn new(session: Session, cx: &Context, values: Values, limits: Limits) -> ShowReport {
        let Session { meta, data } = session;
        let decoded = data.as_ref().map(|data| decode(data, limits));
        let restorable = Restorable::of(decoded.as_ref(), &meta, cx.now);
        let (read, decode_error) = match &decoded {
            None => (None, None),
            Some(Ok(decoded)) => (Some(Data::of(decoded, &meta, cx.now, values)), None),
            Some(Err(error)) if is_limit(error) => {
                (None, Some(format!("{error}; --max-depth and --max-objects increase the limits")))
            }
            Some(Err(error)) => (None, Some(error.to_string())),
        };
        let (key, row) = session_fields(meta, cx.now);
        ShowReport {
            key,
            restorable: restorable.answer(),
            restorable_reason: restorable.reason().map(str::to_owned),
            row,
            // STREAM_MAGIC and STREAM_VERSION of java.io.ObjectStreamConstants.
            java_stream: data.as_ref().is_some_and(|d| d.starts_with(&[0xac, 0xed, 0x00, 0x05])),
            data: read,
            decode_error,
            full_id: cx.options.full_ids,
            now: cx.now,
        }
    }
}

impl Report for ShowReport {
    fn page(&self, page: &mut Page) {
        let id = if self.full_id {
            self.key.session_id.clone()
        } else {
            format!("{}…", IdPrefixes::of([self.key.session_id.as_str()]).cut(&self.key.session_id))
        };
        let null = || "NULL".to_owned();
        let state = match self.row.expires_at {
            Some(at) if at >= self.now => format!("{}, expires in {}", self.row.state, age(at.since(self.now))),
            Some(at) => format!("{} for {}", self.row.state, age(self.now.since(at))),
            None if self.row.state == "never" => "never expires".to_owned(),
            None => {
                "invalid: valid_session is not '1', or max_inactive or last_access is NULL; Tomcat never writes such a row"
                    .to_owned()
            }
        };
        let timeout = |seconds: i64| match u64::try_from(seconds) {
            Ok(s) if s > 0 => format!("{seconds} ({})", age(s.saturating_mul(1000))),
            _ => format!("{seconds} (never expires)"),
        };
        let data = match self.row.size_bytes {
            None => "NULL".to_owned(),
            Some(n) if self.java_stream => bytes(n),
            Some(n) => format!("{}, not a Java serialization stream", bytes(n)),
        };
        let mut fields = Vec::new();
        // The most important fact comes first: whatever the columns say, the user of such a session has to log in
        // again.
        if let (Some(false), Some(why)) = (self.restorable, &self.restorable_reason) {
            fields.push(("restorable", format!("no: {why}")));
        }
        fields.extend([
            ("session_id", id),
            ("app_name", self.key.app_name.clone().unwrap_or_else(null)),
            ("route", self.key.route.clone().unwrap_or_else(|| "-".to_owned())),
            ("state", state),
            ("valid_session", self.row.valid_session.clone().unwrap_or_else(null)),
            ("max_inactive", self.row.max_inactive.map_or_else(null, timeout)),
            ("last_access", self.row.last_access.map_or_else(null, |at| format!("{} ({})", at.0, page.time(at)))),
            ("idle", self.row.idle_ms.map_or_else(|| "-".to_owned(), age)),
            ("session_data", data),
        ]);
        fields.extend(self.data.iter().flat_map(|data| data.fields(page)));
        page.fields(&fields);
        if let Some(data) = &self.data {
            data.page(page);
        }
        if let Some(why) = self.decode_error.as_ref().filter(|_| self.restorable.is_none()) {
            page.line(format!("The data cannot be decoded: {why}."));
        }
    }
}
