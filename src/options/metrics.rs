//! The option with the metrics file of a run.

use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub struct MetricsArgs {
    /// Write metrics of the run to this .prom file, for node_exporter's textfile collector
    #[arg(long, value_name = "FILE", value_parser = textfile, hide_short_help = true)]
    pub metrics_file: Option<PathBuf>,
}

/// Checks the name of a file for node_exporter.
///
/// # Errors
/// The file has another extension than .prom.
pub fn textfile(text: &str) -> Result<PathBuf, String> {
    let path = Path::new(text);
    if path.extension().is_some_and(|extension| extension == "prom") {
        return Ok(path.to_owned());
    }
    Err("the name must end in .prom, because node_exporter reads no other files".to_owned())
}
