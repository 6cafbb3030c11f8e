//! Which database a Store keeps its sessions in: the URL, the account, and the names in the table.

use std::path::PathBuf;

use secrecy::SecretString;

use super::{Base, Element, Location, Persistence};

/// Where a Store's connections come from.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// JDBCStore's own connection, by attributes of the Store.
    Own(&'a Element),
    /// A `<Resource>`, and the way to it.
    Resource(&'a Element, Via<'a>),
    /// A name that no Resource has.
    Nameless(&'a str),
    /// Sessions are in files.
    Files,
    /// The Store says neither.
    Nothing,
}

/// How a Store's name leads to a Resource.
#[derive(Debug, Clone, Copy)]
pub enum Via<'a> {
    /// It stands in the context.
    Context,
    /// A `<ResourceLink>` of the context names one of GlobalNamingResources.
    Link(&'a Element),
    /// By its global name, which not every version looks for.
    Global,
}

/// The table and its six columns, as Tomcat will have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreNames {
    pub table: String,
    pub id: String,
    pub app: String,
    pub data: String,
    pub valid: String,
    pub max_inactive: String,
    pub last_access: String,
}

/// The attributes of a Store that name things, with Tomcat's defaults (`DataSourceStore`, its fields).
pub const NAMES: [(&str, &str); 7] = [
    ("sessionTable", "tomcat$sessions"),
    ("sessionIdCol", "id"),
    ("sessionAppCol", "app"),
    ("sessionDataCol", "data"),
    ("sessionValidCol", "valid"),
    ("sessionMaxInactiveCol", "maxinactive"),
    ("sessionLastAccessedCol", "lastaccess"),
];

/// A store as a configuration describes it. The password is not shown by `Debug`.
#[derive(Debug, Clone)]
pub struct ConfiguredStore {
    /// A JDBC URL.
    pub url: String,
    pub user: Option<String>,
    pub password: Option<SecretString>,
    /// The file in which the password stands, where there is one.
    pub secret_file: Option<PathBuf>,
    pub driver: Option<String>,
    /// The version of the driver's jar, where one was looked for and found.
    pub driver_version: Option<String>,
    pub names: StoreNames,
    /// Where the Store stands.
    pub place: Location,
    /// Whose sessions these are.
    pub whose: String,
}

impl StoreNames {
    pub fn of(store: &Element) -> StoreNames {
        let [table, id, app, data, valid, max_inactive, last_access] =
            NAMES.map(|(attribute, default)| store.get(attribute).unwrap_or(default).to_owned());
        StoreNames { table, id, app, data, valid, max_inactive, last_access }
    }
}

impl Base {
    /// Where the Store of a Manager gets its connections.
    pub fn source<'a>(&'a self, of: Persistence<'a>, store: &'a Element) -> Source<'a> {
        if store.class() == "FileStore" {
            return Source::Files;
        }
        match store.get("dataSourceName") {
            Some(name) => self.named(of, name),
            None if store.get("connectionURL").is_some() => Source::Own(store),
            None => Source::Nothing,
        }
    }

    fn named<'a>(&'a self, of: Persistence<'a>, name: &'a str) -> Source<'a> {
        // Both ways of writing it lead there.
        let bare = name.strip_prefix("java:comp/env/").unwrap_or(name);
        let called = |element: &&Element, kind: &str| element.name == kind && element.get("name") == Some(bare);
        let seen = || self.inherited(of.context).rev().flat_map(|context| &context.root.children);
        if let Some(resource) = seen().find(|element| called(element, "Resource")) {
            return Source::Resource(resource, Via::Context);
        }
        let global = |name: &str| {
            let all = self.global_resources().into_iter().flat_map(|global| &global.children);
            all.filter(|element| element.name == "Resource").find(|element| element.get("name") == Some(name))
        };
        if let Some(link) = seen().find(|element| called(element, "ResourceLink"))
            && let Some(resource) = global(link.get("global").unwrap_or(bare))
        {
            return Source::Resource(resource, Via::Link(link));
        }
        global(bare).map_or(Source::Nameless(name), |resource| Source::Resource(resource, Via::Global))
    }

    /// The database of a Store; `None` where it names none.
    pub fn configured_store(&self, of: Persistence<'_>, store: &Element) -> Option<ConfiguredStore> {
        let (element, attributes) = match self.source(of, store) {
            Source::Own(store) => (store, ["connectionURL", "connectionName", "connectionPassword", "driverName"]),
            Source::Resource(resource, _) => (resource, ["url", "username", "password", "driverClassName"]),
            Source::Nameless(_) | Source::Files | Source::Nothing => return None,
        };
        // Pools other than Tomcat's own have names of their own for the same.
        let get = |name: &str| {
            let others: &[&str] = match name {
                "url" => &["jdbcUrl", "dataSource.url", "dataSource.URL"],
                "username" => &["user", "dataSource.user"],
                "password" => &["dataSource.password"],
                "driverClassName" => &["driverClass"],
                _ => &[],
            };
            element.get(name).or_else(|| others.iter().find_map(|other| element.get(other))).map(str::to_owned)
        };
        let [url, user, password, driver] = attributes.map(get);
        let url = url?;
        let secret = password.as_deref().or(url.to_ascii_lowercase().contains("password=").then_some(url.as_str()));
        // Where the value stands in a properties file, that one has to be kept.
        let place = |secret: &str| self.properties.place_of_value(secret).unwrap_or(&element.place);
        let secret_file = secret.map(|secret| place(secret).file.clone());
        Some(ConfiguredStore {
            url,
            user,
            password: password.map(SecretString::from),
            secret_file,
            driver,
            driver_version: None,
            names: StoreNames::of(store),
            place: store.place.clone(),
            whose: of.context.scope.to_string(),
        })
    }
}
