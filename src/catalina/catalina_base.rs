//! The configuration files of a CATALINA_BASE as Tomcat reads them, and the Managers that they configure.

use std::path::{Path, PathBuf};

use super::configuration_file::{self, entries};
use super::war::file_in_war;
use super::{Comment, ConfigError, Element, Environment, Location, Properties, Xml};

/// Maximum total size of the files, in bytes.
const LARGEST: usize = 256 << 20;

/// The contents of a CATALINA_BASE. Files that cannot be read are listed in `unread`; the others are used.
pub struct Base {
    pub dir: PathBuf,
    pub home: Option<PathBuf>,
    pub properties: Properties,
    pub server: Option<Element>,
    /// All contexts, the most general ones first.
    pub contexts: Vec<ContextFile>,
    pub comments: Vec<Comment>,
    /// The session timeouts in `web.xml` files, with their locations.
    pub timeouts: Vec<Timeout>,
    pub unread: Vec<ConfigError>,
    /// Whether `${NAME}` is also taken from this program's environment. Tomcat does that only if it is configured.
    variables: bool,
    /// Number of bytes of files that may still be read.
    left: usize,
}

/// A `<session-timeout>`.
pub struct Timeout {
    pub place: Location,
    /// Zero and negative values mean never.
    pub minutes: i64,
}

/// A `<Context>` element in any file.
pub struct ContextFile {
    pub root: Element,
    pub scope: Scope,
}

/// The applications to which a `<Context>` applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// `conf/context.xml`: all applications.
    All,
    /// `context.xml.default`: all applications of a Host.
    Host {
        engine: String,
        host: String,
    },
    App {
        engine: String,
        host: String,
        name: String,
    },
}

/// A Manager, and the context that contains it.
#[derive(Clone, Copy)]
pub struct Persistence<'a> {
    pub context: &'a ContextFile,
    pub manager: &'a Element,
}

impl Scope {
    /// The `app_name` of its sessions, if the context is that of one application.
    pub fn app_name(&self) -> Option<String> {
        match self {
            Scope::App { engine, host, name } => Some(format!("/{engine}/{host}{name}")),
            Scope::All | Scope::Host { .. } => None,
        }
    }
}

impl std::fmt::Display for Scope {
    /// The applications, for messages.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Scope::All => f.write_str("all applications"),
            Scope::Host { host, .. } => write!(f, "all applications of {host}"),
            Scope::App { .. } => f.write_str(&self.app_name().unwrap_or_default()),
        }
    }
}

impl<'a> Persistence<'a> {
    /// The Store that Tomcat uses.
    pub fn store(&self) -> Option<&'a Element> {
        self.manager.last("Store")
    }
}

impl Base {
    /// Reads the files as Tomcat does.
    pub fn read(dir: &Path, home: Option<&Path>, environment: Environment<'_>) -> Base {
        Base::read_by(dir, home, environment, false)
    }

    /// As [`Base::read`], but also takes `${NAME}` from the environment if there is no property of that name.
    pub fn read_with_variables(dir: &Path, home: Option<&Path>, environment: Environment<'_>) -> Base {
        Base::read_by(dir, home, environment, true)
    }

    fn read_by(dir: &Path, home: Option<&Path>, environment: Environment<'_>, variables: bool) -> Base {
        let (properties, trouble) = Properties::of(dir, home, environment);
        let mut base = Base {
            dir: dir.to_owned(),
            home: home.map(Path::to_owned),
            properties,
            server: None,
            contexts: Vec::new(),
            comments: Vec::new(),
            timeouts: Vec::new(),
            unread: trouble.into_iter().collect(),
            variables,
            left: LARGEST,
        };
        base.server = base.xml(&dir.join("conf/server.xml"), environment);
        base.context(&dir.join("conf/context.xml"), Scope::All, environment);
        base.web(&dir.join("conf/web.xml"), environment);
        for (engine, host, app_base) in hosts(base.server.as_ref()) {
            let folder = dir.join("conf").join(&engine).join(&host);
            let scope = Scope::Host { engine: engine.clone(), host: host.clone() };
            base.context(&folder.join("context.xml.default"), scope, environment);
            let app = |name: String| Scope::App { engine: engine.clone(), host: host.clone(), name };
            for path in entries(&folder).into_iter().filter(|path| path.extension().is_some_and(|end| end == "xml")) {
                base.context(&path, app(context_name(&path)), environment);
            }
            // A file in conf/ENGINE/HOST replaces the application's own context.xml.
            // An unpacked application replaces its WAR file.
            let is_packed = |path: &PathBuf| is_war(path) && !path.with_extension("").is_dir();
            let applications = entries(&dir.join(&app_base)).into_iter();
            for web in applications.filter(|path| path.is_dir() || is_packed(path)) {
                base.web(&web.join("WEB-INF/web.xml"), environment);
                let name = if web.is_dir() { folder_context_name(&web) } else { context_name(&web) };
                let scope = app(name);
                if !base.contexts.iter().any(|known| known.scope == scope) {
                    base.context(&web.join("META-INF/context.xml"), scope, environment);
                }
            }
        }
        base.contexts_of_server();
        base
    }

