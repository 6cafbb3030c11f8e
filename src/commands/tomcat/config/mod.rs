//! `tomcat config`: generates Tomcat's configuration for a store, to paste or as files.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap::builder::PossibleValuesParser;
use secrecy::ExposeSecret;
use serde::Serialize;

use crate::catalina::StoreNames;
use crate::catalina::generated::{GeneratedFile, Generation, Plan, Preset, StoreKind, generated_files};
use crate::context::Context;
use crate::endpoint::Output;
use crate::failure::{DONE, Failure};
use crate::private_file;
use crate::store::{Dialect, DriverClass, Engine, GeneratedDriver, Names, driver_classes, name_text};
use crate::ui::{Page, Report};

/// Placeholder for the password.
const PLACEHOLDER: &str = "CHANGE-ME";
/// The column has 100 characters; an id has 32, and one is the dot before the route.
const MAX_ROUTE_CHARS: usize = 67;

/// Generate the configuration files with which Tomcat keeps its sessions in the store
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Prints conf/context.xml, conf/server.xml and conf/catalina.properties, with comments, and the name \
of the JDBC driver for lib. The files are complete; for a Tomcat that is already configured, stop \
it and copy the parts that the first comment of each file names. No connection is made.

The password comes from --password-file, TOMCAT_SESSIONS_PASSWORD or --url. It is not printed; \
CHANGE-ME appears instead. --output-dir writes it to conf/catalina.properties, which only its owner \
can read.

Exit status:
  0  done
  1  a file could not be written; existing files were not overwritten
  2  usage error

Examples:
  tomcat-sessions tomcat config --tomcat 10 --url mysql://tomcat@db.example.org/tomcat
  tomcat-sessions tomcat config --tomcat 9 --url mssql://tomcat@db.example.org/tomcat --route jvm2 \
