//! Where a run leaves its metrics.

use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub struct MetricsArgs {
    /// Leave figures of the run in this file, for node_exporter's textfile collector; it ends in .prom
    #[arg(long, value_name = "FILE", value_parser = textfile)]
    pub metrics_file: Option<PathBuf>,
}

fn textfile(text: &str) -> Result<PathBuf, String> {
    let path = Path::new(text);
    if path.extension().is_some_and(|extension| extension == "prom") {
        return Ok(path.to_owned());
    }
    Err("node_exporter reads only files whose names end in .prom".to_owned())
}
