//! Compares the filter with a JVM, using streams that are damaged, or written to mislead a reader. Every class that
//! `ObjectInputStream` requests must be one that the filter has seen. No attack class exists here: `Resolve.java`
//! records the names, and the classes are missing.
//!
//! `TOMCAT_SESSIONS_FUZZ_SECONDS=600` sets the duration; `TOMCAT_SESSIONS_FUZZ_SEED` repeats a run.

use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use fastrand::Rng;
use tomcat_sessions::javaser::{AllowedClasses, ClassFilter, gadget};

use super::support::{self, variable};

/// Classes of the list, and others with similar beginnings.
const GADGETS: [&str; 4] = [
    "bsh.XThis",
    "org.apache.commons.collections.functors.InvokerTransformer",
    "org.apache.commons.beanutils.BeanComparator",
    "sun.reflect.annotation.AnnotationInvocationHandler",
];
/// Classes of `Resolve.java`, which read something else than was written.
const OURS: [&str; 8] = ["Lazy", "Greedy", "Catching", "Plain", "Outside", "Skipping", "Fields", "Unshared"];
const STRANGERS: [&str; 3] = ["b.Stranger", "org.apache.commons.Other", "c.D"];
/// Number of streams per request to the JVM.
const BATCH: usize = 500;

/// A JVM that deserializes all data that it gets.
struct Jvm {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Jvm {
    /// `None` without a JDK.
    fn start(dir: &Path) -> Option<Jvm> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/decode/java/Resolve.java");
        let Ok(compiled) = Command::new("javac").arg("-d").arg(dir).arg(source).output() else {
            support::absent("jdk");
            return None;
        };
        assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
        let mut command = Command::new("java");
        command.args(["-Xmx256m", "-Xss512k", "-XX:TieredStopAtLevel=1", "-cp"]).arg(dir).arg("Resolve");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Some(Jvm { child, input, output })
    }

    /// The classes that it requests, for each stream.
    fn resolves(&mut self, streams: &[Vec<u8>]) -> Vec<Vec<String>> {
        std::thread::scope(|scope| {
            let Jvm { input, output, .. } = self;
            scope.spawn(move || {
                for stream in streams {
                    input.write_all(&u32::try_from(stream.len()).unwrap().to_be_bytes()).unwrap();
                    input.write_all(stream).unwrap();
                }
                input.flush().unwrap();
            });
            streams.iter().map(|_| (0..number(output)).map(|_| name(output)).collect()).collect()
        })
    }
}

fn number(from: &mut impl Read) -> u32 {
    let mut bytes = [0; 4];
    from.read_exact(&mut bytes).unwrap();
    u32::from_be_bytes(bytes)
}

