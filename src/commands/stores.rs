//! `stores`: lists the stores in the configuration file.

use clap::ValueEnum;
use serde::Serialize;

use crate::configuration::NamedStore;
use crate::context::Context;
use crate::failure::{DONE, Failure, UNREACHABLE};
use crate::operations::store_pair::open;
use crate::options::listing::LimitArgs;
use crate::options::store_pair::target;
use crate::ui::{Head, Page, Report, Table};

/// List the stores of the configuration file
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
The configuration file gives a store a name. Use it as --store NAME, in the environment variable \
TOMCAT_SESSIONS_STORE, and instead of a URL: `migrate --from prod --to next`, `verify prod next`.

Stores are read from ~/.config/tomcat-sessions/config.toml ($XDG_CONFIG_HOME) and \
/etc/tomcat-sessions/config.toml; if both define a store of the same name, the definition in the \
first file is used. Each key of a \
store is the name of an option, with `_` instead of `-`: url or context_xml, password_file, \
defaults_file, table, swap_table, columns, reconnect, manager, managers_file, manager_user, \
manager_password_file and manager_ca. password_command is a shell command that prints the \
password. The table `defaults.COMMAND` contains options for one command. Options on the command \
line take precedence.

  [stores.prod]
  url = \"mysql://tomcat@db1.example.org/tomcat\"
  password_file = \"/etc/tomcat-sessions/prod.password\"
  managers_file = \"/etc/tomcat-sessions/prod.managers\"

  [stores.prod.defaults.expire]
  grace = \"10m\"
  batch = 200

A file with a password in a URL is refused if every account on the machine can read it.

Exit status:
  0    done
  1    failed
  2    usage error, or the configuration file is invalid
  10   with --check: a store cannot be opened

Examples:
  tomcat-sessions stores --check
  tomcat-sessions --store prod stats")]
pub struct Args {
    /// Open each store, and report errors
    #[arg(long)]
    check: bool,
    /// Sort order
    #[arg(long, value_enum, default_value_t)]
    sort: Sort,
    #[command(flatten)]
    limit: LimitArgs,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Sort {
    /// As in the configuration files
    #[default]
    File,
    /// Name
    Name,
}

#[derive(Debug, Serialize)]
struct StoresReport {
    command: &'static str,
    stores: Vec<StoreRecord>,
}

/// A store of the configuration file.
#[derive(Debug, Serialize)]
struct StoreRecord {
    name: String,
    /// Its URL without a password; `null` if the URL cannot be parsed.
    store: Option<String>,
    /// The configured table; `null` for the default.
    table: Option<String>,
    /// The file that contains it.
    file: String,
    /// `null` without `--check`.
    usable: Option<bool>,
    /// Why the store cannot be opened.
    error: Option<String>,
}

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    let configuration = cx.configuration()?;
    let mut named: Vec<&NamedStore> = configuration.stores.iter().collect();
    if let Sort::Name = args.sort {
        named.sort_by(|a, b| a.name.cmp(&b.name));
    }
    args.limit.cut(cx, &mut named);
    let mut stores = Vec::new();
    for store in named {
        stores.push(record(cx, store, args.check).await);
    }
    if stores.is_empty() {
        cx.ui.note("No store is configured. `tomcat-sessions stores --help` shows an example.");
    }
    let unusable = stores.iter().any(|store| store.usable == Some(false));
    cx.ui.report(&StoresReport { command: "stores", stores })?;
    Ok(if unusable { UNREACHABLE } else { DONE })
}

async fn record(cx: &Context, store: &NamedStore, check: bool) -> StoreRecord {
    let mut record = StoreRecord {
        name: store.name.clone(),
        store: None,
        table: store.text("table").map(str::to_owned),
        file: store.file.display().to_string(),
        usable: None,
        error: None,
    };
    let opened = async {
        let (mut target, names) = target(cx, &store.name, None)?;
        record.store = Some(target.to_string());
        if check {
            let naming = names.unwrap_or_default().or(&Default::default());
            open(cx, &mut target, &naming).await?.close().await;
        }
        Ok::<(), Failure>(())
    };
    let outcome = opened.await;
    record.usable = check.then_some(outcome.is_ok());
    record.error = outcome.err().map(|failure| failure.error.to_string());
    record
}

impl Report for StoresReport {
    const RECORDS: Option<&'static str> = Some("stores");

    fn page(&self, page: &mut Page) {
        let checked = self.stores.iter().any(|store| store.usable.is_some() || store.error.is_some());
        let mut heads = ["NAME", "STORE", "TABLE", "FILE"].map(Head::left).to_vec();
        if checked {
            heads.push(Head::left("STATE"));
        }
        let row = |store: &StoreRecord| {
            let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
            let mut row = vec![store.name.clone(), text(&store.store), text(&store.table), store.file.clone()];
            if checked {
                row.push(store.error.clone().unwrap_or_else(|| "ok".to_owned()));
            }
            row
        };
        if !self.stores.is_empty() {
            page.table(&Table { heads, rows: self.stores.iter().map(row).collect() });
        }
    }
}
