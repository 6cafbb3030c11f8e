//! What keeps dangerous sessions out of a store.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::javaser::{AllowedClasses, Guard};

#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Guard")]
pub struct GuardArgs {
    /// Take only sessions whose classes stand in this file, one a line, or com.example.*
    #[arg(long, value_name = "FILE")]
    allow_classes: Option<PathBuf>,
    /// Take sessions that hold a class of known deserialization attacks, too
    #[arg(long)]
    no_gadget_check: bool,
    /// Sessions whose data cannot be decoded completely: skip, or keep those without a refused class
    #[arg(long, value_enum, default_value_t, value_name = "RULE")]
    unreadable: Unreadable,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Unreadable {
    /// Leave them out, and name them
    #[default]
    Skip,
    /// Take them
    Keep,
}

impl GuardArgs {
    /// What judges the sessions; `any_data` takes those that cannot be decoded, as `--unreadable keep` does.
    ///
    /// # Errors
    /// Usage, where the list cannot be read or names nothing.
    pub fn guard(&self, any_data: bool) -> Result<Guard, Failure> {
        let allowed = self.allow_classes.as_ref().map(|file| {
            let shown = file.display();
            let text = std::fs::read_to_string(file)
                .map_err(|e| Failure::usage(format!("cannot read the allowed classes in `{shown}`: {e}")))?;
            let allowed = AllowedClasses::read(&text);
            if allowed.is_empty() {
                return Err(Failure::usage(format!("`{shown}` allows no class")).hint(
                    "a class a line: `tomcat-sessions audit --format json | jq -r '.classes[].class'` names those in use",
                ));
            }
            Ok(allowed)
        });
        Ok(Guard {
            gadgets: !self.no_gadget_check,
            allowed: allowed.transpose()?,
            unreadable: any_data || self.unreadable == Unreadable::Keep,
        })
    }
}