--output-dir /tmp/base")]
pub struct Args {
    /// Tomcat version: 9.0, 10.1 or 11.0
    #[arg(long, value_enum, value_name = "9|10|11", hide_possible_values = true)]
    tomcat: TomcatName,
    /// Store class: DataSourceStore, or (up to Tomcat 9) the JDBCStore used in Tomcat guides
    #[arg(long, value_enum, default_value_t)]
    store_class: StoreName,
    /// JDBC driver [default: the one for the server in the URL]
    #[arg(long, value_parser = driver_names())]
    driver: Option<String>,
    /// jvmRoute: the load balancer's name for this Tomcat
    #[arg(long, value_name = "NAME", default_value = "jvm1", value_parser = route)]
    route: String,
    /// For sticky load balancers: save sessions with background backups instead of after each request
    #[arg(long)]
    sticky: bool,
    /// Settings for production, or those used in Tomcat guides
    #[arg(long, value_enum, default_value_t)]
    values: ValuesName,
    /// Write the files under this directory, without overwriting existing files
    #[arg(long, value_name = "DIR")]
    output_dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum TomcatName {
    #[value(name = "9", alias = "9.0")]
    Nine,
    #[value(name = "10", alias = "10.1")]
    Ten,
    #[value(name = "11", alias = "11.0")]
    Eleven,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum StoreName {
    #[default]
    Datasource,
    Jdbc,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum ValuesName {
    #[default]
    Production,
    Guide,
}

/// The report. It does not contain the password.
#[derive(Serialize)]
struct ConfigReport {
    command: &'static str,
    tomcat: &'static str,
    store: String,
    driver_class: &'static str,
    driver_jar: &'static str,
    /// The directory to which the files were written.
    output_dir: Option<PathBuf>,
    files: Vec<ShownFile>,
}

#[derive(Serialize)]
struct ShownFile {
    file: &'static str,
    text: String,
}

pub fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    let target = cx.options.naming.target(&cx.target()?)?;
    let password = target.password.as_ref().map(|password| password.expose_secret().to_owned());
    if password.as_deref().is_some_and(|password| password.contains("${")) {
        return Err(Failure::usage("the password contains `${`, which Tomcat would replace as a property")
            .hint("set another password: `tomcat-sessions init-db --apply --generate-password --reset-password`"));
    }
    let generation = args.generation();
    if matches!(args.store_class, StoreName::Jdbc) && generation != Generation::Nine {
        return Err(Failure::usage(format!(
            "Tomcat {} has no JDBCStore: it was removed in 10.0",
            generation.version()
        ))
        .hint("omit --store-class: DataSourceStore does the same with a connection pool"));
    }
    let (driver, generated) = args.driver(target.engine)?;
    let naming = &cx.options.naming;
    let names = naming.names(&target, naming.table.as_deref())?;
    let plan = |password: &str| Plan {
        generation,
        store: match args.store_class {
            StoreName::Datasource => StoreKind::DataSource,
            StoreName::Jdbc => StoreKind::Jdbc,
        },
        driver,
        generated,
        url: (generated.url)(&target),
        user: target.user.clone().unwrap_or_else(|| "tomcat".to_owned()),
        password: password.to_owned(),
        names: store_names(&names, target.engine.dialect()),
        route: args.route.clone(),
        sticky: args.sticky,
        values: match args.values {
            ValuesName::Production => Preset::Production,
            ValuesName::Guide => Preset::Guide,
        },
    };
    if let Some(dir) = &args.output_dir {
        write(dir, &generated_files(&plan(password.as_deref().unwrap_or(PLACEHOLDER))))?;
        if password.is_none() {
            cx.ui.warn(format!("No password was given: replace {PLACEHOLDER} in conf/catalina.properties."));
        }
    }
    let shown = generated_files(&plan(PLACEHOLDER));
    cx.ui.report(&ConfigReport {
        command: "tomcat config",
        tomcat: generation.version(),
        store: target.to_string(),
        driver_class: driver.class,
        driver_jar: driver.jar,
        output_dir: args.output_dir,
        files: shown.into_iter().map(|generated| ShownFile { file: generated.file, text: generated.text }).collect(),
    })?;
    Ok(DONE)
}

impl Args {
    fn generation(&self) -> Generation {
        match self.tomcat {
            TomcatName::Nine => Generation::Nine,
            TomcatName::Ten => Generation::Ten,
            TomcatName::Eleven => Generation::Eleven,
        }
    }

    /// The driver for an engine, which may have several.
    fn driver(&self, engine: &dyn Engine) -> Result<(&'static DriverClass, &'static GeneratedDriver), Failure> {
        let mut drivers =
            engine.driver_classes().iter().filter_map(|&driver| Some((driver, driver.generated.as_ref()?)));
        let Some(wanted) = &self.driver else {
            return drivers.next().ok_or_else(|| {
                let servers: Vec<&str> = generated_drivers().map(|(_, generated)| generated.servers).collect();
                Failure::usage(format!(
                    "Tomcat cannot store sessions in {}; use one of {}",
                    engine.name(),
                    servers.join(", ")
                ))
                .hint("--url mysql://tomcat@db.example.org/tomcat")
            });
        };
        drivers.find(|(_, generated)| generated.option == wanted).ok_or_else(|| {
            let class = generated_drivers().find(|(_, generated)| generated.option == wanted);
            let class = class.map_or(wanted.as_str(), |(driver, _)| driver.class);
            Failure::usage(format!("the driver {class} cannot connect to {}", engine.name())).hint("remove --driver")
        })
    }
}

/// The drivers that can be configured.
fn generated_drivers() -> impl Iterator<Item = (&'static DriverClass, &'static GeneratedDriver)> {
    driver_classes().filter_map(|driver| Some((driver, driver.generated.as_ref()?)))
}

fn driver_names() -> PossibleValuesParser {
    PossibleValuesParser::new(generated_drivers().map(|(_, generated)| generated.option))
}

/// A route with characters that are valid in a cookie, and of a length that fits into the column.
fn route(text: &str) -> Result<String, String> {
    if text.is_empty() || !text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) {
        return Err("a route may contain only letters, digits, _ and -, because it is part of a cookie".to_owned());
    }
    if text.len() > MAX_ROUTE_CHARS {
        return Err(format!(
            "a route has at most {MAX_ROUTE_CHARS} characters: the id with 32 characters and a dot precede it in a column of 100"
        ));
    }
    Ok(text.to_owned())
}

/// The names as attributes of the Store, which Tomcat copies into its SQL without quotes.
fn store_names(names: &Names, dialect: &Dialect) -> StoreNames {
    let text = |name: &String| name_text(name, dialect);
    StoreNames {
        table: names.table_text(dialect),
        id: text(&names.id),
        app: text(&names.app),
        data: text(&names.data),
        valid: text(&names.valid),
        max_inactive: text(&names.max_inactive),
        last_access: text(&names.last_access),
    }
}

/// Writes all files, or none if one of them already exists.
fn write(dir: &Path, files: &[GeneratedFile]) -> Result<(), Failure> {
    let there = files.iter().map(|generated| dir.join(generated.file)).find(|path| path.symlink_metadata().is_ok());
    if let Some(there) = there {
        return Err(Failure::failed(format!("`{}` already exists; nothing was written", there.display()))
            .hint("use an empty directory, and copy the new parts from there"));
    }
    for generated in files {
        let path = dir.join(generated.file);
        let folder = path.parent().unwrap_or(dir);
        let failed = |error: std::io::Error| Failure::failed(format!("cannot write `{}`: {error}", path.display()));
        private_file::directory(folder).map_err(failed)?;
        let mut out = Output::file(&path, false)?;
        out.write_all(generated.text.as_bytes()).map_err(failed)?;
        out.finish()?;
    }
    Ok(())
}

impl Report for ConfigReport {
    const RECORDS: Option<&'static str> = Some("files");
    const DOCUMENT: bool = true;

    fn page(&self, page: &mut Page) {
        for generated in &self.files {
            match &self.output_dir {
                Some(dir) => page.verbatim(format!("Wrote {}", dir.join(generated.file).display())),
                None => {
                    page.line(format!("==> {}", generated.file));
                    generated.text.lines().for_each(|line| page.verbatim(line));
                    page.blank();
                }
            }
        }
        if self.output_dir.is_none() {
            page.line("==> lib");
        }
        page.line(format!(
            "Copy {} into the lib directory of CATALINA_BASE; its class is {}.",
            self.driver_jar, self.driver_class
        ));
    }
}
