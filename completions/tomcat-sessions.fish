# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_tomcat_sessions_global_optspecs
    string join \n u/url= s/store= config= context-xml= password-file= defaults-file= table= swap-table= columns= f/format= full-ids q/quiet v/verbose color= no-progress reconnect= utc h/help V/version
end

function __fish_tomcat_sessions_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_tomcat_sessions_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_tomcat_sessions_using_subcommand
    set -l cmd (__fish_tomcat_sessions_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -s V -l version -d 'Print version'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "init-db" -d 'Print the script that provisions a session database, or run it with --apply'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "list" -d 'List sessions, without their data'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "show" -d 'Show one session: its columns, its attributes, and whether it is live'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "stats" -d 'Add up the sessions by application'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "check" -d 'Inspect the table and the server, and say what is wrong and how to mend it'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "audit" -d 'Look for dangerous and foreign things in the data of sessions'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "expire" -d 'Delete expired sessions, in small batches, beside a live Tomcat'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "delete" -d 'Delete named sessions, or with --all those that a filter chooses'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "swap-out" -d 'Move idle sessions out of the live table, by the rules of maxIdleSwap and maxActiveSessions'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "swap-in" -d 'Bring sessions back that were swapped out'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "migrate" -d 'Copy the sessions of one store to another, beside live Tomcats, and verify it'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "verify" -d 'Compare two stores, or a store and an archive, row by row'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "export" -d 'Export sessions into a portable archive, a FileStore directory, SQL or CSV'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "import" -d 'Import sessions from an archive or a FileStore directory'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "tomcat" -d 'Tomcat\'s side: its configuration, what is wrong with it, and what runs'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "stores" -d 'List the stores of the configuration file'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "demo" -d 'Take the tour: every command on a throw-away store'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "man" -d 'Print the man page, or that of a command'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l engine -d 'Print the script for such a server, without any connection' -r -f -a "mysql\t''
mariadb\t''
mssql\t''
azure-sql\t''
sqlite\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l profile -d 'The table: as it should be, or as Tomcat guides publish it' -r -f -a "recommended\t''
documented\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l grants -d 'What the account may do: what Tomcat needs, or all on the database [default: minimal; all with --profile documented]' -r -f -a "minimal\t''
all\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l database -d 'The database [default: the one in --url, else tomcat]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l user -d 'Tomcat\'s account [default: tomcat]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l user-host -d 'Where the account may connect from [default: %, which is anywhere]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l user-password-file -d 'A file whose first line is the account\'s password; beats TOMCAT_SESSIONS_USER_PASSWORD' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l apply -d 'Create what is not there, and check it'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l with-swap-table -d 'Make the table that sessions are swapped out to, too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l with-lease -d 'Make the table of the lease, too: a lock that holds on every member of a cluster [default: where --url reaches a member of a Galera cluster or of a MySQL group]'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l no-user -d 'Create no account'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l generate-password -d 'Make a strong password and print it once, with the result'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l no-password-policy -d 'Keep the server\'s policy for passwords from being applied to this account (SQL Server)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l reset-password -d 'Give the password to an account that is there, too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l read-from -d 'Of several hosts in a URL, read the one that takes writes, or a read-only one where it can be reached' -r -f -a "primary\t''
replica\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l app -d 'Applications: an app_name, a short name as `demo`, a glob, or a list (shop,crm); may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l state -d 'State of the session' -r -f -a "live\t'Expires some time from now'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'max_inactive is zero or below'
invalid\t'Not expired, and nothing that Tomcat writes'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l idle-over -d 'Not accessed for longer than this (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l idle-under -d 'Accessed within this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l id -d 'Beginning of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l route -d 'jvmRoute: what follows the dot of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l larger-than -d 'More bytes of session data than this (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l smaller-than -d 'Fewer bytes of session data than this' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l attr -d 'Attribute, and what is found in its value, a glob too; may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l class -d 'Class of which the data hold an object, a glob too as com.example.*; NAME@UID for one serialVersionUID' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l user -d 'Who is logged in, by Tomcat\'s principal or Spring Security' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l restorable -d 'Whether Tomcat can load the session, as far as its data tell: `no` finds damaged ones' -r -f -a "yes\t''
no\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l sort -d 'Sort by this, the largest first; `id` is the smallest first' -r -f -a "id\t'Session id, in the order of the key'
idle\t'Time since the last access'
size\t'Bytes of session data'
remaining\t'Time until the session expires'
timeout\t'max_inactive'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l limit -d 'At most so many sessions; 0 for all [default: 100 in a table, 1000 when sorting, else all]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l from -d 'Begin at this id, or where it would stand' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l swapped -d 'Look at the table that sessions are swapped out to, not at the live one'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l reverse -d 'Turn the order round (not for `id`)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l app -d 'Applications: an app_name, a short name as `demo`, a glob, or a list (shop,crm); may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l state -d 'State of the session' -r -f -a "live\t'Expires some time from now'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'max_inactive is zero or below'
invalid\t'Not expired, and nothing that Tomcat writes'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l idle-over -d 'Not accessed for longer than this (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l idle-under -d 'Accessed within this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l id -d 'Beginning of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l route -d 'jvmRoute: what follows the dot of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l larger-than -d 'More bytes of session data than this (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l smaller-than -d 'Fewer bytes of session data than this' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l max-depth -d 'Objects within each other that are read' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l max-objects -d 'Objects that are read' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l swapped -d 'Look at the table that sessions are swapped out to, not at the live one'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l values -d 'Show the values of attributes, but not what is called password, secret, token or credential'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l reveal -d 'Show all values, those that are secrets too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l raw -d 'Write the data as they stand, and nothing else'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l hex -d 'Dump the data, each object and class named; this shows all values'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l by -d 'Count by this in the place of the state: sessions that hold it, and bytes' -r -f -a "attr\t'Name of an attribute'
class\t'Class of an object in the data'
user\t'Who is logged in'
route\t'jvmRoute'
app\t'Application'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l watch -d 'Look again and again, and redraw the screen; with --format ndjson a line a look' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l html -d 'Write the totals with charts into this file, one page that needs no other, or `-` for stdout' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l read-from -d 'Of several hosts in a URL, read the one that takes writes, or a read-only one where it can be reached' -r -f -a "primary\t''
replica\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l app -d 'Applications: an app_name, a short name as `demo`, a glob, or a list (shop,crm); may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l state -d 'State of the session' -r -f -a "live\t'Expires some time from now'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'max_inactive is zero or below'
invalid\t'Not expired, and nothing that Tomcat writes'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l idle-over -d 'Not accessed for longer than this (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l idle-under -d 'Accessed within this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l id -d 'Beginning of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l route -d 'jvmRoute: what follows the dot of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l larger-than -d 'More bytes of session data than this (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l smaller-than -d 'Fewer bytes of session data than this' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l attr -d 'Attribute, and what is found in its value, a glob too; may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l class -d 'Class of which the data hold an object, a glob too as com.example.*; NAME@UID for one serialVersionUID' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l user -d 'Who is logged in, by Tomcat\'s principal or Spring Security' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l restorable -d 'Whether Tomcat can load the session, as far as its data tell: `no` finds damaged ones' -r -f -a "yes\t''
no\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l force -d 'Overwrite the file that is there'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l swapped -d 'Look at the table that sessions are swapped out to, not at the live one'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l explain -d 'Say why a rule is one, and what that rests on' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l strict -d 'Exit with 4 when there are warnings'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l no-scan -d 'Do not scan the rows'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l identity -d 'A file with the secret key that an encrypted archive is for, as age-keygen writes it; may be repeated' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l app -d 'Applications: an app_name, a short name as `demo`, a glob, or a list (shop,crm); may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l state -d 'State of the session' -r -f -a "live\t'Expires some time from now'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'max_inactive is zero or below'
invalid\t'Not expired, and nothing that Tomcat writes'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l idle-over -d 'Not accessed for longer than this (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l idle-under -d 'Accessed within this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l id -d 'Beginning of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l route -d 'jvmRoute: what follows the dot of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l larger-than -d 'More bytes of session data than this (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l smaller-than -d 'Fewer bytes of session data than this' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l app -d 'Applications: an app_name, a short name as `demo`, a glob, or a list (shop,crm); may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l state -d 'State of the session' -r -f -a "live\t'Expires some time from now'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'max_inactive is zero or below'
invalid\t'Not expired, and nothing that Tomcat writes'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l idle-over -d 'Not accessed for longer than this (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l idle-under -d 'Accessed within this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l id -d 'Beginning of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l route -d 'jvmRoute: what follows the dot of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l larger-than -d 'More bytes of session data than this (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l smaller-than -d 'Fewer bytes of session data than this' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l batch -d 'Sessions a transaction; a save of Tomcat\'s waits for one at most' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l batch-time -d 'What a transaction should take; later ones are smaller where one took longer [default: 50ms, where sessions are copied elsewhere first 200ms]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l sleep -d 'Pause after each transaction' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l max-rows -d 'At most so many sessions' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l max-time -d 'Stop after this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l wait-lock -d 'Wait this long for another run\'s lock' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l max-lag -d 'Wait while a replica is further behind than this: those of SHOW REPLICAS, or of --lag-url' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l lag-url -d 'A replica whose lag counts, by its URL; may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l max-flow-control -d 'Wait while Galera\'s flow control stops writers for a larger share of the time than this (5%)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l max-load -d 'Wait while a status variable of the server is higher than this (Threads_running=25); may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l grace -d 'Leave what expired within this time to Tomcat, whose listeners then run' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l max-fraction -d 'Delete nothing if more than this share of the table is expired (0.5, or 50%)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l metrics-file -d 'Leave figures of the run in this file, for node_exporter\'s textfile collector; it ends in .prom' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l manager -d 'The Manager of a Tomcat, https://user@host:8443/manager; may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l managers-file -d 'A file with the URL of a Manager a line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l manager-user -d 'The user for Managers whose URL names none' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l manager-password-file -d 'A file whose first line is the password; beats those in the URLs, as TOMCAT_SESSIONS_MANAGER_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l manager-ca -d 'The authorities that sign the Managers\' certificates, PEM [default: the system\'s]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l manager-timeout -d 'What an answer may take' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l state-file -d 'Where what was changed in the Tomcats is kept until it is put back [default: ~/.local/state/tomcat-sessions/tomcats.json]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l wait -d 'What a Tomcat\'s pass over the sessions of one application may take' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l swapped -d 'Look at the table that sessions are swapped out to, not at the live one'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -s n -l dry-run -d 'Say what would be done, and do nothing'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l allow-clock-skew -d 'Purge although this machine\'s clock and the server\'s differ by more than 5 minutes'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l via-tomcat -d 'Have the Tomcats that --manager names expire their own, with listeners, and purge only what none serves'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l manager-insecure -d 'Do not check the Managers\' certificates'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l app -d 'Applications: an app_name, a short name as `demo`, a glob, or a list (shop,crm); may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l state -d 'State of the session' -r -f -a "live\t'Expires some time from now'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'max_inactive is zero or below'
invalid\t'Not expired, and nothing that Tomcat writes'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l idle-over -d 'Not accessed for longer than this (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l idle-under -d 'Accessed within this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l id -d 'Beginning of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l route -d 'jvmRoute: what follows the dot of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l larger-than -d 'More bytes of session data than this (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l smaller-than -d 'Fewer bytes of session data than this' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l attr -d 'Attribute, and what is found in its value, a glob too; may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l class -d 'Class of which the data hold an object, a glob too as com.example.*; NAME@UID for one serialVersionUID' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l user -d 'Who is logged in, by Tomcat\'s principal or Spring Security' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l restorable -d 'Whether Tomcat can load the session, as far as its data tell: `no` finds damaged ones' -r -f -a "yes\t''
no\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l batch -d 'Sessions a transaction; a save of Tomcat\'s waits for one at most' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l batch-time -d 'What a transaction should take; later ones are smaller where one took longer [default: 50ms, where sessions are copied elsewhere first 200ms]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l sleep -d 'Pause after each transaction' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l max-rows -d 'At most so many sessions' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l max-time -d 'Stop after this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l wait-lock -d 'Wait this long for another run\'s lock' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l max-lag -d 'Wait while a replica is further behind than this: those of SHOW REPLICAS, or of --lag-url' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l lag-url -d 'A replica whose lag counts, by its URL; may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l max-flow-control -d 'Wait while Galera\'s flow control stops writers for a larger share of the time than this (5%)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l max-load -d 'Wait while a status variable of the server is higher than this (Threads_running=25); may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l all -d 'All sessions that the filters choose; at least one filter is needed (--app \'*\' for everything)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l swapped -d 'Look at the table that sessions are swapped out to, not at the live one'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -s n -l dry-run -d 'Say what would be done, and do nothing'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l max-idle -d 'Move what is idle for this long' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l max-active -d 'Leave so many sessions to each application, those that were used last' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l min-idle -d 'Move nothing that is idle for less' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l to -d 'Move them into another store, by its URL, or an archive file [default: the second table of this store]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l other-password-file -d 'A file whose first line is the password of that store' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l other-table -d 'The table there [default: tomcat_sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l app -d 'Applications: an app_name, a short name as `demo`, a glob, or a list (shop,crm); may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l state -d 'State of the session' -r -f -a "live\t'Expires some time from now'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'max_inactive is zero or below'
invalid\t'Not expired, and nothing that Tomcat writes'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l idle-over -d 'Not accessed for longer than this (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l idle-under -d 'Accessed within this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l id -d 'Beginning of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l route -d 'jvmRoute: what follows the dot of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l larger-than -d 'More bytes of session data than this (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l smaller-than -d 'Fewer bytes of session data than this' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l attr -d 'Attribute, and what is found in its value, a glob too; may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l class -d 'Class of which the data hold an object, a glob too as com.example.*; NAME@UID for one serialVersionUID' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l user -d 'Who is logged in, by Tomcat\'s principal or Spring Security' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l restorable -d 'Whether Tomcat can load the session, as far as its data tell: `no` finds damaged ones' -r -f -a "yes\t''
no\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l batch -d 'Sessions a transaction; a save of Tomcat\'s waits for one at most' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l batch-time -d 'What a transaction should take; later ones are smaller where one took longer [default: 50ms, where sessions are copied elsewhere first 200ms]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l sleep -d 'Pause after each transaction' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l max-rows -d 'At most so many sessions' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l max-time -d 'Stop after this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l wait-lock -d 'Wait this long for another run\'s lock' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l max-lag -d 'Wait while a replica is further behind than this: those of SHOW REPLICAS, or of --lag-url' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l lag-url -d 'A replica whose lag counts, by its URL; may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l max-flow-control -d 'Wait while Galera\'s flow control stops writers for a larger share of the time than this (5%)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l max-load -d 'Wait while a status variable of the server is higher than this (Threads_running=25); may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l metrics-file -d 'Leave figures of the run in this file, for node_exporter\'s textfile collector; it ends in .prom' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l manager -d 'The Manager of a Tomcat, https://user@host:8443/manager; may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l managers-file -d 'A file with the URL of a Manager a line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l manager-user -d 'The user for Managers whose URL names none' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l manager-password-file -d 'A file whose first line is the password; beats those in the URLs, as TOMCAT_SESSIONS_MANAGER_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l manager-ca -d 'The authorities that sign the Managers\' certificates, PEM [default: the system\'s]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l manager-timeout -d 'What an answer may take' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l include-expired -d 'Move expired sessions like others'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l create -d 'Make the table that they are moved to where it is not there; takes an account that may'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l force -d 'Take idle times below 10 minutes'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l allow-clock-skew -d 'Go on although this machine\'s clock and the server\'s differ by more than 5 minutes'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -s n -l dry-run -d 'Say what would be done, and do nothing'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l manager-insecure -d 'Do not check the Managers\' certificates'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l from -d 'Bring them back from another store, by its URL [default: the second table of this one]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l other-password-file -d 'A file whose first line is the password of that store' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l other-table -d 'The table there [default: tomcat_sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l app -d 'Applications: an app_name, a short name as `demo`, a glob, or a list (shop,crm); may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l state -d 'State of the session' -r -f -a "live\t'Expires some time from now'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'max_inactive is zero or below'
invalid\t'Not expired, and nothing that Tomcat writes'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l idle-over -d 'Not accessed for longer than this (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l idle-under -d 'Accessed within this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l id -d 'Beginning of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l route -d 'jvmRoute: what follows the dot of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l larger-than -d 'More bytes of session data than this (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l smaller-than -d 'Fewer bytes of session data than this' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l attr -d 'Attribute, and what is found in its value, a glob too; may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l class -d 'Class of which the data hold an object, a glob too as com.example.*; NAME@UID for one serialVersionUID' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l user -d 'Who is logged in, by Tomcat\'s principal or Spring Security' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l restorable -d 'Whether Tomcat can load the session, as far as its data tell: `no` finds damaged ones' -r -f -a "yes\t''
no\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l batch -d 'Sessions a transaction; a save of Tomcat\'s waits for one at most' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l batch-time -d 'What a transaction should take; later ones are smaller where one took longer [default: 50ms, where sessions are copied elsewhere first 200ms]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l sleep -d 'Pause after each transaction' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l max-rows -d 'At most so many sessions' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l max-time -d 'Stop after this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l wait-lock -d 'Wait this long for another run\'s lock' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l max-lag -d 'Wait while a replica is further behind than this: those of SHOW REPLICAS, or of --lag-url' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l lag-url -d 'A replica whose lag counts, by its URL; may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l max-flow-control -d 'Wait while Galera\'s flow control stops writers for a larger share of the time than this (5%)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l max-load -d 'Wait while a status variable of the server is higher than this (Threads_running=25); may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l all -d 'All that the filters choose, or without a filter all'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l touch -d 'Let the sessions live again as if they were accessed now'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l allow-clock-skew -d 'Go on although this machine\'s clock and the server\'s differ by more than 5 minutes'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -s n -l dry-run -d 'Say what would be done, and do nothing'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l from -d 'The store that is read [default: the one of --url]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l to -d 'The store that is written' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l from-password-file -d 'A file whose first line is the password of the first store; beats the one in its URL' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l to-password-file -d 'A file whose first line is the password of the second store' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l to-table -d 'The table in the second store, where it is not that of --table' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l to-columns -d 'Columns of the second store that are called otherwise, as in --columns' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l jobs -d 'Writers, each with a connection of its own; one with SQLite' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l max-rate -d 'Bytes of session data a second, at most (500KB, 10MB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l passes -d 'Passes after the first, at most' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l max-time -d 'Stop after this time; start it again to finish' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l until-quiet -d 'With --follow: until the source has not changed for so long' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l max-lag -d 'Read from a replica only while it is at most this far behind its source' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l allow-classes -d 'Take only sessions whose classes stand in this file, one a line, or com.example.*' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l unreadable -d 'Sessions whose data cannot be decoded completely: skip, or keep those without a refused class' -r -f -a "skip\t'Leave them out, and name them'
keep\t'Take them'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l app -d 'Applications: an app_name, a short name as `demo`, a glob, or a list (shop,crm); may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l state -d 'State of the session' -r -f -a "live\t'Expires some time from now'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'max_inactive is zero or below'
invalid\t'Not expired, and nothing that Tomcat writes'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l idle-over -d 'Not accessed for longer than this (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l idle-under -d 'Accessed within this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l id -d 'Beginning of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l route -d 'jvmRoute: what follows the dot of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l larger-than -d 'More bytes of session data than this (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l smaller-than -d 'Fewer bytes of session data than this' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l init -d 'Create the target\'s table where it is missing, as `init-db --no-user` does'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -s n -l dry-run -d 'Judge and read, and write nothing'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l follow -d 'Go on with passes until interrupted'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l delete-gone -d 'Delete target rows whose sessions ended in the source during this run'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l no-verify -d 'Neither read batches back nor compare every row'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l allow-stale -d 'Read from a replica whose replication has stopped, lags, or cannot be inspected'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l no-gadget-check -d 'Take sessions that hold a class of known deserialization attacks, too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l read-from -d 'Of several hosts in a URL, read the one that takes writes, or a read-only one where it can be reached' -r -f -a "primary\t''
replica\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l from-password-file -d 'A file whose first line is the password of the first store; beats the one in its URL' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l to-password-file -d 'A file whose first line is the password of the second store' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l to-table -d 'The table in the second store, where it is not that of --table' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l to-columns -d 'Columns of the second store that are called otherwise, as in --columns' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l max-lag -d 'Read from a replica only while it is at most this far behind its source' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l identity -d 'A file with the secret key that an encrypted archive is for, as age-keygen writes it; may be repeated' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l limit -d 'List at most so many sessions; 0 for all. All are counted' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l allow-stale -d 'Read from a replica whose replication has stopped, lags, or cannot be inspected'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l compress -d 'Compress in this way, whatever the name of the archive' -r -f -a "none\t''
gz\t''
zst\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l encrypt-to -d 'Encrypt the archive for this recipient of age\'s (age1...), or those in a file; may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l dialect -d 'Whose SQL --format sql writes: mysql, mariadb, mssql, sqlite [default: the store\'s own]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l passes -d 'Passes after the first at most' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l max-time -d 'End the pass in hand after this time, and begin no further one' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l read-from -d 'Of several hosts in a URL, read the one that takes writes, or a read-only one where it can be reached' -r -f -a "primary\t''
replica\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l app -d 'Applications: an app_name, a short name as `demo`, a glob, or a list (shop,crm); may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l state -d 'State of the session' -r -f -a "live\t'Expires some time from now'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'max_inactive is zero or below'
invalid\t'Not expired, and nothing that Tomcat writes'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l idle-over -d 'Not accessed for longer than this (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l idle-under -d 'Accessed within this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l id -d 'Beginning of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l route -d 'jvmRoute: what follows the dot of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l larger-than -d 'More bytes of session data than this (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l smaller-than -d 'Fewer bytes of session data than this' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l attr -d 'Attribute, and what is found in its value, a glob too; may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l class -d 'Class of which the data hold an object, a glob too as com.example.*; NAME@UID for one serialVersionUID' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l user -d 'Who is logged in, by Tomcat\'s principal or Spring Security' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l restorable -d 'Whether Tomcat can load the session, as far as its data tell: `no` finds damaged ones' -r -f -a "yes\t''
no\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l max-lag -d 'Read from a replica only while it is at most this far behind its source' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l force -d 'Overwrite what is there'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l swapped -d 'Look at the table that sessions are swapped out to, not at the live one'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l allow-stale -d 'Read from a replica whose replication has stopped, lags, or cannot be inspected'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l on-conflict -d 'What happens to a session whose key is there already' -r -f -a "newer\t'The higher last_access stays'
skip\t'What is there stays'
replace\t'What is there goes'
fail\t'Stop at the first'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l rename-app -d 'Give the sessions of an application to another one: OLD=NEW; may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l identity -d 'A file with the secret key that an encrypted archive is for, as age-keygen writes it; may be repeated' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l allow-classes -d 'Take only sessions whose classes stand in this file, one a line, or com.example.*' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l unreadable -d 'Sessions whose data cannot be decoded completely: skip, or keep those without a refused class' -r -f -a "skip\t'Leave them out, and name them'
keep\t'Take them'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l app -d 'Applications: an app_name, a short name as `demo`, a glob, or a list (shop,crm); may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l state -d 'State of the session' -r -f -a "live\t'Expires some time from now'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'max_inactive is zero or below'
invalid\t'Not expired, and nothing that Tomcat writes'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l idle-over -d 'Not accessed for longer than this (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l idle-under -d 'Accessed within this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l id -d 'Beginning of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l route -d 'jvmRoute: what follows the dot of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l larger-than -d 'More bytes of session data than this (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l smaller-than -d 'Fewer bytes of session data than this' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -s n -l dry-run -d 'Say what would be written, and write nothing'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l drop-expired -d 'Leave out what is expired'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l any-data -d 'Take data that Tomcat could not load, too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l allow-truncated -d 'Take what is intact of a damaged archive, and say what is missing'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l no-gadget-check -d 'Take sessions that hold a class of known deserialization attacks, too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -f -a "config" -d 'Print what a Tomcat needs to keep its sessions in the store, or write it as files'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -f -a "status" -d 'Show what running Tomcats hold in memory, beside the rows of the store'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -f -a "flush" -d 'Have running Tomcats write every session in memory to the table now'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -f -a "swap-out" -d 'Have running Tomcats move idle sessions from memory to the table'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -f -a "expire" -d 'Have running Tomcats expire what has expired now, with their listeners'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -f -a "maintenance" -d 'Keep running Tomcats from writing while the database is worked on, and put back what was'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out expire maintenance lint" -f -a "lint" -d 'Read the configuration of Tomcats, and say what is wrong with it and how to mend it'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l tomcat -d 'The Tomcat it is for: 9.0, 10.1 or 11.0' -r -f -a "9\t''
10\t''
11\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l store-class -d 'What keeps the sessions: DataSourceStore, or up to 9 JDBCStore, as guides have it' -r -f -a "datasource\t''
jdbc\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l driver -d 'The JDBC driver [default: the one of the URL\'s server]' -r -f -a "mysql\t''
mariadb\t''
mssql\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l route -d 'jvmRoute: what the load balancer calls this Tomcat' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l values -d 'Values for production, or those that guides begin with' -r -f -a "production\t''
guide\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l output-dir -d 'Write the files below this directory; what is there is not overwritten' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l sticky -d 'For a load balancer that sends each user to the same Tomcat: back sessions up at times, in the place of saving them after each request'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l manager -d 'The Manager of a Tomcat, https://user@host:8443/manager; may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l managers-file -d 'A file with the URL of a Manager a line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l manager-user -d 'The user for Managers whose URL names none' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l manager-password-file -d 'A file whose first line is the password; beats those in the URLs, as TOMCAT_SESSIONS_MANAGER_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l manager-ca -d 'The authorities that sign the Managers\' certificates, PEM [default: the system\'s]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l manager-timeout -d 'What an answer may take' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l app -d 'Applications: an app_name, a short name as `demo`, a glob, or a list (shop,crm); may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l manager-insecure -d 'Do not check the Managers\' certificates'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l no-stale -d 'Do not ask each session for its clock'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l manager -d 'The Manager of a Tomcat, https://user@host:8443/manager; may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l managers-file -d 'A file with the URL of a Manager a line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l manager-user -d 'The user for Managers whose URL names none' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l manager-password-file -d 'A file whose first line is the password; beats those in the URLs, as TOMCAT_SESSIONS_MANAGER_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l manager-ca -d 'The authorities that sign the Managers\' certificates, PEM [default: the system\'s]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l manager-timeout -d 'What an answer may take' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l app -d 'Applications: an app_name, a short name as `demo`, a glob, or a list (shop,crm); may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l state-file -d 'Where what was changed is kept until it is put back [default: ~/.local/state/tomcat-sessions/tomcats.json]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l wait -d 'What a pass over the sessions of one application may take' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l manager-insecure -d 'Do not check the Managers\' certificates'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -s n -l dry-run -d 'Say what would be done, and change nothing'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l no-verify -d 'Do without the store: nothing is verified'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l idle -d 'Sessions without a request for as long as this' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l manager -d 'The Manager of a Tomcat, https://user@host:8443/manager; may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l managers-file -d 'A file with the URL of a Manager a line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l manager-user -d 'The user for Managers whose URL names none' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l manager-password-file -d 'A file whose first line is the password; beats those in the URLs, as TOMCAT_SESSIONS_MANAGER_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l manager-ca -d 'The authorities that sign the Managers\' certificates, PEM [default: the system\'s]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l manager-timeout -d 'What an answer may take' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l app -d 'Applications: an app_name, a short name as `demo`, a glob, or a list (shop,crm); may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l state-file -d 'Where what was changed is kept until it is put back [default: ~/.local/state/tomcat-sessions/tomcats.json]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l wait -d 'What a pass over the sessions of one application may take' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l manager-insecure -d 'Do not check the Managers\' certificates'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -s n -l dry-run -d 'Say what would be done, and change nothing'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l no-verify -d 'Do without the store: nothing is verified'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l manager -d 'The Manager of a Tomcat, https://user@host:8443/manager; may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l managers-file -d 'A file with the URL of a Manager a line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l manager-user -d 'The user for Managers whose URL names none' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l manager-password-file -d 'A file whose first line is the password; beats those in the URLs, as TOMCAT_SESSIONS_MANAGER_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l manager-ca -d 'The authorities that sign the Managers\' certificates, PEM [default: the system\'s]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l manager-timeout -d 'What an answer may take' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l app -d 'Applications: an app_name, a short name as `demo`, a glob, or a list (shop,crm); may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l state-file -d 'Where what was changed is kept until it is put back [default: ~/.local/state/tomcat-sessions/tomcats.json]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l wait -d 'What a pass over the sessions of one application may take' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l manager-insecure -d 'Do not check the Managers\' certificates'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -s n -l dry-run -d 'Say what would be done, and change nothing'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l no-verify -d 'Do without the store: nothing is verified'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l manager -d 'The Manager of a Tomcat, https://user@host:8443/manager; may be repeated' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l managers-file -d 'A file with the URL of a Manager a line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l manager-user -d 'The user for Managers whose URL names none' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l manager-password-file -d 'A file whose first line is the password; beats those in the URLs, as TOMCAT_SESSIONS_MANAGER_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l manager-ca -d 'The authorities that sign the Managers\' certificates, PEM [default: the system\'s]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l manager-timeout -d 'What an answer may take' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l app -d 'Applications: an app_name, a short name as `demo`, a glob, or a list (shop,crm); may be repeated; not for `end`' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l state-file -d 'Where what was changed is kept until it is put back [default: ~/.local/state/tomcat-sessions/tomcats.json]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l wait -d 'What a pass over the sessions of one application may take' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l manager-insecure -d 'Do not check the Managers\' certificates'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -s n -l dry-run -d 'Say what would be done, and change nothing'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l no-verify -d 'Do without the store: nothing is verified'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l catalina-home -d 'CATALINA_HOME, where it is not DIR itself [default: the variable of that name]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l tomcat-version -d 'The version of Tomcat, where its jars are not at hand' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l explain -d 'Say why a rule is one, and what that rests on' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l offline -d 'Connect to no database'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l strict -d 'Exit with 4 when there are notes too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l check -d 'Open each store, and report what fails'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l keep -d 'Make the store in this directory, and leave it there to play with' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -s u -l url -d 'The store: mysql://user@host:3306/tomcat, mariadb://..., mssql://..., sqlite:FILE, or a JDBC URL of those; several hosts of one cluster are separated by commas' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -s s -l store -d 'The store of this name in the configuration file, which `tomcat-sessions stores` lists' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l config -d 'The configuration file [default: ~/.config/tomcat-sessions/config.toml, then /etc/tomcat-sessions/config.toml]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l context-xml -d 'Take the store from the <Store> of a Tomcat\'s context.xml or server.xml, with its account, table and columns' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l password-file -d 'A file whose first line is the password; beats the one in the URL, as TOMCAT_SESSIONS_PASSWORD does' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l defaults-file -d 'A MySQL option file such as ~/.my.cnf: the account of its group [client], and its server and database where no --url is given' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l table -d 'The table [default: tomcat_sessions, or where only that is there, tomcat$sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l swap-table -d 'The table that sessions are swapped out to [default: the table\'s name with _swapped behind it]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l columns -d 'Columns that are called otherwise: id=NAME,app=NAME and so on, with data, valid, max-inactive and last-access; and for list, attributes to show: attr=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -s f -l format -d 'The form of the result' -r -f -a "table\t''
json\t''
ndjson\t''
csv\t''
prometheus\t''
sql\t''
sarif\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l reconnect -d 'Replace a lost connection for up to this time, by one to the same host or another one of the URL [default: 60s where the URL names several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l full-ids -d 'Show session ids whole; they are credentials'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -s q -l quiet -d 'Say nothing but warnings and errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -s v -l verbose -d 'Say more'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l no-progress -d 'Draw no progress'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l utc -d 'Show times in UTC and not in the local zone; machine formats have epoch milliseconds'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
