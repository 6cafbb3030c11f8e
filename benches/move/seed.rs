//! The table that is moved: sessions as they are, most small, few big, all different.

use tomcat_sessions::session::{EpochMillis, OnConflict, Session, SessionKey, SessionMeta};

use crate::support::{NOW, Scratch, sample};

const APPS: [&str; 3] = ["/Catalina/localhost/demo", "/Catalina/localhost/shop", "/Catalina/localhost/intranet"];
/// Bytes of data: of nearly all, of one in 500, of one in 10,000.
const SMALL: std::ops::Range<usize> = 1_200..2_800;
const BIG: usize = 256 << 10;
const HUGE: usize = 4 << 20;
/// What attributes are called, and what they hold: names of classes, words, tokens, numbers.
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

/// Makes the table with `rows` sessions; returns the bytes of their data.
pub async fn fill(db: &Scratch, rows: u64) -> u64 {
    let mut random = fastrand::Rng::with_seed(850);
    let heads: Vec<Vec<u8>> = sample().into_iter().filter_map(|session| session.data).collect();
    db.create_table("documented").await;
    let mut store = db.open().await;
    let mut bytes = 0;
    let mut batch = Vec::new();
    for i in 0..rows {
        let session = session(i, &heads, &mut random);
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

fn session(i: u64, heads: &[Vec<u8>], random: &mut fastrand::Rng) -> Session {
    let size = match i {
        _ if i % 10_000 == 7_777 => HUGE,
        _ if i % 500 == 77 => BIG,
        _ => random.usize(SMALL),
    };
    // A session of Tomcat's own, as far as there is room, and then attributes.
    let head = &heads[random.usize(..heads.len())];
    let mut data = head[..head.len().min(500)].to_vec();
    while data.len() < size {
        attribute(&mut data, random);
    }
    data.truncate(size);
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

/// An attribute as Java writes it: texts with their lengths, numbers in eight bytes.
fn attribute(data: &mut Vec<u8>, random: &mut fastrand::Rng) {
    let mut text = |text: &str| {
        data.push(0x74);
        data.extend_from_slice(&(text.len() as u16).to_be_bytes());
        data.extend_from_slice(text.as_bytes());
    };
    text(NAMES[random.usize(..NAMES.len())]);
    match random.u8(..4) {
        0 => text(&format!("{:032x}", random.u128(..))),
        1 => text(&format!("{}.{}@example.org", WORDS[random.usize(..24)], random.u16(..))),
        2 => {
            let words: Vec<&str> = (0..random.usize(3..12)).map(|_| WORDS[random.usize(..24)]).collect();
            text(&words.join(" "));
        }
        _ => {
            text("com.example.shop.cart.LineItem");
            data.extend_from_slice(&(NOW.0 - random.i64(0..86_400_000)).to_be_bytes());
            data.extend_from_slice(&random.u32(..10_000).to_be_bytes());
        }
    }
}
