//! Options for two stores.

use std::path::{Path, PathBuf};

use super::value_parsers::column;
use crate::catalina;
use crate::configuration::NamedStore;
use crate::context::{Context, naming_of, target_of, variable};
use crate::failure::Failure;
use crate::store::{Naming, Target, parse_url};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "The two stores")]
pub struct PairArgs {
    /// File with the password of the first store; takes precedence over a password in its URL
    #[arg(long, value_name = "FILE")]
    from_password_file: Option<PathBuf>,
    /// File with the password of the second store
    #[arg(long, value_name = "FILE")]
    to_password_file: Option<PathBuf>,
    /// Table in the second store, if different from --table
    #[arg(long, value_name = "NAME")]
    to_table: Option<String>,
    /// Column names in the second store, as in --columns
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = column, hide_short_help = true)]
    to_columns: Vec<(String, String)>,
}

impl PairArgs {
    /// The first store and its names; `typed` is `None` for the store of `--url`.
    pub fn from(&self, cx: &Context, typed: Option<&str>) -> Result<(Target, Naming), Failure> {
        let given = &cx.options.naming;
        match typed {
            Some(typed) => {
                let (target, named) = target(cx, typed, self.from_password_file.as_deref())?;
                Ok((target, named.map_or_else(|| given.clone(), |named| named.or(given))))
            }
            None => {
                let mut target = cx.target()?;
                if let Some(file) = &self.from_password_file {
                    target.password = Some(cx.password_in(file)?);
                }
                Ok((target, given.clone()))
            }
        }
    }

    /// The second store and its names.
    pub fn to(&self, cx: &Context, typed: &str) -> Result<(Target, Naming), Failure> {
        let (target, named) = target(cx, typed, self.to_password_file.as_deref())?;
        let given = Naming { table: self.to_table.clone(), columns: self.to_columns.clone(), ..Naming::default() };
        // Both stores have the same names, unless other names are given.
        let first = &cx.options.naming;
        let naming = match named {
            Some(named) => named.or(&given),
            None => Naming {
                table: given.table.or_else(|| first.table.clone()),
                columns: if given.columns.is_empty() { first.columns.clone() } else { given.columns },
                ..Naming::default()
            },
        };
        Ok((target, naming))
    }
}

/// The names of a store in the configuration file.
#[derive(Debug, Default)]
pub struct ConfiguredNames(Naming);

impl ConfiguredNames {
    /// The names on the command line take precedence over those in the configuration file.
    pub fn or(self, typed: &Naming) -> Naming {
        let ConfiguredNames(own) = self;
        Naming {
            table: typed.table.clone().or(own.table),
            // Later columns take precedence.
            columns: own.columns.into_iter().chain(typed.columns.iter().cloned()).collect(),
            swap_table: typed.swap_table.clone().or(own.swap_table),
        }
    }
}

/// Tells whether the value is the URL of a store, or its name in the configuration file.
///
/// # Errors
/// Usage error if a configuration file is invalid.
pub fn is_store(cx: &Context, typed: &str) -> Result<bool, Failure> {
    Ok(parse_url(typed).is_ok() || cx.named_store(typed)?.is_some())
}

/// A store by its URL or name; for a name, also the configured names of its table and columns. The password in an
/// option for both stores is used only if the store has none of its own.
///
/// # Errors
/// Usage error.
pub fn target(
    cx: &Context,
    typed: &str,
    password_file: Option<&Path>,
) -> Result<(Target, Option<ConfiguredNames>), Failure> {
    let (mut target, naming, named) = match cx.named_store(typed)? {
        Some(store) => {
            let (target, naming) = named_store_target(&store)?;
            (target, Some(ConfiguredNames(naming)), Some(store))
        }
        None => (parse_url(typed)?, None, None),
    };
    let own_file = named.as_ref().and_then(|store| store.text("password-file")).map(Path::new);
    if let Some(file) = password_file.or(own_file) {
        target.password = Some(cx.password_in(file)?);
    } else if let Some(command) = named.as_ref().and_then(|store| store.password_command.as_ref()) {
        target.password = Some(cx.printed_password(command)?);
    } else if target.password.is_none() {
        target.password = cx.password()?;
    }
    Ok((target, naming))
}

/// The target of a store in the configuration file, and its names.
pub fn named_store_target(store: &NamedStore) -> Result<(Target, Naming), Failure> {
    let wrong = |why: String| {
        Failure::usage(format!("the store `{}`: {why}", store.name))
            .hint(format!("the file is {}", store.file.display()))
    };
    let columns = store.texts("columns").iter().map(|text| column(text));
    let naming = Naming {
        table: store.text("table").map(str::to_owned),
        columns: columns.collect::<Result<_, _>>().map_err(|error| wrong(error.to_string()))?,
        swap_table: store.text("swap-table").map(str::to_owned),
    };
    match (store.text("url"), store.text("context-xml")) {
        (Some(url), _) => Ok((parse_url(url).map_err(Failure::from)?, naming)),
        (None, Some(file)) => {
            let at = catalina::locate(Path::new(file), None, &variable)?;
            Ok((target_of(&at)?, naming_of(&at, naming)))
        }
        (None, None) => Err(wrong("it has neither url nor context_xml".to_owned())),
    }
}
