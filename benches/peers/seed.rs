//! The table that is measured on: made from a seed, of any size, and copied before what changes it.
//!
//! Sessions are streams that Tomcats wrote (`tests/fixtures`), up to their attributes; the attributes
//! are made: names as frameworks use them, texts of words, tokens, numbers and class names. Nearly all
//! have about 2 KB, one in 500 has 256 KB, one in 10,000 has 4 MB; half are expired. A session follows
//! from its number alone, so that a larger table has the sessions of a smaller one.

use std::time::Duration;

use futures_util::StreamExt as _;
use tomcat_sessions::javaser::{Limits, decode};
use tomcat_sessions::session::{EpochMillis, OnConflict, Session, SessionKey, SessionMeta};

use crate::client::Client;
use crate::support::{Kind, NOW, Scratch, sample};

pub const APPS: [&str; 3] = ["/Catalina/localhost/demo", "/Catalina/localhost/shop", "/Catalina/localhost/intranet"];
const DAY: i64 = 86_400_000;
/// Bytes of data.
const SMALL: std::ops::Range<usize> = 1_200..2_800;
const BIG: usize = 256 << 10;
const HUGE: usize = 4 << 20;
/// Sessions a statement, while the table is filled.
const BATCH: u64 = 250;
/// Connections that fill it.
const WRITERS: u64 = 2;
/// What attributes are called, and what they hold.
const NAMES: [&str; 6] = [
    "SPRING_SECURITY_CONTEXT",
    "org.springframework.security.web.csrf.HttpSessionCsrfTokenRepository.CSRF_TOKEN",
    "cart",
    "user",
    "javax.servlet.jsp.jstl.fmt.locale.session",
    "lastSearch",
];
const WORDS: [&str; 24] = [
    "anchor", "blanket", "candle", "drawer", "engine", "feather", "garden", "hammer", "island", "jacket", "kettle",
    "ladder", "marble", "needle", "orchard", "pencil", "quarry", "ribbon", "saddle", "timber", "umbrella", "velvet",
    "walnut", "yellow",
];
/// Expired at [`NOW`], by Tomcat's own words.
pub const EXPIRED: &str = "max_inactive > 0 AND last_access + max_inactive * 1000 < 1795360000000";
const COLUMNS: &str = "session_id, valid_session, max_inactive, last_access, app_name, session_data";

/// `byte[]` as Java writes it, up to the number of its bytes.
const BYTE_ARRAY: &[u8] = b"\x75\x72\0\x02[B\xac\xf3\x17\xf8\x06\x08\x54\xe0\x02\0\0\x78\x70";

/// What the attributes of the sessions hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contents {
    /// Words, tokens, numbers and class names.
    Text,
    /// Every second attribute is random bytes, as encrypted or compressed values and images are.
    Random,
}

impl Contents {
    pub fn name(self) -> &'static str {
        match self {
            Contents::Text => "text",
            Contents::Random => "random",
        }
    }

    /// For the heading of the figures.
    pub fn describe(self) -> &'static str {
        match self {
            Contents::Text => "words, tokens and numbers",
            Contents::Random => "half random bytes",
        }
    }
}

/// The table, published columns and keys, in a database of its own.
pub struct Seed {
    pub db: Scratch,
    contents: Contents,
    rows: u64,
}

impl Seed {
    pub async fn new(db: Scratch, contents: Contents) -> Seed {
        assert!(EXPIRED.ends_with(&NOW.0.to_string()), "expired at another moment than the tests' one");
        db.create_table("documented").await;
        Seed { db, contents, rows: 0 }
    }

    /// Adds sessions until there are `rows`. They come in no order of their ids, as saves do.
    pub async fn grow(&mut self, rows: u64) {
        if self.rows >= rows {
            return;
        }
        eprintln!("bench:          making {} sessions", rows - self.rows);
        let span = rows - self.rows;
        let place = |writer| self.rows + span * writer / WRITERS;
        let fillings = (0..WRITERS).map(|writer| fill(&self.db, self.contents, place(writer)..place(writer + 1)));
        futures_util::future::join_all(fillings).await;
        self.db.sql("ANALYZE TABLE tomcat_sessions").await;
        self.rows = rows;
        settle(&self.db).await;
    }

