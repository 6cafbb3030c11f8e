//! The table that is moved: sessions as they are, most small, few big, all different.

use tomcat_sessions::javaser::{Limits, decode};
use tomcat_sessions::session::{EpochMillis, OnConflict, Session, SessionKey, SessionMeta};

use crate::support::{NOW, Scratch};

const APPS: [&str; 3] = ["/Catalina/localhost/demo", "/Catalina/localhost/shop", "/Catalina/localhost/intranet"];
/// Bytes of data: of nearly all, of one in 500, of one in 10,000.
const SMALL: std::ops::Range<usize> = 1_200..2_800;
const BIG: usize = 256 << 10;
const HUGE: usize = 4 << 20;
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

/// A session that a JVM wrote, with four attributes.
const WRITTEN: &[u8] = include_bytes!("../../tests/decode/fixtures/session-plain.ser");

/// Makes the table with `rows` sessions; returns the bytes of their data.
pub async fn fill(db: &Scratch, rows: u64) -> u64 {
    let mut random = fastrand::Rng::with_seed(850);
    let decoded = decode(WRITTEN, Limits::default()).unwrap();
    assert_eq!(decoded.session.count, 4);
    // All that comes before the attributes: the clocks, the id, the login.
    let head = &WRITTEN[..decoded.session.attributes[0].span.start as usize];
    db.create_table("documented").await;
    let mut store = db.open().await;
    let mut bytes = 0;
    let mut batch = Vec::new();
    for i in 0..rows {
        let session = session(i, head, &mut random);
        bytes += session.meta.size.unwrap();
        batch.push(session);
        if batch.len() == 250 || i + 1 == rows {
            store.insert(&batch, OnConflict::Fail).await.unwrap();
            batch.clear();
        }
    }
    store.close().await;
    db.sql("ANALYZE TABLE tomcat_sessions").await;
    bytes
}

fn session(i: u64, head: &[u8], random: &mut fastrand::Rng) -> Session {
    let size = match i {
        _ if i % 10_000 == 7_777 => HUGE,
        _ if i % 500 == 77 => BIG,
        _ => random.usize(SMALL),
    };
    let mut data = head.to_vec();
    for n in 0..4 {
        let name = NAMES[random.usize(..NAMES.len())];
        data.push(0x74);
        data.extend_from_slice(&(name.len() as u16).to_be_bytes());
        data.extend_from_slice(name.as_bytes());
        value(&mut data, size * (n + 1) / 4, random);
    }
    Session {
        meta: SessionMeta {
            key: SessionKey::new(
                Some(APPS[random.usize(..APPS.len())].to_owned()),
                format!("{:032X}", random.u128(..)),
            ),
            valid: Some("1".to_owned()),
            max_inactive: Some(1_800),
            last_access: Some(EpochMillis(NOW.0 - random.i64(0..600_000))),
            size: Some(data.len() as u64),
        },
        data: Some(data),
    }
}

/// A long string of Java's, up to `end`: names, tokens, words and numbers, as a bean's fields are.
fn value(data: &mut Vec<u8>, end: usize, random: &mut fastrand::Rng) {
    let mut text = String::new();
    while data.len() + text.len() < end {
        text += NAMES[random.usize(..NAMES.len())];
        match random.u8(..4) {
            0 => text += &format!("{:032x}", random.u128(..)),
            1 => text += &format!("{}.{}@example.org", WORDS[random.usize(..24)], random.u16(..)),
            2 => {
                for _ in 0..random.usize(3..12) {
                    text += WORDS[random.usize(..24)];
                    text.push(' ');
                }
            }
            _ => text += &format!("com.example.shop.cart.LineItem{}", NOW.0 - random.i64(0..86_400_000)),
        }
    }
    data.push(0x7c);
    data.extend_from_slice(&(text.len() as u64).to_be_bytes());
    data.extend_from_slice(text.as_bytes());
}
