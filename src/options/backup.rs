//! The option `--backup`: an archive of the deleted sessions.

use std::path::PathBuf;

use crate::endpoint::Endpoint;
use crate::failure::Failure;

#[derive(Debug, Clone, Default, clap::Args)]
pub struct BackupArgs {
    /// Archive the sessions in this new file before they are deleted; `import` restores them
    #[arg(long, value_name = "FILE")]
    backup: Option<String>,
}

impl BackupArgs {
    pub fn is_wanted(&self) -> bool {
        self.backup.is_some()
    }

    /// The path of a file that does not exist yet; `None` without --backup.
    ///
    /// # Errors
    /// The file exists; usage error if the value cannot be the path of a new archive.
    pub fn path(&self) -> Result<Option<PathBuf>, Failure> {
        let Some(text) = &self.backup else { return Ok(None) };
        let Endpoint::File(path) = Endpoint::from_argument(text)? else {
            return Err(Failure::usage("--backup needs the name of a new file").hint("--backup deleted.ndjson.zst"));
        };
        if path.extension().is_some_and(|end| end == "age") {
            return Err(Failure::usage(format!("`{}` would not be encrypted", path.display())).hint(
                "--backup deleted.ndjson.zst writes a file that only you can read; encrypt it afterwards with age",
            ));
        }
        if path.symlink_metadata().is_ok() {
            return Err(exists(&path.display().to_string()));
        }
        Ok(Some(path))
    }
}

/// The failure if the file already exists.
pub fn exists(path: &str) -> Failure {
    Failure::failed(format!("`{path}` already exists, and --backup does not overwrite it"))
        .hint("use a new name: `--backup \"deleted-$(date +%Y%m%d-%H%M%S).ndjson.zst\"`")
}