    /// Makes `tomcat_sessions` in `to` anew, with the columns and keys of `profile`, and `rows` of the
    /// sessions in the order of their ids, and waits until the server has cleaned up after earlier work.
    pub async fn copy(&self, to: &Scratch, profile: &str, rows: u64) {
        self.copy_as(to, profile, rows, "last_access").await;
    }

    /// The same, with another last access.
    pub async fn copy_as(&self, to: &Scratch, profile: &str, rows: u64, last_access: &str) {
        assert!(rows <= self.rows, "{rows} of {} sessions", self.rows);
        to.sql("DROP TABLE IF EXISTS tomcat_sessions").await;
        to.create_table(profile).await;
        let chosen = |table: &str| {
            let columns = COLUMNS.replace("last_access", last_access);
            format!("SELECT {columns} FROM {table} ORDER BY session_id LIMIT {rows}")
        };
        if to.kind == Kind::Postgres {
            self.pipe(to, &chosen("tomcat_sessions")).await;
        } else {
            let table = format!("{}.tomcat_sessions", self.db.database);
            to.sql(&format!("INSERT INTO tomcat_sessions ({COLUMNS}) {}", chosen(&table))).await;
        }
        to.sql("ANALYZE TABLE tomcat_sessions").await;
        settle(to).await;
    }
}

impl Seed {
    /// Copies the rows of a query to a table in another database, which no statement of PostgreSQL's does.
    async fn pipe(&self, to: &Scratch, query: &str) {
        let mut source = self.db.postgres(&self.db.database).await;
        let mut target = to.postgres(&to.database).await;
        // As text, since profiles differ in the widths of numbers.
        let mut rows = source.copy_out_raw(&format!("COPY ({query}) TO STDOUT")).await.unwrap();
        let into = format!("COPY tomcat_sessions ({COLUMNS}) FROM STDIN");
        let mut copy = target.copy_in_raw(&into).await.unwrap();
        while let Some(part) = rows.next().await {
            copy.send(part.unwrap()).await.unwrap();
        }
        copy.finish().await.unwrap();
    }
}

/// Inserts the sessions of these numbers, while a thread makes the next ones.
async fn fill(db: &Scratch, contents: Contents, numbers: std::ops::Range<u64>) {
    let (sender, mut batches) = tokio::sync::mpsc::channel::<Vec<Session>>(1);
    let making = tokio::task::spawn_blocking(move || {
        let maker = Maker::new(contents);
        for from in numbers.clone().step_by(BATCH as usize) {
            let batch = (from..numbers.end.min(from + BATCH)).map(|n| maker.session(n)).collect();
            sender.blocking_send(batch).unwrap();
        }
    });
    let mut store = db.open().await;
    while let Some(batch) = batches.recv().await {
        store.insert(&batch, OnConflict::Fail).await.unwrap();
    }
    making.await.unwrap();
    store.close().await;
}

/// Makes sessions.
pub struct Maker {
    contents: Contents,
    templates: Vec<Template>,
}

/// What a Tomcat wrote before the attributes: clocks, id, login, the number of attributes.
struct Template {
    head: Vec<u8>,
    /// Where the id stands.
    id: usize,
    attributes: usize,
}

impl Maker {
    pub fn new(contents: Contents) -> Maker {
        let templates = sample().into_iter().filter_map(|session| {
            let data = session.data?;
            let attributes = decode(&data, Limits::default()).ok()?.session.attributes;
            let head = data[..attributes.first()?.span.start as usize].to_vec();
            let id = head.windows(32).position(|some| some == session.meta.key.id.as_bytes())?;
            (2..=20).contains(&attributes.len()).then_some(Template { head, id, attributes: attributes.len() })
        });
        let maker = Maker { contents, templates: templates.collect() };
        assert!(maker.templates.len() > 3, "the tests' sample has changed");
        for n in 0..100 {
            let data = maker.session(n).data.unwrap();
            assert!(decode(&data, Limits::default()).unwrap().broken.is_none(), "session {n} is no session");
        }
        maker
    }

