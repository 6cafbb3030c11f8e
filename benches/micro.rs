//! The pure parts by themselves: `cargo bench --bench micro [-- FILTER]`. No server, no disk.

use std::hint::black_box;
use std::io;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde::Serialize;
use tomcat_sessions::archive::{DataEncoding, Decoder, Encoder, Header};
use tomcat_sessions::javaser::{ClassFilter, Limits, decode};
use tomcat_sessions::session::{EpochMillis, Filter, Session, SessionKey, SessionMeta, SessionState, Totals};
use tomcat_sessions::ui::{Format, Head, Record, Records, Style};

const NOW: EpochMillis = EpochMillis(1_795_360_000_000);

/// Streams that Tomcats wrote, again and again, under other ids.
#[expect(clippy::unwrap_used, reason = "the tests' own sample")]
fn sessions(number: usize) -> Vec<Session> {
    let text = include_str!("../tests/fixtures/sessions.ndjson");
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let session = |(n, row): (usize, &serde_json::Value)| {
        let data = STANDARD.decode(row["session_data"].as_str().unwrap()).unwrap();
        let meta = SessionMeta {
            key: SessionKey::new(row["app_name"].as_str().map(str::to_owned), format!("{n:032X}")),
            valid: Some("1".to_owned()),
            max_inactive: Some(1_800),
            last_access: Some(EpochMillis(NOW.0 - n as i64 * 3_000)),
            size: Some(data.len() as u64),
        };
        Session { meta, data: Some(data.into()) }
    };
    (0..).zip(lines.iter().cycle()).take(number).map(session).collect()
}

fn bytes(sessions: &[Session]) -> Throughput {
    Throughput::Bytes(sessions.iter().filter_map(|session| session.meta.size).sum())
}

fn decoder(c: &mut Criterion) {
    let sessions = sessions(104);
    let mut group = c.benchmark_group("javaser");
    group.throughput(bytes(&sessions)).bench_function("decode", |b| {
        b.iter(|| {
            let data = sessions.iter().filter_map(|session| session.data.as_deref());
            data.filter(|data| decode(black_box(data), Limits::default()).is_ok()).count()
        });
    });
    group.finish();
}

/// What import and migrate do with every session, beside decoding it.
fn filter(c: &mut Criterion) {
    let sessions = sessions(1_000);
    let gadgets = ClassFilter { gadgets: true, ..ClassFilter::default() };
    let mut group = c.benchmark_group("filter");
    group.throughput(bytes(&sessions)).bench_function("refuses", |b| {
        b.iter(|| {
            sessions
                .iter()
                .filter(|session| {
                    session.data.as_deref().is_some_and(|data| gadgets.refuses(black_box(data)).is_some())
                })
                .count()
        });
    });
    group.finish();
}

/// An archive of `sessions`, in memory.
#[expect(clippy::unwrap_used, reason = "memory takes all")]
fn archive(form: DataEncoding, sessions: &[Session]) -> Vec<u8> {
    let mut encoder = Encoder::new(form);
    let mut out = Vec::new();
    encoder.header(&Header::new("mariadb", "10.11", "tomcat_sessions", "documented", NOW.0));
    sessions.iter().for_each(|session| encoder.session(session, &mut out).unwrap());
    encoder.trailer(&mut out).unwrap();
    out
}

fn archives(c: &mut Criterion) {
    let sessions = sessions(104);
    let mut group = c.benchmark_group("archive");
    group.throughput(bytes(&sessions));
    for (form, name) in [(DataEncoding::Base64, "base64"), (DataEncoding::Compressible, "text")] {
        group.bench_function(format!("write/{name}"), |b| b.iter(|| archive(form, black_box(&sessions))));
        let written = archive(form, &sessions);
        group.bench_function(format!("read/{name}"), |b| {
            b.iter(|| {
                let mut decoder = Decoder::default();
                let lines = black_box(&written).split_inclusive(|byte| *byte == b'\n');
                lines.filter(|line| decoder.read(line).is_ok()).count()
            });
        });
    }
    group.finish();
}

/// A record as `list` has them.
#[derive(Serialize)]
struct Line {
    session_id: String,
    app_name: Option<String>,
    last_access: Option<EpochMillis>,
    size_bytes: Option<u64>,
}

impl Record for Line {
    fn heads(_: &[Line]) -> Vec<Head> {
        vec![Head::left("SESSION"), Head::left("APPLICATION"), Head::right("ACCESSED"), Head::right("DATA")]
    }

    fn cells(all: &[Line]) -> Vec<Vec<String>> {
        let number = |n: Option<i64>| n.map_or_else(String::new, |n| n.to_string());
        let cells = |line: &Line| {
            let app = line.app_name.clone().unwrap_or_default();
            let size = line.size_bytes.map(u64::cast_signed);
            vec![line.session_id.clone(), app, number(line.last_access.map(|at| at.0)), number(size)]
        };
        all.iter().map(cells).collect()
    }
}

/// A terminal of 120 columns.
const STYLE: Style = Style { color: false, width: Some(120), ascii: false, utc: false };

fn renderer(c: &mut Criterion) {
    let sessions = sessions(1_000);
    let line = |session: &Session| Line {
        session_id: session.meta.key.id.clone(),
        app_name: session.meta.key.app.clone(),
        last_access: session.meta.last_access,
        size_bytes: session.meta.size,
    };
    let mut group = c.benchmark_group("ui");
    for (format, name, number) in
        [(Format::Table, "table", 100), (Format::Ndjson, "ndjson", 1_000), (Format::Csv, "csv", 1_000)]
    {
        group.throughput(Throughput::Elements(number as u64)).bench_function(name, |b| {
            b.iter(|| {
                let mut records = Records::new(format, Box::new(io::sink()), STYLE);
                let pushed = sessions[..number].iter().filter(|session| records.push(line(session)).is_ok()).count();
                (pushed, records.finish().is_ok())
            });
        });
    }
    group.finish();
}

fn expiry(c: &mut Criterion) {
    let sessions = sessions(1_000);
    let filter = Filter { idle_over: Some(Duration::from_secs(1_000)), ..Filter::default() };
    let mut group = c.benchmark_group("session");
    group.throughput(Throughput::Elements(sessions.len() as u64));
    group.bench_function("verdict", |b| {
        let expired = |session: &&Session| matches!(session.meta.state_at(NOW), SessionState::Expired { .. });
        b.iter(|| black_box(&sessions).iter().filter(expired).count());
    });
    group.bench_function("filter", |b| {
        b.iter(|| black_box(&sessions).iter().filter(|session| filter.matches(&session.meta, NOW)).count());
    });
    group.bench_function("totals", |b| {
        b.iter(|| {
            let mut totals = Totals::default();
            black_box(&sessions).iter().for_each(|session| totals.add(&session.meta, NOW));
            totals
        });
    });
    group.finish();
}

criterion_group!(benches, decoder, filter, archives, renderer, expiry);
criterion_main!(benches);
