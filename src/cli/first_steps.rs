//! The text that the program prints without arguments.

/// Five commands to start with. The text goes to stderr and the exit code is 2, so that a script that lost its arguments
/// fails.
pub const FIRST_STEPS: &str = "\
tomcat-sessions administers the database table in which Apache Tomcat keeps HTTP sessions.

  tomcat-sessions demo      take a tour on a temporary store
  tomcat-sessions init-db   print the script that creates a session database
  tomcat-sessions check     check a table and the server, and print remedies
  tomcat-sessions stats     count the sessions by application
  tomcat-sessions expire    delete expired sessions while Tomcat is running

Most commands need the store: --url mysql://tomcat@localhost:3306/tomcat, the environment variable
TOMCAT_SESSIONS_URL, or --context-xml with a Tomcat's configuration file.
`tomcat-sessions --help` lists all commands, and --help after a command its options.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::CommandFactory;

    #[test]
    fn the_first_steps_are_existing_commands() {
        let grammar = Cli::command();
        let named: Vec<&str> =
            FIRST_STEPS.lines().filter_map(|line| line.strip_prefix("  tomcat-sessions ")?.split(' ').next()).collect();
        assert_eq!(named.len(), 5);
        assert!(named.iter().all(|name| grammar.find_subcommand(name).is_some()), "{named:?}");
        assert!(FIRST_STEPS.lines().all(|line| line.len() <= 100));
    }
}
