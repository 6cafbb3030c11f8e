//! The readers of Tomcat configurations: `tomcat lint` and `--context-xml` with files that are damaged, or written to
//! exhaust resources. Each file is read or refused within limits of time and memory, and no message contains the
//! password of a store.
//!
//! `corpus/tomcat` contains the files that are mutated, including those that earlier runs found. The part of a name
//! before its first dot determines the file in a CATALINA_BASE.

use std::fs;
use std::path::{Path, PathBuf};

use fastrand::Rng;
use secrecy::ExposeSecret;
use tempfile::TempDir;
use tomcat_sessions::catalina::lint::{TomcatInstance, evaluate};
use tomcat_sessions::catalina::{Base, Libraries, Version, locate};

use super::fuzz;

/// The password in the corpus.
const SECRET: &str = "Zq9secret";
/// The location of a file of the corpus.
const FILES: [(&str, &str); 6] = [
    ("server", "conf/server.xml"),
    ("context", "conf/context.xml"),
    ("web", "conf/web.xml"),
    ("properties", "conf/catalina.properties"),
    ("setenv", "bin/setenv.sh"),
    ("app", "conf/Catalina/localhost/shop.xml"),
];
const WORDS: [&str; 50] = [
    "<",
    ">",
    "/>",
    "</",
    "&",
    ";",
    "\"",
    "'",
    "=",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "?>",
    "&amp;",
    "&#0;",
    "&#x41;",
    "&#xfffff;",
    "&x;",
    "&y;",
    "<!DOCTYPE a [",
    "<!ENTITY x 'y'>",
    "<!ENTITY % x '",
    "<!ENTITY y \"&x;&x;\">",
    "]>",
    "SYSTEM 'file:///etc/passwd'",
    "xmlns:p='q'",
    "p:",
    "${",
    "}",
    ":-",
    "${x}",
    "${x:-y}",
    "${catalina.base}",
    "\\",
    "\\u00e9",
    "\\u12",
    "\n",
    "\r",
    "\t",
    "\0",
    "é",
    "\u{feff}",
    "<Manager ",
    "<Store ",
    "<Resource ",
    "<Context>",
    "className",
    "-Dx=${y}",
];

/// A CATALINA_BASE that is recreated for each round.
struct Tomcat {
    dir: TempDir,
    corpus: Vec<(String, Vec<u8>)>,
}

impl Tomcat {
    fn new() -> Tomcat {
        let dir = TempDir::new().unwrap();
        for folder in ["conf/Catalina/localhost", "bin", "webapps"] {
            fs::create_dir_all(dir.path().join(folder)).unwrap();
        }
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/decode/corpus/tomcat");
        let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let name = |file: &Path| file.file_name().unwrap().to_str().unwrap().to_owned();
        let corpus: Vec<_> = files.into_iter().map(|file| (name(&file), fs::read(file).unwrap())).collect();
        assert!(FILES.iter().all(|(kind, _)| corpus.iter().any(|(name, _)| is_kind(name, kind))));
        Tomcat { dir, corpus }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.dir.path().join(file)
    }

    /// Writes a file, or removes it.
    fn put(&self, file: &str, bytes: Option<&[u8]>) {
        let _ = fs::remove_file(self.path(file));
        if let Some(bytes) = bytes {
            fs::write(self.path(file), bytes).unwrap();
        }
    }

    /// Reads it like `tomcat lint` and, if requested, like `--context-xml`; returns whether a store was found whose
    /// password was not printed.
    fn read(&self, written: &[&[u8]], version: Option<Version>) -> bool {
        let environment = |name: &str| (name == "JAVA_OPTS").then(|| "-Ddb.host=db -Dx=${y}".to_owned());
        let base = Base::read(self.dir.path(), None, &environment);
        let mut output_text: Vec<String> = base.unread.iter().map(ToString::to_string).collect();
        let mut instance = TomcatInstance::of(base, version);
        instance.libraries = Libraries::read(&instance.base, &instance.searched_classes());
        output_text.extend(evaluate(&instance).iter().map(|finding| format!("{finding:?}")));
        if written.is_empty() {
            return false;
        }
        let mut stores = instance.databases();
        for (_, file) in FILES.iter().filter(|(_, file)| file.ends_with(".xml")) {
            match locate(&self.path(file), None, &environment) {
                Ok(at) => stores.push(at),
                Err(trouble) => output_text.push(format!("{trouble} {trouble:?}")),
            }
        }
        // Text that also occurs elsewhere may be the name of something.
        let times = |bytes: &[u8]| bytes.windows(SECRET.len()).filter(|part| *part == SECRET.as_bytes()).count();
        let once = written.iter().map(|bytes| times(bytes)).sum::<usize>() == 1;
        let is_password = stores.iter().any(|at| at.password.as_ref().is_some_and(|p| p.expose_secret() == SECRET));
        if once && is_password {
            for text in &output_text {
                assert!(!text.contains(SECRET), "{text}");
            }
        }
        once && is_password
    }

    /// Fills it with files of the corpus, unchanged or mutated, and with files that grow.
    fn fill(&self, random: &mut Rng) -> Vec<Vec<u8>> {
        let mut written = Vec::new();
        for (kind, file) in FILES {
            let choice = random.u8(..32);
            let bytes = match choice {
                0..4 => None,
                4 if random.u8(..8) == 0 => Some(growing(kind, random)),
                _ => {
                    let files: Vec<&Vec<u8>> =
                        self.corpus.iter().filter(|(name, _)| is_kind(name, kind)).map(|(_, bytes)| bytes).collect();
                    let mut bytes = files[random.usize(..files.len())].clone();
                    if choice < 16 {
                        fuzz::mutate(&mut bytes, &WORDS, random);
                    }
                    Some(bytes)
                }
            };
            self.put(file, bytes.as_deref());
            written.extend(bytes);
        }
        written
    }
}

