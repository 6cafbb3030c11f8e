//! What the program says to whoever types its name and nothing else.

/// The five commands to begin with. It goes to stderr, and the run has failed: a script that lost its
/// arguments has not done what it was for.
pub const FIRST: &str = "\
tomcat-sessions administers the database table in which Apache Tomcat keeps HTTP sessions.

  tomcat-sessions demo      take the tour, on a store of its own
  tomcat-sessions init-db   print the script that provisions a session database
  tomcat-sessions check     say what is wrong with a table, and how to mend it
  tomcat-sessions stats     count the sessions by application
  tomcat-sessions expire    delete what is expired, beside a live Tomcat

All but the tour want to know the store: --url mysql://tomcat@localhost:3306/tomcat, TOMCAT_SESSIONS_URL
in the environment, or --context-xml with the file of a Tomcat.
`tomcat-sessions --help` shows the other commands; --help behind a command, its options.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::CommandFactory;

    #[test]
    fn five_commands_that_there_are() {
        let grammar = Cli::command();
        let named: Vec<&str> =
            FIRST.lines().filter_map(|line| line.strip_prefix("  tomcat-sessions ")?.split(' ').next()).collect();
        assert_eq!(named.len(), 5);
        assert!(named.iter().all(|name| grammar.find_subcommand(name).is_some()), "{named:?}");
        assert!(FIRST.lines().all(|line| line.len() <= 110));
    }
}
