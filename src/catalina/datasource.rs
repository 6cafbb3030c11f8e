//! The database of a Store: its URL, its account, and the names of the table and its columns.

use std::path::PathBuf;

use secrecy::SecretString;

use super::{Base, Element, Location, Persistence};

/// The source of a Store's connections.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// Attributes of a JDBCStore for its own connection.
    Own(&'a Element),
    /// A `<Resource>`, and how the Store finds it.
    Resource(&'a Element, ResourceLookup<'a>),
    /// A name for which there is no Resource.
    MissingResource(&'a str),
    /// The Store keeps sessions in files.
    Files,
    /// The Store configures no source.
    Nothing,
}

/// How a Store finds its Resource.
#[derive(Debug, Clone, Copy)]
pub enum ResourceLookup<'a> {
    /// The Resource is in the context.
    Context,
    /// A `<ResourceLink>` of the context refers to one in GlobalNamingResources.
    Link(&'a Element),
    /// By its global name, which not every version of Tomcat supports.
    Global,
}

/// The table and its six columns, as Tomcat uses them.
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

/// The attributes of a Store for the table and its columns, with Tomcat's defaults (fields of `DataSourceStore`).
pub const NAMES: [(&str, &str); 7] = [
    ("sessionTable", "tomcat$sessions"),
    ("sessionIdCol", "id"),
    ("sessionAppCol", "app"),
    ("sessionDataCol", "data"),
    ("sessionValidCol", "valid"),
    ("sessionMaxInactiveCol", "maxinactive"),
    ("sessionLastAccessedCol", "lastaccess"),
];

/// A configured store. `Debug` omits the password.
#[derive(Debug, Clone)]
pub struct ConfiguredStore {
    /// A JDBC URL.
    pub url: String,
    pub user: Option<String>,
    pub password: Option<SecretString>,
    /// The file that contains the password, if any.
    pub secret_file: Option<PathBuf>,
    pub driver: Option<String>,
    /// The version of the driver's jar, if it was searched for and found.
    pub driver_version: Option<String>,
    pub names: StoreNames,
    /// The location of the Store element.
    pub place: Location,
    /// The applications whose sessions it contains.
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
    /// The source of the connections of a Manager's Store.
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
        // Both forms of the name are equivalent.
        let bare = name.strip_prefix("java:comp/env/").unwrap_or(name);
        let called = |element: &&Element, kind: &str| element.name == kind && element.get("name") == Some(bare);
        let seen = || self.inherited(of.context).rev().flat_map(|context| &context.root.children);
        if let Some(resource) = seen().find(|element| called(element, "Resource")) {
            return Source::Resource(resource, ResourceLookup::Context);
        }
        let global = |name: &str| {
            let all = self.global_resources().into_iter().flat_map(|global| &global.children);
            all.filter(|element| element.name == "Resource").find(|element| element.get("name") == Some(name))
        };
        if let Some(link) = seen().find(|element| called(element, "ResourceLink"))
            && let Some(resource) = global(link.get("global").unwrap_or(bare))
        {
            return Source::Resource(resource, ResourceLookup::Link(link));
        }
        global(bare)
            .map_or(Source::MissingResource(name), |resource| Source::Resource(resource, ResourceLookup::Global))
    }

    /// The database of a Store; `None` if it has none.
    pub fn configured_store(&self, of: Persistence<'_>, store: &Element) -> Option<ConfiguredStore> {
        let (element, attributes) = match self.source(of, store) {
            Source::Own(store) => (store, ["connectionURL", "connectionName", "connectionPassword", "driverName"]),
            Source::Resource(resource, _) => (resource, ["url", "username", "password", "driverClassName"]),
            Source::MissingResource(_) | Source::Files | Source::Nothing => return None,
        };
        // Other pools than Tomcat's have other attribute names.
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
        // If the value is in a properties file, that file must be protected.
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