fn is_kind(name: &str, kind: &str) -> bool {
    name.split('.').next() == Some(kind)
}

/// A file that takes much memory or time, unless the reader is limited.
fn growing(kind: &str, random: &mut Rng) -> Vec<u8> {
    let (wide, deep, long) = (random.usize(..400), random.usize(..12), random.usize(..4_000));
    let text = match kind {
        "properties" | "setenv" => {
            let begin = if kind == "setenv" { "-D" } else { "" };
            let name = |n: usize| format!("${{p{n}}}");
            let mut text = format!("{begin}p0={}\n", "x".repeat(long));
            for n in 1..deep + 1 {
                text.push_str(&format!("{begin}p{n}={}\n", name(n - 1).repeat(wide)));
            }
            (0..wide * 50).for_each(|n| text.push_str(&format!("{begin}q{n}=${{p{deep}}}\n")));
            text
        }
        _ => {
            let root = if kind == "server" { "Server" } else { "Context" };
            let quoted = ["'", "\""][random.usize(..2)];
            let parameter = ["", "% "][random.usize(..2)];
            let mut text = format!("<!DOCTYPE {root} [<!ENTITY {parameter}e0 {quoted}{}{quoted}>", "x".repeat(long));
            for n in 1..deep + 1 {
                let inner = format!("&e{};", n - 1).repeat(wide);
                text.push_str(&format!("<!ENTITY {parameter}e{n} {quoted}{inner}{quoted}>"));
            }
            let referred = format!("&e{deep};").repeat(wide);
            let (open, close) = (format!("<{root}>"), format!("</{root}>"));
            let attributes = |many: usize| (0..many).map(|n| format!(" a{n}='${{p{deep}}}'")).collect::<String>();
            text.push_str("]>");
            text.push_str(&match random.u8(..7) {
                0 => format!("{open}{referred}{close}"),
                1 => format!("<{root} a={quoted}{referred}{quoted}/>"),
                2 => format!("<{root}{}/>", attributes(wide * 10)),
                3 => format!("{}{}", open.repeat(long), close.repeat(long)),
                4 => format!("{open}{}{close}", format!("<Resource{}/>", attributes(4)).repeat(long)),
                5 => format!("{open}<!--{}-->{close}", "<Store ".repeat(long * 10)),
                _ => format!("<{root} a='{}'/>", "${".repeat(long * 10)),
            });
            text
        }
    };
    text.into_bytes()
}

#[test]
fn configurations_cause_no_hang_panic_or_leaked_password() {
    let tomcat = Tomcat::new();
    let versions = [None, Version::parse("9.0.80"), Version::parse("10.1.60"), Version::parse("11.0.24")];
    let mut with_store = 0;
    let summary = fuzz::run("configurations", 600, |random| {
        let written = tomcat.fill(random);
        let written: Vec<&[u8]> = written.iter().map(Vec::as_slice).collect();
        with_store += u64::from(tomcat.read(&written, versions[random.usize(..versions.len())]));
    });
    // Enough of them were intact enough to contain a store.
    assert!(with_store > summary.rounds / 20, "{with_store} of {}", summary.rounds);
}

/// The most expensive contents within the size limit of a file.
#[test]
fn the_longest_files_are_processed_within_limits() {
    let long = 9 << 20;
    let of = |piece: &str| piece.repeat(long / piece.len());
    let numbered = |from: &str, to: &str| {
        let mut text = String::new();
        for n in 0.. {
            if text.len() > long {
                break;
            }
            text.push_str(&format!("{from}{n}{to}"));
        }
        text
    };
    let cases = [
        ("conf/server.xml", format!("<Server{}/>", numbered(" a", "=''"))),
        ("conf/server.xml", format!("<Server>{}</Server>", of("<a/>"))),
        ("conf/server.xml", format!("<Server a='{}'/>", of("${"))),
        ("conf/server.xml", format!("<Server a='{}'/>", of("${x}"))),
        ("conf/context.xml", format!("<Context><!--{}--></Context>", of("<Store "))),
        ("conf/context.xml", format!("<!DOCTYPE Context [{}]><Context/>", numbered("<!ENTITY e", " 'x'>"))),
        ("conf/context.xml", format!("<!DOCTYPE Context [<!ENTITY e '{}'>]><Context>&e;&e;</Context>", of("x"))),
        ("conf/catalina.properties", numbered("p", "=x\n")),
        ("conf/catalina.properties", of("\\\n")),
        ("bin/setenv.sh", numbered("-Dp", "=x ")),
    ];
    let tomcat = Tomcat::new();
    let mut round = 0;
    fuzz::run("longest configurations", cases.len() as u64, |_| {
        let (file, text) = &cases[round % cases.len()];
        round += 1;
        let healthy = tomcat.corpus.iter().find(|(name, _)| name == "server.xml").unwrap();
        FILES.iter().for_each(|(_, file)| tomcat.put(file, None));
        tomcat.put("conf/server.xml", Some(&healthy.1));
        tomcat.put(file, Some(text.as_bytes()));
        tomcat.read(&[], None);
    });
}