fn name(from: &mut impl Read) -> String {
    let mut bytes = vec![0; number(from) as usize];
    from.read_exact(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Drop for Jvm {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Writes malformed streams.
struct Maker<'a> {
    random: &'a mut Rng,
    bytes: Vec<u8>,
}

impl Maker<'_> {
    fn stream(random: &mut Rng) -> Vec<u8> {
        let mut maker = Maker { random, bytes: vec![0xac, 0xed, 0, 5] };
        for _ in 0..maker.random.usize(1..4) {
            maker.content(0);
        }
        let Maker { random, mut bytes } = maker;
        for _ in 0..random.usize(..3).saturating_sub(1) {
            let at = random.usize(4..bytes.len());
            match random.u8(..4) {
                0 => bytes.truncate(at.max(5)),
                1 => bytes[at] = random.u8(0x70..0x7f),
                2 => bytes[at] ^= 1 << random.u8(..8),
                _ => drop(bytes.splice(at..at, [random.u8(..)])),
            }
        }
        bytes
    }

    fn content(&mut self, depth: usize) {
        match self.random.u8(..if depth > 5 { 5 } else { 16 }) {
            0 => self.bytes.push(0x70),
            1 => self.handle(),
            2 => self.text(),
            3 => self.block(),
            4 => self.bytes.push(*self.random.choice([0x78, 0x79, 0x7b, 0x00].iter()).unwrap()),
            5..=9 => self.object(depth),
            10..=13 => self.array(depth),
            14 => {
                self.bytes.push(0x76);
                self.class(depth);
            }
            _ => {
                self.bytes.push(0x7e);
                self.class(depth);
                self.text();
            }
        }
    }

    fn handle(&mut self) {
        self.bytes.push(0x71);
        let handle = 0x7e_0000 + self.random.u32(..10);
        self.bytes.extend(handle.to_be_bytes());
    }

    fn text(&mut self) {
        self.bytes.push(0x74);
        // A name in a text is not a class.
        let text = *self.random.choice(["", "n", "Ljava/lang/Object;", STRANGERS[0]].iter()).unwrap();
        self.utf(text, false);
    }

    fn utf(&mut self, text: &str, overlong: bool) {
        let bytes: Vec<u8> = text
            .bytes()
            .enumerate()
            .flat_map(|(at, b)| if overlong && at % 3 == 0 { vec![0xc0 | b >> 6, 0x80 | b & 0x3f] } else { vec![b] })
            .collect();
        self.bytes.extend(u16::try_from(bytes.len()).unwrap().to_be_bytes());
        self.bytes.extend(bytes);
    }

    fn block(&mut self) {
        let hidden = self.random.u8(..4) == 0;
        let mut inner = Maker { random: &mut *self.random, bytes: Vec::new() };
        if hidden {
            inner.object(9);
        } else {
            inner.bytes.extend([0; 4]);
        }
        let inner = inner.bytes;
        self.bytes.extend([0x77, inner.len() as u8]);
        self.bytes.extend(inner);
    }

    fn name(&mut self) -> String {
        match self.random.u8(..8) {
            0 | 1 => GADGETS[self.random.usize(..GADGETS.len())].to_owned(),
            2 => STRANGERS[self.random.usize(..STRANGERS.len())].to_owned(),
            _ => format!("Resolve${}", OURS[self.random.usize(..OURS.len())]),
        }
    }

    /// Writes a descriptor or a replacement for one; returns the number of bytes of fields of its objects, and whether
    /// they have an annotation.
    fn class(&mut self, depth: usize) -> (usize, usize, bool) {
        match self.random.u8(..12) {
            0 => {
                self.bytes.push(0x70);
                return (0, 0, false);
            }
            1 => {
                self.handle();
                return (0, 0, self.random.bool());
            }
            2 => {
                self.bytes.push(0x7d);
                let count = self.random.u32(1..4);
                self.bytes.extend(count.to_be_bytes());
                for _ in 0..count {
                    // No interface has such a name, and those after it are interfaces nevertheless.
                    let name = if self.random.u8(..6) == 0 { "no interface".to_owned() } else { self.name() };
                    self.utf(&name, false);
                }
                self.annotation(depth, true);
                self.super_class(depth);
                return (0, 0, false);
            }
            _ => {}
        }
        let name = self.name();
        self.descriptor(&name, depth)
    }

    fn descriptor(&mut self, name: &str, depth: usize) -> (usize, usize, bool) {
        self.bytes.push(0x72);
        let overlong = self.random.u8(..8) == 0;
        self.utf(name, overlong);
        self.bytes.extend(1_u64.to_be_bytes());
        let flags = if name.ends_with("Outside") {
            0x0c
        } else {
            *self.random.choice([2, 2, 3, 3, 0, 4, 0x0c, 0x12].iter()).unwrap()
        };
        self.bytes.push(flags);
        let (ints, objects) = (self.random.usize(..3), self.random.usize(..2));
        self.bytes.extend([0, (ints + objects) as u8]);
        for at in 0..ints {
            self.bytes.push(b'I');
            self.utf(["n", "m"][at], false);
        }
        if objects > 0 {
            self.bytes.push(b'L');
            self.utf("o", false);
            self.bytes.push(0x74);
            self.utf("Ljava/lang/Object;", false);
        }
        self.annotation(depth, true);
        self.super_class(depth);
        (ints, objects, flags & 0x09 != 0)
    }

    fn super_class(&mut self, depth: usize) {
        if depth < 6 && self.random.u8(..6) == 0 {
            self.class(depth + 1);
        } else {
            self.bytes.push(0x70);
        }
    }

    fn annotation(&mut self, depth: usize, rare: bool) {
        for _ in 0..self.random.usize(..if rare { 8 } else { 4 }).saturating_sub(if rare { 6 } else { 0 }) {
            self.content(depth + 2);
        }
        if self.random.u8(..12) > 0 {
            self.bytes.push(0x78);
        }
    }

    fn object(&mut self, depth: usize) {
        self.bytes.push(0x73);
        let (ints, objects, annotated) = self.class(depth + 1);
        for _ in 0..ints {
            // A number that is part of something else.
            let number = *self
                .random
                .choice([[0; 4], [0x70, 0x73, 0x72, 0], [0x7d, 0, 0, 0], [0x77, 1, 0, 0x78]].iter())
                .unwrap();
            self.bytes.extend(number);
        }
        for _ in 0..objects {
            self.content(depth + 1);
        }
        if annotated {
            self.annotation(depth + 1, false);
        }
    }

    fn array(&mut self, depth: usize) {
        self.bytes.push(0x75);
        let primitive = self.random.u8(..4) == 0;
        let name = if primitive { *self.random.choice(["[B", "[I"].iter()).unwrap() } else { "[Ljava.lang.Object;" };
        self.bytes.push(0x72);
        self.utf(name, false);
        self.bytes.extend([0; 8]);
        self.bytes.extend([2, 0, 0, 0x78, 0x70]);
        let there = self.random.u32(..4);
        let length = match self.random.u8(..6) {
            0 => there + 3,
            1 => 5_000,
            2 => there.saturating_sub(1),
            3 if self.random.u8(..8) == 0 => u32::MAX,
            _ => there,
        };
        self.bytes.extend(length.to_be_bytes());
        for _ in 0..there {
            if primitive {
                self.block();
            } else {
                self.content(depth + 1);
            }
        }
    }
}

/// Streams that an earlier run found, and those that the filter once accepted.
fn corpus() -> Vec<Vec<u8>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/class_filter");
    let mut files: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    files.into_iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// A name that a compiler generates for a class. A JVM that continues at a wrong position also requests names such as
/// `r
/// [Ljava.lang.Object;`, which no class loader has; the filter does not search for those in raw bytes, because binary
/// data would contain many.
fn plausible(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "._$[;-".contains(c))
}