    /// Adds a context file, if it exists.
    pub(super) fn context(&mut self, path: &Path, scope: Scope, environment: Environment<'_>) {
        if let Some(root) = self.xml(path, environment) {
            self.contexts.push(ContextFile { root, scope });
        }
    }

    fn web(&mut self, path: &Path, environment: Environment<'_>) {
        let Some(root) = self.xml(path, environment) else { return };
        let of = root.all("session-config").flat_map(|config| config.all("session-timeout"));
        let read =
            |element: &Element| Some(Timeout { place: element.place.clone(), minutes: element.text.parse().ok()? });
        let found: Vec<Timeout> = of.filter_map(read).collect();
        self.timeouts.extend(found);
    }

    fn xml(&mut self, path: &Path, environment: Environment<'_>) -> Option<Element> {
        let text = match in_war(path) {
            Some((war, name)) => {
                file_in_war(war, name, path)?.and_then(|bytes| configuration_file::decoded(path, &bytes))
            }
            None => {
                // A missing file is not an error, but a dangling or circular link is.
                path.symlink_metadata().ok()?;
                configuration_file::xml_text(path)
            }
        };
        let read = text.and_then(|text| {
            self.left = self.left.checked_sub(text.len()).ok_or_else(|| {
                ConfigError::new(path, format!("the files before it have {LARGEST} bytes in total, which is the limit"))
            })?;
            let variables = self.variables || self.properties.reads_environment();
            if !variables {
                return Xml::parse(path, &text, &self.properties);
            }
            let properties = self.properties.clone().with_environment(&text, environment);
            Xml::parse(path, &text, &properties)
        });
        match read {
            Ok(xml) => {
                self.comments.extend(xml.comments);
                Some(xml.root)
            }
            Err(trouble) => {
                self.unread.push(trouble);
                None
            }
        }
    }

    /// Adds the contexts inside server.xml.
    fn contexts_of_server(&mut self) {
        let Some(server) = &self.server else { return };
        for (engine, host) in engines(server).flat_map(|engine| engine.all("Host").map(move |host| (engine, host))) {
            for context in host.all("Context") {
                let path = context.get("path").filter(|path| !path.is_empty()).unwrap_or("/");
                let (engine, host) = (named(engine, "Catalina"), named(host, "localhost"));
                let scope = Scope::App { engine, host, name: path.to_owned() };
                self.contexts.push(ContextFile { root: context.clone(), scope });
            }
        }
    }

    /// Every Manager that Tomcat uses.
    pub fn managers(&self) -> impl Iterator<Item = Persistence<'_>> {
        self.contexts.iter().filter_map(|context| Some(Persistence { context, manager: context.root.last("Manager")? }))
    }

    /// The contexts whose elements an application inherits; its own is the last.
    pub fn inherited<'a>(&'a self, context: &'a ContextFile) -> impl DoubleEndedIterator<Item = &'a ContextFile> {
        let above = |other: &&ContextFile| match (&other.scope, &context.scope) {
            (Scope::All, scope) => *scope != Scope::All,
            (Scope::Host { engine, host }, Scope::App { engine: e, host: h, .. }) => engine == e && host == h,
            _ => false,
        };
        let above: Vec<&ContextFile> = self.contexts.iter().filter(above).chain([context]).collect();
        above.into_iter()
    }

    /// The GlobalNamingResources element.
    pub fn global_resources(&self) -> Option<&Element> {
        self.server.as_ref()?.last("GlobalNamingResources")
    }

    /// The deployed applications, which are directories or WAR files: those in the appBase of each Host, and those that
    /// a context names with docBase.
    pub fn applications(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for (engine, host, app_base) in hosts(self.server.as_ref()) {
            let app_base = self.dir.join(app_base);
            let of_host =
                |scope: &Scope| matches!(scope, Scope::App { engine: e, host: h, .. } if *e == engine && *h == host);
            let contexts = self.contexts.iter().filter(|context| of_host(&context.scope));
            let named = contexts.filter_map(|context| Some(app_base.join(context.root.get("docBase")?)));
            found.extend(entries(&app_base).into_iter().chain(named).filter(|path| path.is_dir() || is_war(path)));
        }
        found.sort();
        found.dedup();
        found
    }

    pub fn engines(&self) -> impl Iterator<Item = &Element> {
        self.server.iter().flat_map(engines)
    }
}

