//! The output format: `--format`, its alias `--output`, and `--json`.

use clap::ValueEnum;

use crate::failure::Failure;
use crate::ui::Format;

#[derive(Debug, clap::Args)]
pub struct FormatArgs {
    /// Output format [default: table]
    #[arg(
        short,
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        visible_short_alias = 'o',
        visible_alias = "output"
    )]
    format: Option<FormatName>,
    /// Same as --format json
    #[arg(long, global = true, hide_short_help = true)]
    json: bool,
}

/// A value of `--format`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum FormatName {
    /// Tables and sentences
    #[default]
    Table,
    /// A table with more columns (list)
    Wide,
    /// One JSON document
    Json,
    /// JSON, one document per line
    Ndjson,
    /// Comma-separated values
    Csv,
    /// Metrics (stats)
    Prometheus,
    /// INSERT statements (export)
    Sql,
    /// SARIF 2.1.0 (tomcat lint)
    Sarif,
}

impl From<FormatName> for Format {
    fn from(name: FormatName) -> Format {
        match name {
            FormatName::Table | FormatName::Wide => Format::Table,
            FormatName::Json => Format::Json,
            FormatName::Ndjson => Format::Ndjson,
            FormatName::Csv => Format::Csv,
            FormatName::Prometheus => Format::Prometheus,
            FormatName::Sql => Format::Sql,
            FormatName::Sarif => Format::Sarif,
        }
    }
}

impl FormatArgs {
    /// The requested format.
    ///
    /// # Errors
    /// Usage error if `--json` and `--format` contradict each other.
    pub fn name(&self) -> Result<FormatName, Failure> {
        match self.format {
            Some(format) if self.json && format != FormatName::Json => {
                let name = format.to_possible_value();
                let name = name.as_ref().map_or("", |value| value.get_name());
                Err(Failure::usage(format!("--json and --format {name} name two output formats"))
                    .hint("remove one of them"))
            }
            Some(format) => Ok(format),
            None if self.json => Ok(FormatName::Json),
            None => Ok(FormatName::default()),
        }
    }

    /// Tells whether `--format wide` was given.
    pub fn is_wide(&self) -> bool {
        self.format == Some(FormatName::Wide)
    }
}

/// The machine format in arguments that cannot be parsed otherwise.
pub fn machine_format(args: &[String]) -> Option<Format> {
    let typed = args.iter().take_while(|arg| *arg != "--");
    let mut next = typed.clone().skip(1);
    let name = typed.into_iter().find_map(|arg| {
        let value = next.next().map(String::as_str);
        match arg.as_str() {
            "--json" => Some("json"),
            "--format" | "--output" | "-f" | "-o" => value,
            arg => ["--format=", "--output=", "-f=", "-o=", "-f", "-o"].iter().find_map(|flag| arg.strip_prefix(flag)),
        }
    })?;
    let format = Format::from(FormatName::from_str(name, false).ok()?);
    format.is_machine().then_some(format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_format_is_found_in_wrong_arguments() {
        for (line, format) in [
            ("list --no-such --json", Some(Format::Json)),
            ("list -o json --no-such", Some(Format::Json)),
            ("list -ojson --no-such", Some(Format::Json)),
            ("list -f=csv --no-such", Some(Format::Csv)),
            ("list --output=ndjson --no-such", Some(Format::Ndjson)),
            ("list --format csv", Some(Format::Csv)),
            ("list --format table", None),
            ("list --format nothing", None),
            ("show -- --json", None),
            ("list --format", None),
        ] {
            let args: Vec<String> = line.split(' ').map(str::to_owned).collect();
            assert_eq!(machine_format(&args), format, "{line}");
        }
    }
}