#[test]
fn the_guard_sees_every_class_that_a_jvm_resolves() {
    let dir = tempfile::TempDir::new().unwrap();
    let Some(mut jvm) = Jvm::start(dir.path()) else { return };
    let number = |name: &str| variable(name).and_then(|n| n.parse::<u64>().ok());
    let seconds = number("TOMCAT_SESSIONS_FUZZ_SECONDS").unwrap_or(0);
    let seed = number("TOMCAT_SESSIONS_FUZZ_SEED").unwrap_or(if seconds == 0 { 7 } else { fastrand::u64(..) });
    eprintln!("TOMCAT_SESSIONS_FUZZ_SEED={seed}");
    let mut random = Rng::with_seed(seed);
    let gadgets = ClassFilter { gadgets: true, allowed: None, unreadable: true };
    let list = "Resolve$*\njava.lang.Object\njava.lang.Integer\njava.lang.Long\njava.lang.Number\njava.lang.Boolean\njava.util.ArrayList\n";
    let listed = |unreadable| ClassFilter { gadgets: false, allowed: Some(AllowedClasses::read(list)), unreadable };
    let (listed, lenient) = (listed(false), listed(true));
    let allowed = ["java.lang.", "java.util.ArrayList", "Resolve$"];
    let until = Instant::now() + Duration::from_secs(seconds);
    let (mut streams_read, mut with_gadgets) = (0_u64, 0_u64);
    let mut first = corpus();
    while streams_read < 20_000 || Instant::now() < until {
        let mut streams = std::mem::take(&mut first);
        streams.extend((0..BATCH).map(|_| Maker::stream(&mut random)));
        for (stream, resolved) in streams.iter().zip(jvm.resolves(&streams)) {
            streams_read += 1;
            let fail = |what: &str, name: &str| panic!("{what} `{name}` in {}", hex(stream));
            let plain = |name: &str| name.trim_start_matches('[').trim_start_matches('L').to_owned();
            if let Some(name) = resolved.iter().find(|name| gadget(name).is_some()) {
                with_gadgets += 1;
                if gadgets.refuses(stream).is_none() {
                    fail("not seen: the gadget", name);
                }
            }
            let stranger = |name: &&String| {
                let plain = plain(name);
                plain.len() > 1 && !allowed.iter().any(|begin| plain.starts_with(begin))
            };
            if let Some(name) = resolved.iter().filter(|name| plausible(name)).find(stranger) {
                if listed.refuses(stream).is_none() {
                    fail("not seen: the class", name);
                }
                if lenient.refuses(stream).is_none() {
                    fail("not seen in what is kept: the class", name);
                }
            }
        }
    }
    eprintln!("{streams_read} streams, a JVM resolved a gadget in {with_gadgets}");
    assert!(with_gadgets > streams_read / 50, "{with_gadgets} of {streams_read}");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