fn engines(server: &Element) -> impl Iterator<Item = &Element> {
    server.all("Service").flat_map(|service| service.all("Engine"))
}

fn named(element: &Element, default: &str) -> String {
    element.get("name").unwrap_or(default).to_owned()
}

/// Engine, host and appBase of each Host; Tomcat's defaults for everything that server.xml does not configure.
fn hosts(server: Option<&Element>) -> Vec<(String, String, String)> {
    let of = |engine: &Element, host: &Element| {
        let app_base = host.get("appBase").unwrap_or("webapps").to_owned();
        (named(engine, "Catalina"), named(host, "localhost"), app_base)
    };
    let found: Vec<_> = server
        .into_iter()
        .flat_map(engines)
        .flat_map(|engine| engine.all("Host").map(|host| of(engine, host)).collect::<Vec<_>>())
        .collect();
    // Such a name is used as the name of one directory.
    let plain = |name: &str| !name.is_empty() && !name.contains(['/', '\\']) && name != "..";
    let found: Vec<_> = found.into_iter().filter(|(engine, host, _)| plain(engine) && plain(host)).collect();
    if found.is_empty() { vec![("Catalina".to_owned(), "localhost".to_owned(), "webapps".to_owned())] } else { found }
}

fn is_war(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "war") && path.is_file()
}

/// The WAR file of a path such as `shop.war/WEB-INF/web.xml`, and the name of the file in it.
fn in_war(path: &Path) -> Option<(&Path, &str)> {
    let war = path.parent()?.parent()?;
    let name = path.strip_prefix(war).ok()?.to_str()?;
    is_war(war).then_some((war, name))
}

/// The name of a context by its file name: `ROOT` is the root, `a#b##2` is /a/b##2 (`ContextName`).
pub(super) fn context_name(file: &Path) -> String {
    of_base_name(&file.file_stem().unwrap_or_default().to_string_lossy())
}

fn folder_context_name(folder: &Path) -> String {
    of_base_name(&folder.file_name().unwrap_or_default().to_string_lossy())
}

fn of_base_name(base: &str) -> String {
    let (path, version) = base.split_once("##").map_or((base, None), |(path, version)| (path, Some(version)));
    let path = if path.eq_ignore_ascii_case("ROOT") { String::new() } else { format!("/{}", path.replace('#', "/")) };
    let name = version.map_or(path.clone(), |version| format!("{path}##{version}"));
    // ManagerBase.getName adds a missing slash before the name.
    if name.starts_with('/') { name } else { format!("/{name}") }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use super::*;

    #[test]
    fn a_file_in_a_war_file_has_the_size_limit_of_a_file_on_disk() {
        let dir = tempfile::tempdir().unwrap();
        let long = format!("<Context/>{}", " ".repeat(configuration_file::LONGEST as usize));
        let mut war = zip::ZipWriter::new(Cursor::new(Vec::new()));
        war.start_file("META-INF/context.xml", zip::write::SimpleFileOptions::default()).unwrap();
        war.write_all(long.as_bytes()).unwrap();
        let unpacked = dir.path().join("webapps/unpacked/META-INF");
        std::fs::create_dir_all(&unpacked).unwrap();
        std::fs::write(unpacked.join("context.xml"), long).unwrap();
        std::fs::write(dir.path().join("webapps/packed.war"), war.finish().unwrap().into_inner()).unwrap();
        let base = Base::read(dir.path(), None, &|_| None);
        let errors: Vec<String> = base.unread.iter().map(ToString::to_string).collect();
        let expected = ["packed.war", "unpacked"].map(|application| {
            let path = dir.path().join("webapps").join(application).join("META-INF/context.xml");
            format!("cannot use `{}`: it is larger than 10485760 bytes, the limit for a configuration", path.display())
        });
        assert_eq!(errors, expected);
        assert!(base.contexts.is_empty());
    }

    #[test]
    fn names_of_contexts() {
        for (base, name) in [
            ("ROOT", "/"),
            ("demo", "/demo"),
            ("shop#admin", "/shop/admin"),
            ("demo##2", "/demo##2"),
            ("ROOT##3", "/##3"),
        ] {
            assert_eq!(of_base_name(base), name);
        }
    }
}
