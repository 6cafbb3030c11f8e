//! Options that keep dangerous sessions out of a store.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::javaser::{AllowedClasses, ClassFilter};

#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Class filter")]
pub struct ClassFilterArgs {
    /// Accept only sessions made of the classes in this file (one per line, or com.example.*)
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    allow_classes: Option<PathBuf>,
    /// Also accept sessions with classes used in known deserialization attacks
    #[arg(long, hide_short_help = true)]
    no_gadget_check: bool,
    /// What to do with sessions whose data cannot be decoded completely
    #[arg(long, value_enum, default_value_t, value_name = "RULE", hide_short_help = true)]
    unreadable: Unreadable,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Unreadable {
    /// Skip them, and list them
    #[default]
    Skip,
    /// Accept them, unless they contain the name of a refused class
    Keep,
}

impl ClassFilterArgs {
    /// The check of sessions; `any_data` accepts data that cannot be decoded, like `--unreadable keep`.
    ///
    /// # Errors
    /// Usage error if the list of classes cannot be read, or is empty.
    pub fn filter(&self, any_data: bool) -> Result<ClassFilter, Failure> {
        let allowed = self.allow_classes.as_ref().map(|file| {
            let shown = file.display();
            let text = std::fs::read_to_string(file)
                .map_err(|e| Failure::usage(format!("cannot read the allowed classes in `{shown}`: {e}")))?;
            let allowed = AllowedClasses::read(&text);
            if allowed.is_empty() {
                return Err(Failure::usage(format!("`{shown}` lists no class")).hint(
                    "write one class per line; `tomcat-sessions audit --format json | jq -r '.classes[].class'` prints those in use",
                ));
            }
            Ok(allowed)
        });
        Ok(ClassFilter {
            gadgets: !self.no_gadget_check,
            allowed: allowed.transpose()?,
            unreadable: any_data || self.unreadable == Unreadable::Keep,
        })
    }
}
