//! Two stores instead of one.

use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::failure::Failure;
use crate::store::{Naming, Target};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "The two stores")]
pub struct PairArgs {
    /// A file whose first line is the password of the first store; beats the one in its URL
    #[arg(long, value_name = "FILE")]
    from_password_file: Option<PathBuf>,
    /// A file whose first line is the password of the second store
    #[arg(long, value_name = "FILE")]
    to_password_file: Option<PathBuf>,
    /// The table in the second store, where it is not that of --table
    #[arg(long, value_name = "NAME")]
    to_table: Option<String>,
    /// Columns of the second store that are called otherwise, as in --columns
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = crate::options::values::column)]
    to_columns: Vec<(String, String)>,
}

impl PairArgs {
    /// Where the first store is; `url` is `None` for the one of `--url`.
    pub fn from(&self, cx: &Context, url: Option<&str>) -> Result<Target, Failure> {
        match url {
            Some(url) => target(cx, url, self.from_password_file.as_deref()),
            None => {
                let mut target = cx.target()?;
                if let Some(file) = &self.from_password_file {
                    target.password = Some(cx.password_in(file)?);
                }
                Ok(target)
            }
        }
    }

    /// Where the second store is.
    pub fn to(&self, cx: &Context, url: &str) -> Result<Target, Failure> {
        target(cx, url, self.to_password_file.as_deref())
    }

    /// The names in the second store.
    pub fn to_naming(&self, cx: &Context) -> Naming {
        let first = &cx.options.naming;
        Naming {
            table: self.to_table.clone().or_else(|| first.table.clone()),
            columns: if self.to_columns.is_empty() { first.columns.clone() } else { self.to_columns.clone() },
            ..Naming::default()
        }
    }
}

/// A store of its own URL. Where two stores are named, the password that is given for all counts
/// only for one whose URL has none.
pub fn target(cx: &Context, url: &str, file: Option<&Path>) -> Result<Target, Failure> {
    let mut target = crate::store::parse_url(url)?;
    if let Some(file) = file {
        target.password = Some(cx.password_in(file)?);
    } else if target.password.is_none() {
        target.password = cx.password()?;
    }
    Ok(target)
}