    /// The session of a number.
    pub fn session(&self, n: u64) -> Session {
        let mut random = fastrand::Rng::with_seed(n ^ 0x5e55_1045);
        let size = match n {
            _ if n % 10_000 == 7_777 => HUGE,
            _ if n % 500 == 77 => BIG,
            _ => random.usize(SMALL),
        };
        self.of_size(size, &mut random)
    }

    /// A session whose data have `size` bytes, or what its head takes.
    pub fn of_size(&self, size: usize, random: &mut fastrand::Rng) -> Session {
        let id = format!("{:032X}", random.u128(..));
        let template = &self.templates[random.usize(..self.templates.len())];
        let mut data = Vec::with_capacity(size + 512);
        data.extend_from_slice(&template.head);
        data[template.id..template.id + 32].copy_from_slice(id.as_bytes());
        for n in 1..=template.attributes {
            let name = NAMES[random.usize(..NAMES.len())];
            data.push(0x74);
            data.extend_from_slice(&(name.len() as u16).to_be_bytes());
            data.extend_from_slice(name.as_bytes());
            let end = size * n / template.attributes;
            match self.contents {
                Contents::Random if n % 2 == 0 => random_bytes(&mut data, end, random),
                _ => text(&mut data, end, random),
            }
        }
        let idle = if random.bool() { DAY + random.i64(0..7 * DAY) } else { random.i64(0..600_000) };
        Session {
            meta: SessionMeta {
                key: SessionKey::new(APPS[random.usize(..APPS.len())].to_owned(), id),
                valid: Some("1".to_owned()),
                max_inactive: Some(1_800),
                last_access: Some(EpochMillis(NOW.0 - idle)),
                size: Some(data.len() as u64),
            },
            data: Some(data.into()),
        }
    }
}

/// A long string of Java's that ends at `end` or soon after: what the fields of beans hold.
fn text(data: &mut Vec<u8>, end: usize, random: &mut fastrand::Rng) {
    use std::io::Write as _;

    data.push(0x7c);
    let length = data.len();
    data.extend_from_slice(&[0; 8]);
    while data.len() < end {
        data.extend_from_slice(NAMES[random.usize(..NAMES.len())].as_bytes());
        match random.u8(..4) {
            0 => write!(data, "{:032x}", random.u128(..)).unwrap(),
            1 => write!(data, "{}.{}@example.org", WORDS[random.usize(..24)], random.u16(..)).unwrap(),
            2 => (0..random.usize(3..12)).for_each(|_| write!(data, "{} ", WORDS[random.usize(..24)]).unwrap()),
            _ => write!(data, "com.example.shop.cart.LineItem{}", NOW.0 - random.i64(0..DAY)).unwrap(),
        }
    }
    let bytes = (data.len() - length - 8) as u64;
    data[length..length + 8].copy_from_slice(&bytes.to_be_bytes());
}

/// An array of random bytes that ends at `end` or soon after.
fn random_bytes(data: &mut Vec<u8>, end: usize, random: &mut fastrand::Rng) {
    data.extend_from_slice(BYTE_ARRAY);
    let length = end.saturating_sub(data.len() + 4);
    data.extend_from_slice(&(length as u32).to_be_bytes());
    let from = data.len();
    data.resize(from + length, 0);
    random.fill(&mut data[from..]);
}

/// Waits until InnoDB has cleaned up most row versions of earlier work, for half a minute at most; PostgreSQL does its
/// part when it is told to.
pub async fn settle(db: &Scratch) {
    if db.kind == Kind::Postgres {
        db.sql("VACUUM (ANALYZE) tomcat_sessions; CHECKPOINT").await;
        return;
    }
    let history =
        "SELECT CAST(COUNT AS SIGNED) FROM information_schema.INNODB_METRICS WHERE NAME = 'trx_rseg_history_len'";
    for _ in 0..150 {
        if number(db, history).await < 1_000 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// The one number that a query has.
pub async fn number(db: &Scratch, query: &str) -> i64 {
    Client::of(db).await.number(query).await
}

/// What the server calls itself.
pub async fn version(db: &Scratch) -> String {
    let version = Client::of(db).await.text("SELECT VERSION()").await.unwrap();
    // PostgreSQL names itself, and then its compiler.
    let version = version.split(" on ").next().unwrap_or_default().trim_start_matches("PostgreSQL ");
    format!("{} {version}", db.kind.name())
}
