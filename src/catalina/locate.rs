//! Finds the store in a configuration file.

use std::path::{Path, PathBuf};

use super::catalina_base::context_name;
use super::properties::Properties;
use super::{Base, ConfigError, ConfiguredStore, Element, Environment, Libraries, Persistence, Scope, Source};
use crate::engine::{driver_classes, driver_of_url};

/// Finds the store in a context.xml, in a server.xml or in the context file of an application; `app` selects one of
/// several.
///
/// # Errors
/// The file cannot be read; it configures no database; or it configures several, and `app` does not select one.
pub fn locate(file: &Path, app: Option<&str>, environment: Environment<'_>) -> Result<ConfiguredStore, ConfigError> {
    let path = file.canonicalize().map_err(|error| ConfigError::new(file, error.to_string()))?;
    let dir = base_of(&path);
    let home = environment("CATALINA_HOME").map(PathBuf::from);
    let mut base =
        Base::read_with_variables(dir.as_deref().unwrap_or(Path::new("/nonexistent")), home.as_deref(), environment);
    if let Some(at) = base.unread.iter().position(|trouble| trouble.file == path) {
        return Err(ConfigError { file: file.to_owned(), ..base.unread.swap_remove(at) });
    }
    let of_server = base.server.as_ref().is_some_and(|server| server.place.file == path);
    if !of_server && !base.contexts.iter().any(|context| context.root.place.file == path) {
        let xml = super::Xml::read(&path, &Properties::default())
            .map_err(|trouble| ConfigError { file: file.to_owned(), ..trouble })?;
        if xml.root.name != "Context" {
            let message =
                format!("it contains <{}>, but neither a <Context> nor the <Server> of a CATALINA_BASE", xml.root.name);
            return Err(ConfigError::new(file, message)
                .hint("--context-xml conf/context.xml, conf/server.xml or conf/Catalina/localhost/APP.xml"));
        }
        let (engine, host) = ("Catalina".to_owned(), "localhost".to_owned());
        base.context(&path, Scope::App { engine, host, name: context_name(&path) }, environment);
    }
    let here: Vec<Persistence> = base.managers().filter(|of| of.manager.place.file == path).collect();
    // A server.xml rarely contains contexts. Without any, all contexts of its Tomcat are used.
    let all = if here.is_empty() && of_server { base.managers().collect() } else { here };
    let stores: Vec<(Persistence, &Element)> = all.iter().filter_map(|of| Some((*of, of.store()?))).collect();
    if stores.is_empty() {
        return Err(without_store(file, &path, &base, &all));
    }
    choose(file, &base, &stores, app)
}

/// The CATALINA_BASE of a file: the nearest directory above it that contains `conf/server.xml` or
/// `conf/catalina.properties`, or whose `conf` contains the file.
pub fn base_of(path: &Path) -> Option<PathBuf> {
    let marked =
        |dir: &&Path| ["conf/server.xml", "conf/catalina.properties"].iter().any(|name| dir.join(name).exists());
    let conf = |dir: &&Path| path.starts_with(dir.join("conf"));
    let above = || path.ancestors().skip(1).take(6);
    above().find(marked).or_else(|| above().find(conf)).map(Path::to_owned)
}

fn choose(
    file: &Path,
    base: &Base,
    stores: &[(Persistence, &Element)],
    app: Option<&str>,
) -> Result<ConfiguredStore, ConfigError> {
    let meant = |of: &Persistence| match (app, of.context.scope.app_name()) {
        (Some(app), Some(name)) => name == app || name.ends_with(&format!("/{}", app.trim_start_matches('/'))),
        _ => false,
    };
    let mut chosen: Vec<&(Persistence, &Element)> = stores.iter().filter(|(of, _)| meant(of)).collect();
    if chosen.is_empty() {
        chosen = stores.iter().collect();
    }
    let mut found: Vec<ConfiguredStore> =
        chosen.iter().filter_map(|(of, store)| base.configured_store(*of, store)).collect();
    let first = found.first().map(|at| (at.url.clone(), at.user.clone(), at.names.clone()));
    if found.iter().any(|at| Some((at.url.clone(), at.user.clone(), at.names.clone())) != first) {
        let list: Vec<String> = found.iter().map(|at| format!("{} ({})", at.whose, at.place)).collect();
        return Err(ConfigError::new(file, format!("it configures {} stores: {}", list.len(), list.join(", ")))
            .hint("select one with --app NAME, if the command has that option, or use the file of one application"));
    }
    if !found.is_empty() {
        let at = found.swap_remove(0);
        return Ok(ConfiguredStore { driver_version: driver_version(base, &at), ..at });
    }
    let (of, store) = chosen[0];
    Err(match base.source(*of, store) {
        Source::Files => ConfigError::new(file, "its Store keeps sessions in files, not in a database")
            .hint("use filestore:DIR with `tomcat-sessions export` and `import`"),
        Source::MissingResource(name) => {
            ConfigError::new(file, format!("its Store names the Resource `{name}`, which does not exist")).hint(
                "define a <Resource> in the same file or in conf/context.xml, or a <ResourceLink> to one in conf/server.xml",
            )
        }
        Source::Resource(resource, _) => ConfigError::new(file, "the Resource of its Store has no url")
            .at(resource.place.line)
            .hint("name the database with --url, and the table with --table and --columns"),
        Source::Own(_) | Source::Nothing => {
            ConfigError::new(file, "its Store has neither a dataSourceName nor a connectionURL")
        }
    }
    .at(store.place.line))
}

/// The version of the driver's jar in `lib`: other versions may interpret the same URL differently.
fn driver_version(base: &Base, at: &ConfiguredStore) -> Option<String> {
    let scheme = driver_of_url(&at.url)?.scheme;
    let libraries = Libraries::read(base, &[]);
    let named = at.driver.as_deref().and_then(|class| libraries.driver(class));
    let mut of_url = driver_classes().filter(|driver| driver.scheme == scheme);
    let found = named.or_else(|| of_url.find_map(|driver| libraries.driver(driver.class)));
    found.and_then(|(_, version)| version.map(str::to_owned))
}

fn without_store(file: &Path, path: &Path, base: &Base, managers: &[Persistence]) -> ConfigError {
    let message = match managers.first() {
        Some(of) => format!("its Manager (line {}) has no <Store>: sessions stay in memory", of.manager.place.line),
        None => "it has no <Manager> with a <Store>: sessions stay in memory".to_owned(),
    };
    let trouble =
        ConfigError::new(file, message).hint("`tomcat-sessions tomcat config --tomcat 10` prints the elements to add");
    let comment = base
        .comments
        .iter()
        .find(|comment| comment.place.file == path && comment.elements.iter().any(|name| name == "Store"));
    match comment {
        Some(comment) => {
            trouble.hint(format!("there is one in the comment on line {}, which Tomcat ignores", comment.place.line))
        }
        None => trouble,
    }
}
