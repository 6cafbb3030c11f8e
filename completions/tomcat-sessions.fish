# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_tomcat_sessions_global_optspecs
    string join \n u/url= s/store= config= context-xml= password-file= defaults-file= table= swap-table= columns= f/format= json full-ids q/quiet v/verbose color= no-progress reconnect= utc h/help V/version
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

complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -s V -l version -d 'Print version'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "init-db" -d 'Print the script that creates a session database, or run it with --apply'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "list" -d 'List sessions, without their data'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "show" -d 'Show one session: columns, state and attributes'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "stats" -d 'Count sessions by application and state'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "check" -d 'Check the table and the server, and print remedies'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "audit" -d 'Scan session data for malicious objects'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "expire" -d 'Delete expired sessions in small batches, while Tomcat is running'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "delete" -d 'Delete sessions by id, or all that match filters'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "logout" -d 'Log users out everywhere: in the Tomcats\' memory, in the table and in the swap table'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "swap-out" -d 'Move idle sessions out of the live table'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "swap-in" -d 'Move swapped-out sessions back into the live table'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "migrate" -d 'Copy sessions to another store while Tomcat is running, and verify the copy'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "verify" -d 'Compare two stores, or a store and an archive, row by row'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "export" -d 'Export sessions to an archive, a FileStore directory, SQL or CSV'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "import" -d 'Import sessions from an archive or a FileStore directory'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "prune" -d 'Delete old archives made by `export`, and keep recent ones'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "tomcat" -d 'Generate and check Tomcat\'s configuration, and control running Tomcats'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "stores" -d 'List the stores of the configuration file'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "demo" -d 'Take a tour of the commands on a temporary store'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "completions" -d 'Print the completion script for a shell'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "man" -d 'Print the man page of the program or of a command'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "help" -d 'Print the help of the program or of a command'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_needs_command" -f -a "version" -d 'Print the version of the program'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l engine -d 'Print the script for this kind of server, without a connection' -r -f -a "mysql\t''
mariadb\t''
postgres\t''
mssql\t''
azure-sql\t''
sqlite\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l profile -d 'Table profile: the recommended table, or the documented one from Tomcat guides' -r -f -a "recommended\t''
documented\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l grants -d 'Privileges of the account: minimal for Tomcat, or all on the database [default: minimal; all with --profile documented]' -r -f -a "minimal\t''
all\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l database -d 'Database name [default: the one in --url, otherwise tomcat]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l user -d 'Name of Tomcat\'s account [default: tomcat]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l user-host -d 'Host from which the account may connect [default: %, any host]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l user-password-file -d 'File with the account\'s password in its first line; takes precedence over TOMCAT_SESSIONS_USER_PASSWORD' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l apply -d 'Create missing objects, and test them'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l with-swap-table -d 'Also create the swap table'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l with-lease -d 'Also create the lease table, a lock that all members of a cluster see [default: if --url is a member of a Galera cluster or a MySQL group]'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l no-user -d 'Create no account'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l generate-password -d 'Generate a strong password, and print it once, with the result'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l no-password-policy -d 'Do not apply the server\'s password policy to this account (SQL Server)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l reset-password -d 'Also change the password of an existing account'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand init-db" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l sort -d 'Sort key; descending, except id' -r -f -a "id\t'Session id, in the order of the key'
idle\t'Time since the last access'
size\t'Bytes of session data'
remaining\t'Time until the session expires'
timeout\t'max_inactive'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l limit -d 'Maximum number of sessions; 0 for all [default: 100 in a table; in other formats 1000 with --sort, otherwise all]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l from -d 'Start at this session id (not with --sort)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l read-from -d 'Host to read from if the URL has several: `primary` is the one that accepts writes, `replica` a read-only one if one is reachable' -r -f -a "primary\t''
replica\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l app -d 'Application: app_name, short name, glob or list; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l state -d 'Session state' -r -f -a "live\t'Will expire in the future'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'Never expires: max_inactive is 0 or less'
invalid\t'Not expired, but valid_session is not \'1\', or max_inactive or last_access is NULL'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l idle-over -d 'Minimum idle time (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l idle-under -d 'Maximum idle time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l since -d 'Accessed at this time or later: RFC 3339, a local date with or without a time, or a duration before now' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l before -d 'Accessed before this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l id -d 'Prefix of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l route -d 'jvmRoute: the part of the session id after the dot' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l larger-than -d 'Minimum size of the session data (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l smaller-than -d 'Maximum size of the session data' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l attr -d 'Attribute name, optionally with a value or glob; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l class -d 'Class of an object in the data, or a glob such as com.example.*; NAME@UID for one serialVersionUID' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l user -d 'Logged-in user, from Tomcat\'s principal or Spring Security' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l restorable -d 'Whether Tomcat can load the session, judged by its data; `no` finds damaged sessions, `unknown` those that cannot be judged' -r -f -a "yes\t''
no\t''
unknown\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l reverse -d 'Reverse the order (not for `id`)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l swapped -d 'Use the swap table instead of the live table'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l max-depth -d 'Maximum nesting depth of objects' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l max-objects -d 'Maximum number of objects' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l app -d 'Application: app_name, short name, glob or list; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l state -d 'Session state' -r -f -a "live\t'Will expire in the future'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'Never expires: max_inactive is 0 or less'
invalid\t'Not expired, but valid_session is not \'1\', or max_inactive or last_access is NULL'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l idle-over -d 'Minimum idle time (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l idle-under -d 'Maximum idle time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l since -d 'Accessed at this time or later: RFC 3339, a local date with or without a time, or a duration before now' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l before -d 'Accessed before this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l id -d 'Prefix of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l route -d 'jvmRoute: the part of the session id after the dot' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l larger-than -d 'Minimum size of the session data (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l smaller-than -d 'Maximum size of the session data' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l values -d 'Show attribute values, except those named like a password, secret, token or credential'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l reveal -d 'Show all values, including secrets'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l raw -d 'Write only the raw session data'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l hex -d 'Print an annotated hex dump of the data; it shows all values'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l swapped -d 'Use the swap table instead of the live table'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l by -d 'Count sessions and bytes by this property instead of by state' -r -f -a "attr\t'Name of an attribute'
class\t'Class of an object in the data'
user\t'Who is logged in'
route\t'jvmRoute'
app\t'Application'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l sort -d 'Sort order: largest first, or by name [default: name; sessions with --by]' -r -f -a "name\t'Name, in alphabetical order'
sessions\t'Number of sessions'
size\t'Bytes of session data'
expired\t'Number of expired sessions'
oldest\t'Time that a session has been expired'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l limit -d 'Maximum number of lines in the table; 0 for all [default: all]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l watch -d 'Refresh at this interval [default: 2s]; with --format ndjson print one line per query' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l html -d 'Write the totals with charts to this self-contained HTML file, or to stdout with `-`' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l metrics-file -d 'Write the totals as metrics to this .prom file, for node_exporter\'s textfile collector' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l read-from -d 'Host to read from if the URL has several: `primary` is the one that accepts writes, `replica` a read-only one if one is reachable' -r -f -a "primary\t''
replica\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l app -d 'Application: app_name, short name, glob or list; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l state -d 'Session state' -r -f -a "live\t'Will expire in the future'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'Never expires: max_inactive is 0 or less'
invalid\t'Not expired, but valid_session is not \'1\', or max_inactive or last_access is NULL'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l idle-over -d 'Minimum idle time (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l idle-under -d 'Maximum idle time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l since -d 'Accessed at this time or later: RFC 3339, a local date with or without a time, or a duration before now' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l before -d 'Accessed before this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l id -d 'Prefix of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l route -d 'jvmRoute: the part of the session id after the dot' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l larger-than -d 'Minimum size of the session data (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l smaller-than -d 'Maximum size of the session data' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l attr -d 'Attribute name, optionally with a value or glob; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l class -d 'Class of an object in the data, or a glob such as com.example.*; NAME@UID for one serialVersionUID' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l user -d 'Logged-in user, from Tomcat\'s principal or Spring Security' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l restorable -d 'Whether Tomcat can load the session, judged by its data; `no` finds damaged sessions, `unknown` those that cannot be judged' -r -f -a "yes\t''
no\t''
unknown\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l force -d 'Overwrite the file in --html if it exists'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l swapped -d 'Use the swap table instead of the live table'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stats" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l explain -d 'Print the reason for a rule, and its source' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l strict -d 'Exit with 4 if there are warnings'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l no-scan -d 'Do not scan the rows'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l sort -d 'Sort order of the classes' -r -f -a "class\t'Name of the class'
sessions\t'Number of sessions, largest first'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l limit -d 'Maximum number of lines in the table; 0 for all [default: all]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l identity -d 'File with the age secret key for an encrypted archive; repeatable' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l app -d 'Application: app_name, short name, glob or list; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l state -d 'Session state' -r -f -a "live\t'Will expire in the future'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'Never expires: max_inactive is 0 or less'
invalid\t'Not expired, but valid_session is not \'1\', or max_inactive or last_access is NULL'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l idle-over -d 'Minimum idle time (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l idle-under -d 'Maximum idle time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l since -d 'Accessed at this time or later: RFC 3339, a local date with or without a time, or a duration before now' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l before -d 'Accessed before this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l id -d 'Prefix of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l route -d 'jvmRoute: the part of the session id after the dot' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l larger-than -d 'Minimum size of the session data (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l smaller-than -d 'Maximum size of the session data' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand audit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l grace -d 'Leave sessions that expired within this time to Tomcat, so that its listeners fire' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l max-fraction -d 'Delete nothing if more than this share (for example 50%) of the table is expired. On a terminal, ask instead. With --yes, warn and delete' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l backup -d 'Archive the sessions in this new file before they are deleted; `import` restores them' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l metrics-file -d 'Write metrics of the run to this .prom file, for node_exporter\'s textfile collector' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l manager -d 'Manager application\'s URL; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l managers-file -d 'File with one such URL per line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l manager-user -d 'User for Manager applications whose URL has none' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l manager-password-file -d 'File with the password for the Manager applications' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l manager-ca -d 'PEM file with the certificate authorities of the Manager applications [default: the system\'s]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l manager-timeout -d 'Response timeout' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l state-file -d 'With --via-tomcat: file that keeps the original settings of the Tomcats\' Managers until they are restored [default: ~/.local/state/tomcat-sessions/tomcats.json]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l wait -d 'With --via-tomcat: time limit for a Tomcat to check the sessions of one application' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l app -d 'Application: app_name, short name, glob or list; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l state -d 'Session state' -r -f -a "live\t'Will expire in the future'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'Never expires: max_inactive is 0 or less'
invalid\t'Not expired, but valid_session is not \'1\', or max_inactive or last_access is NULL'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l idle-over -d 'Minimum idle time (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l idle-under -d 'Maximum idle time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l since -d 'Accessed at this time or later: RFC 3339, a local date with or without a time, or a duration before now' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l before -d 'Accessed before this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l id -d 'Prefix of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l route -d 'jvmRoute: the part of the session id after the dot' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l larger-than -d 'Minimum size of the session data (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l smaller-than -d 'Maximum size of the session data' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l batch -d 'Sessions per transaction' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l batch-time -d 'Target duration of a transaction; the next batch is smaller if one takes longer [default: 50ms; 200ms if sessions are copied to another store or an archive]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l sleep -d 'Fixed pause after each transaction [default: pauses that depend on how busy the server is, each at most as long as the transaction]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l max-rows -d 'Stop after this many sessions' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l max-time -d 'Stop after this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l wait-lock -d 'Time to wait for another run\'s lock' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l max-lag -d 'Wait while a replica (listed by SHOW REPLICAS or given with --lag-url) lags by more than this' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l lag-url -d 'URL of a replica to watch; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l max-flow-control -d 'Wait while Galera\'s flow control stops writers for more than this share of the time; for example 5%' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l max-load -d 'Wait while a status variable of the server is higher than this; for example Threads_running=25; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l allow-clock-skew -d 'Purge even if this machine\'s clock and the server\'s differ by more than 5 minutes'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l swapped -d 'Use the swap table instead of the live table'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -s y -l yes -d 'Do not ask for confirmation (without a terminal the program never asks)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l via-tomcat -d 'Make the Tomcats in --manager expire their own sessions, with listeners; purge only sessions of applications that none of them serves'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l manager-insecure -d 'Do not check the certificates of the Manager applications'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -s n -l dry-run -d 'Show what would be done, without doing it'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l fast -d 'Do not pause between transactions; same as --sleep 0'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand expire" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l backup -d 'Archive the sessions in this new file before they are deleted; `import` restores them' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l app -d 'Application: app_name, short name, glob or list; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l state -d 'Session state' -r -f -a "live\t'Will expire in the future'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'Never expires: max_inactive is 0 or less'
invalid\t'Not expired, but valid_session is not \'1\', or max_inactive or last_access is NULL'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l idle-over -d 'Minimum idle time (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l idle-under -d 'Maximum idle time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l since -d 'Accessed at this time or later: RFC 3339, a local date with or without a time, or a duration before now' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l before -d 'Accessed before this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l id -d 'Prefix of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l route -d 'jvmRoute: the part of the session id after the dot' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l larger-than -d 'Minimum size of the session data (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l smaller-than -d 'Maximum size of the session data' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l attr -d 'Attribute name, optionally with a value or glob; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l class -d 'Class of an object in the data, or a glob such as com.example.*; NAME@UID for one serialVersionUID' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l user -d 'Logged-in user, from Tomcat\'s principal or Spring Security' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l restorable -d 'Whether Tomcat can load the session, judged by its data; `no` finds damaged sessions, `unknown` those that cannot be judged' -r -f -a "yes\t''
no\t''
unknown\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l batch -d 'Sessions per transaction' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l batch-time -d 'Target duration of a transaction; the next batch is smaller if one takes longer [default: 50ms; 200ms if sessions are copied to another store or an archive]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l sleep -d 'Fixed pause after each transaction [default: pauses that depend on how busy the server is, each at most as long as the transaction]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l max-rows -d 'Stop after this many sessions' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l max-time -d 'Stop after this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l wait-lock -d 'Time to wait for another run\'s lock' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l max-lag -d 'Wait while a replica (listed by SHOW REPLICAS or given with --lag-url) lags by more than this' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l lag-url -d 'URL of a replica to watch; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l max-flow-control -d 'Wait while Galera\'s flow control stops writers for more than this share of the time; for example 5%' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l max-load -d 'Wait while a status variable of the server is higher than this; for example Threads_running=25; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l all -d 'Delete all sessions that match the filters; at least one filter is required (--app \'*\' for every application)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l swapped -d 'Use the swap table instead of the live table'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -s y -l yes -d 'Do not ask for confirmation (without a terminal the program never asks)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -s n -l dry-run -d 'Show what would be done, without doing it'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l fast -d 'Do not pause between transactions; same as --sleep 0'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l id -d 'Session id, or its unique prefix; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l attr -d 'Attribute name and value (the value may be a glob); repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l app -d 'Application: app_name, short name such as `demo`, glob, or list (shop,crm); repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l wait -d 'Time limit for repeating the search' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l backup -d 'Archive the sessions in this new file before they are deleted; `import` restores them' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l state-file -d 'File that keeps the original settings of the Tomcats\' Managers while the Tomcats save their sessions [default: ~/.local/state/tomcat-sessions/tomcats.json]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l manager -d 'Manager application\'s URL; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l managers-file -d 'File with one such URL per line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l manager-user -d 'User for Manager applications whose URL has none' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l manager-password-file -d 'File with the password for the Manager applications' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l manager-ca -d 'PEM file with the certificate authorities of the Manager applications [default: the system\'s]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l manager-timeout -d 'Response timeout' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l batch -d 'Sessions per transaction' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l batch-time -d 'Target duration of a transaction; the next batch is smaller if one takes longer [default: 50ms; 200ms if sessions are copied to another store or an archive]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l sleep -d 'Fixed pause after each transaction [default: pauses that depend on how busy the server is, each at most as long as the transaction]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l max-rows -d 'Stop after this many sessions' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l max-time -d 'Stop after this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l wait-lock -d 'Time to wait for another run\'s lock' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l max-lag -d 'Wait while a replica (listed by SHOW REPLICAS or given with --lag-url) lags by more than this' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l lag-url -d 'URL of a replica to watch; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l max-flow-control -d 'Wait while Galera\'s flow control stops writers for more than this share of the time; for example 5%' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l max-load -d 'Wait while a status variable of the server is higher than this; for example Threads_running=25; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l all -d 'Log out all sessions of the applications in --app'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -s y -l yes -d 'Do not ask for confirmation (without a terminal the program never asks)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l manager-insecure -d 'Do not check the certificates of the Manager applications'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -s n -l dry-run -d 'Show what would be done, without doing it'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l fast -d 'Do not pause between transactions; same as --sleep 0'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l max-idle -d 'Move sessions that have been idle for this long' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l max-active -d 'Keep the N most recently used sessions of each application' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l min-idle -d 'With --max-active: minimum idle time of moved sessions' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l to -d 'URL of another store, or archive file [default: the swap table]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l metrics-file -d 'Write metrics of the run to this .prom file, for node_exporter\'s textfile collector' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l other-password-file -d 'File with the password of the other store' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l other-table -d 'Table in the other store [default: tomcat_sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l app -d 'Application: app_name, short name, glob or list; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l state -d 'Session state' -r -f -a "live\t'Will expire in the future'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'Never expires: max_inactive is 0 or less'
invalid\t'Not expired, but valid_session is not \'1\', or max_inactive or last_access is NULL'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l idle-over -d 'Minimum idle time (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l idle-under -d 'Maximum idle time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l since -d 'Accessed at this time or later: RFC 3339, a local date with or without a time, or a duration before now' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l before -d 'Accessed before this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l id -d 'Prefix of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l route -d 'jvmRoute: the part of the session id after the dot' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l larger-than -d 'Minimum size of the session data (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l smaller-than -d 'Maximum size of the session data' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l attr -d 'Attribute name, optionally with a value or glob; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l class -d 'Class of an object in the data, or a glob such as com.example.*; NAME@UID for one serialVersionUID' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l user -d 'Logged-in user, from Tomcat\'s principal or Spring Security' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l restorable -d 'Whether Tomcat can load the session, judged by its data; `no` finds damaged sessions, `unknown` those that cannot be judged' -r -f -a "yes\t''
no\t''
unknown\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l batch -d 'Sessions per transaction' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l batch-time -d 'Target duration of a transaction; the next batch is smaller if one takes longer [default: 50ms; 200ms if sessions are copied to another store or an archive]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l sleep -d 'Fixed pause after each transaction [default: pauses that depend on how busy the server is, each at most as long as the transaction]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l max-rows -d 'Stop after this many sessions' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l max-time -d 'Stop after this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l wait-lock -d 'Time to wait for another run\'s lock' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l max-lag -d 'Wait while a replica (listed by SHOW REPLICAS or given with --lag-url) lags by more than this' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l lag-url -d 'URL of a replica to watch; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l max-flow-control -d 'Wait while Galera\'s flow control stops writers for more than this share of the time; for example 5%' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l max-load -d 'Wait while a status variable of the server is higher than this; for example Threads_running=25; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l manager -d 'Manager application\'s URL; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l managers-file -d 'File with one such URL per line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l manager-user -d 'User for Manager applications whose URL has none' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l manager-password-file -d 'File with the password for the Manager applications' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l manager-ca -d 'PEM file with the certificate authorities of the Manager applications [default: the system\'s]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l manager-timeout -d 'Response timeout' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l include-expired -d 'Also move expired sessions'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l create -d 'Create the swap table if it does not exist'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l force -d 'Allow idle times below 10 minutes'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l allow-clock-skew -d 'Continue even if this machine\'s clock and the server\'s differ by more than 5 minutes'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -s y -l yes -d 'Do not ask for confirmation (without a terminal the program never asks)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -s n -l dry-run -d 'Show what would be done, without doing it'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l fast -d 'Do not pause between transactions; same as --sleep 0'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l manager-insecure -d 'Do not check the certificates of the Manager applications'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-out" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l from -d 'URL of another store to move sessions from [default: the swap table]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l other-password-file -d 'File with the password of the other store' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l other-table -d 'Table in the other store [default: tomcat_sessions]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l app -d 'Application: app_name, short name, glob or list; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l state -d 'Session state' -r -f -a "live\t'Will expire in the future'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'Never expires: max_inactive is 0 or less'
invalid\t'Not expired, but valid_session is not \'1\', or max_inactive or last_access is NULL'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l idle-over -d 'Minimum idle time (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l idle-under -d 'Maximum idle time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l since -d 'Accessed at this time or later: RFC 3339, a local date with or without a time, or a duration before now' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l before -d 'Accessed before this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l id -d 'Prefix of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l route -d 'jvmRoute: the part of the session id after the dot' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l larger-than -d 'Minimum size of the session data (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l smaller-than -d 'Maximum size of the session data' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l attr -d 'Attribute name, optionally with a value or glob; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l class -d 'Class of an object in the data, or a glob such as com.example.*; NAME@UID for one serialVersionUID' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l user -d 'Logged-in user, from Tomcat\'s principal or Spring Security' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l restorable -d 'Whether Tomcat can load the session, judged by its data; `no` finds damaged sessions, `unknown` those that cannot be judged' -r -f -a "yes\t''
no\t''
unknown\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l batch -d 'Sessions per transaction' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l batch-time -d 'Target duration of a transaction; the next batch is smaller if one takes longer [default: 50ms; 200ms if sessions are copied to another store or an archive]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l sleep -d 'Fixed pause after each transaction [default: pauses that depend on how busy the server is, each at most as long as the transaction]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l max-rows -d 'Stop after this many sessions' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l max-time -d 'Stop after this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l wait-lock -d 'Time to wait for another run\'s lock' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l max-lag -d 'Wait while a replica (listed by SHOW REPLICAS or given with --lag-url) lags by more than this' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l lag-url -d 'URL of a replica to watch; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l max-flow-control -d 'Wait while Galera\'s flow control stops writers for more than this share of the time; for example 5%' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l max-load -d 'Wait while a status variable of the server is higher than this; for example Threads_running=25; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l all -d 'Move all sessions; not needed with a filter'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l touch -d 'Set the last access to now, so that expired sessions become live'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l allow-clock-skew -d 'Continue even if this machine\'s clock and the server\'s differ by more than 5 minutes'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -s n -l dry-run -d 'Show what would be done, without doing it'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l fast -d 'Do not pause between transactions; same as --sleep 0'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand swap-in" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l from -d 'URL of the source [default: --url]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l to -d 'URL of the target' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l jobs -d 'Number of parallel writers (1 with SQLite)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l max-rate -d 'Maximum bytes of session data per second (500KB, 10MB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l passes -d 'Maximum number of passes after the first' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l max-time -d 'Stop after this time; run again to finish' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l until-quiet -d 'With --follow: end when the source has not changed for this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l from-password-file -d 'File with the password of the first store; takes precedence over a password in its URL' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l to-password-file -d 'File with the password of the second store' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l to-table -d 'Table in the second store, if different from --table' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l to-columns -d 'Column names in the second store, as in --columns' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l max-lag -d 'Read from a replica only while it is at most this far behind its primary server' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l allow-classes -d 'Accept only sessions made of the classes in this file (one per line, or com.example.*)' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l unreadable -d 'What to do with sessions whose data cannot be decoded completely' -r -f -a "skip\t'Skip them, and list them'
keep\t'Accept them, unless they contain the name of a refused class'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l app -d 'Application: app_name, short name, glob or list; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l state -d 'Session state' -r -f -a "live\t'Will expire in the future'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'Never expires: max_inactive is 0 or less'
invalid\t'Not expired, but valid_session is not \'1\', or max_inactive or last_access is NULL'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l idle-over -d 'Minimum idle time (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l idle-under -d 'Maximum idle time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l since -d 'Accessed at this time or later: RFC 3339, a local date with or without a time, or a duration before now' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l before -d 'Accessed before this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l id -d 'Prefix of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l route -d 'jvmRoute: the part of the session id after the dot' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l larger-than -d 'Minimum size of the session data (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l smaller-than -d 'Maximum size of the session data' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l init -d 'Create the target\'s table if it is missing, as `init-db --no-user` does'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -s n -l dry-run -d 'Check and read both stores, without writing'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l follow -d 'Repeat passes until interrupted'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l delete-gone -d 'Delete target rows whose sessions ended in the source during this run'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l no-verify -d 'Do not read batches back or compare rows'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -s y -l yes -d 'Do not ask for confirmation (without a terminal the program never asks)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l allow-stale -d 'Read from a replica whose replication has stopped, lags, or cannot be inspected'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l no-gadget-check -d 'Also accept sessions with classes used in known deserialization attacks'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand migrate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l limit -d 'Maximum number of listed sessions; 0 for all (all are counted)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l identity -d 'File with the age secret key for an encrypted archive; repeatable' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l read-from -d 'Host to read from if the URL has several: `primary` is the one that accepts writes, `replica` a read-only one if one is reachable' -r -f -a "primary\t''
replica\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l from-password-file -d 'File with the password of the first store; takes precedence over a password in its URL' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l to-password-file -d 'File with the password of the second store' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l to-table -d 'Table in the second store, if different from --table' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l to-columns -d 'Column names in the second store, as in --columns' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l max-lag -d 'Read from a replica only while it is at most this far behind its primary server' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l allow-stale -d 'Read from a replica whose replication has stopped, lags, or cannot be inspected'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l compress -d 'Compression format, regardless of the extension of the file name' -r -f -a "none\t''
gz\t''
zst\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l encrypt-to -d 'Encrypt the archive for this age recipient (age1...), or for those in a file; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l dialect -d 'SQL dialect of --format sql: mysql, mariadb, postgres, mssql, sqlite [default: the store\'s]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l passes -d 'Maximum number of passes after the first' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l max-time -d 'Stop after this time, also in the middle of a pass' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l read-from -d 'Host to read from if the URL has several: `primary` is the one that accepts writes, `replica` a read-only one if one is reachable' -r -f -a "primary\t''
replica\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l app -d 'Application: app_name, short name, glob or list; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l state -d 'Session state' -r -f -a "live\t'Will expire in the future'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'Never expires: max_inactive is 0 or less'
invalid\t'Not expired, but valid_session is not \'1\', or max_inactive or last_access is NULL'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l idle-over -d 'Minimum idle time (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l idle-under -d 'Maximum idle time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l since -d 'Accessed at this time or later: RFC 3339, a local date with or without a time, or a duration before now' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l before -d 'Accessed before this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l id -d 'Prefix of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l route -d 'jvmRoute: the part of the session id after the dot' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l larger-than -d 'Minimum size of the session data (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l smaller-than -d 'Maximum size of the session data' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l attr -d 'Attribute name, optionally with a value or glob; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l class -d 'Class of an object in the data, or a glob such as com.example.*; NAME@UID for one serialVersionUID' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l user -d 'Logged-in user, from Tomcat\'s principal or Spring Security' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l restorable -d 'Whether Tomcat can load the session, judged by its data; `no` finds damaged sessions, `unknown` those that cannot be judged' -r -f -a "yes\t''
no\t''
unknown\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l max-lag -d 'Read from a replica only while it is at most this far behind its primary server' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l force -d 'Overwrite existing files'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l swapped -d 'Use the swap table instead of the live table'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l allow-stale -d 'Read from a replica whose replication has stopped, lags, or cannot be inspected'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l on-conflict -d 'What to do with a session that already exists in the table' -r -f -a "newer\t'Keep the one with the higher last_access'
skip\t'Keep the existing row'
replace\t'Replace the existing row'
fail\t'Stop at the first such session'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l rename-app -d 'Rename an application: OLD=NEW; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l identity -d 'File with the age secret key for an encrypted archive; repeatable' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l allow-classes -d 'Accept only sessions made of the classes in this file (one per line, or com.example.*)' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l unreadable -d 'What to do with sessions whose data cannot be decoded completely' -r -f -a "skip\t'Skip them, and list them'
keep\t'Accept them, unless they contain the name of a refused class'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l app -d 'Application: app_name, short name, glob or list; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l state -d 'Session state' -r -f -a "live\t'Will expire in the future'
expired\t'max_inactive > 0 and last_access + max_inactive * 1000 < now'
never\t'Never expires: max_inactive is 0 or less'
invalid\t'Not expired, but valid_session is not \'1\', or max_inactive or last_access is NULL'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l idle-over -d 'Minimum idle time (90s, 30m, 12h, 7d)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l idle-under -d 'Maximum idle time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l since -d 'Accessed at this time or later: RFC 3339, a local date with or without a time, or a duration before now' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l before -d 'Accessed before this time' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l id -d 'Prefix of the session id' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l route -d 'jvmRoute: the part of the session id after the dot' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l larger-than -d 'Minimum size of the session data (10KB, 1MiB)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l smaller-than -d 'Maximum size of the session data' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -s n -l dry-run -d 'Show what would be written, without writing it'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l drop-expired -d 'Skip expired sessions'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l any-data -d 'Like --unreadable keep; also import data that are not a Java serialization stream'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l allow-truncated -d 'Import the intact sessions of a damaged archive, and report the rest'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -s y -l yes -d 'Do not ask for confirmation (without a terminal the program never asks)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l no-gadget-check -d 'Also accept sessions with classes used in known deserialization attacks'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -l keep-last -d 'Keep the newest N archives (or `unlimited`)' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -l keep-hourly -d 'Keep the newest archive of each of the last N hours that have one' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -l keep-daily -d 'Keep the newest archive of each of the last N days that have one' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -l keep-weekly -d 'Keep the newest archive of each of the last N weeks that have one' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -l keep-monthly -d 'Keep the newest archive of each of the last N months that have one' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -l keep-yearly -d 'Keep the newest archive of each of the last N years that have one' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -l keep-within -d 'Keep the archives made within this time before the newest one' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -l identity -d 'File with the age secret key for an encrypted archive; repeatable' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -s n -l dry-run -d 'Show what would be deleted, without deleting it'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -s y -l yes -d 'Do not ask for confirmation (without a terminal the program never asks)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -f -a "config" -d 'Generate the configuration files with which Tomcat keeps its sessions in the store'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -f -a "status" -d 'Compare the sessions in the memory of running Tomcats with the rows in the store'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -f -a "flush" -d 'Make running Tomcats write all sessions in memory to the table'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -f -a "swap-out" -d 'Make running Tomcats move idle sessions from memory to the table'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -f -a "drain" -d 'Take one Tomcat out of service: move all its sessions from memory to the table'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -f -a "expire" -d 'Make running Tomcats expire sessions now, with their listeners'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -f -a "maintenance" -d 'Prevent Tomcats from writing to the database during its maintenance'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and not __fish_seen_subcommand_from config status flush swap-out drain expire maintenance lint" -f -a "lint" -d 'Check the configuration of Tomcats, and print problems with their remedies'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l tomcat -d 'Tomcat version: 9.0, 10.1 or 11.0' -r -f -a "9\t''
10\t''
11\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l store-class -d 'Store class: DataSourceStore, or (up to Tomcat 9) the JDBCStore used in Tomcat guides' -r -f -a "datasource\t''
jdbc\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l driver -d 'JDBC driver [default: the one for the server in the URL]' -r -f -a "mysql\t''
mariadb\t''
postgres\t''
mssql\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l route -d 'jvmRoute: the load balancer\'s name for this Tomcat' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l values -d 'Settings for production, or those used in Tomcat guides' -r -f -a "production\t''
guide\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l output-dir -d 'Write the files under this directory, without overwriting existing files' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l sticky -d 'For sticky load balancers: save sessions with background backups instead of after each request'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from config" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l app -d 'Application: app_name, short name such as `demo`, glob, or list (shop,crm); repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l sort -d 'Sort order of the applications' -r -f -a "name\t'Name of the application'
memory\t'Sessions in memory, largest first'
table\t'Rows of the table, largest first'
stale\t'Stale sessions, largest first'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l limit -d 'Maximum number of lines in the table; 0 for all [default: all]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l manager -d 'Manager application\'s URL; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l managers-file -d 'File with one such URL per line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l manager-user -d 'User for Manager applications whose URL has none' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l manager-password-file -d 'File with the password for the Manager applications' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l manager-ca -d 'PEM file with the certificate authorities of the Manager applications [default: the system\'s]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l manager-timeout -d 'Response timeout' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l no-stale -d 'Do not compute STALE, which requires one request per session'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l manager-insecure -d 'Do not check the certificates of the Manager applications'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l app -d 'Application: app_name, short name such as `demo`, glob, or list (shop,crm); repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l state-file -d 'File that keeps the original settings of the Tomcats\' Managers until they are restored [default: ~/.local/state/tomcat-sessions/tomcats.json]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l wait -d 'Time limit for a Tomcat\'s background pass over the sessions of one application' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l manager -d 'Manager application\'s URL; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l managers-file -d 'File with one such URL per line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l manager-user -d 'User for Manager applications whose URL has none' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l manager-password-file -d 'File with the password for the Manager applications' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l manager-ca -d 'PEM file with the certificate authorities of the Manager applications [default: the system\'s]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l manager-timeout -d 'Response timeout' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l no-verify -d 'Do not use the store, and verify nothing'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -s n -l dry-run -d 'Show what would be done, without doing it'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l manager-insecure -d 'Do not check the certificates of the Manager applications'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from flush" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l idle -d 'Minimum time since the last request' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l app -d 'Application: app_name, short name such as `demo`, glob, or list (shop,crm); repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l state-file -d 'File that keeps the original settings of the Tomcats\' Managers until they are restored [default: ~/.local/state/tomcat-sessions/tomcats.json]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l wait -d 'Time limit for a Tomcat\'s background pass over the sessions of one application' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l manager -d 'Manager application\'s URL; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l managers-file -d 'File with one such URL per line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l manager-user -d 'User for Manager applications whose URL has none' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l manager-password-file -d 'File with the password for the Manager applications' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l manager-ca -d 'PEM file with the certificate authorities of the Manager applications [default: the system\'s]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l manager-timeout -d 'Response timeout' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l no-verify -d 'Do not use the store, and verify nothing'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -s n -l dry-run -d 'Show what would be done, without doing it'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l manager-insecure -d 'Do not check the certificates of the Manager applications'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from swap-out" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l idle -d 'Swap out sessions that had no request for this long' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l app -d 'Application: app_name, short name such as `demo`, glob, or list (shop,crm); repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l state-file -d 'File that keeps the original settings of the Tomcats\' Managers until they are restored [default: ~/.local/state/tomcat-sessions/tomcats.json]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l manager -d 'Manager application\'s URL; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l managers-file -d 'File with one such URL per line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l manager-user -d 'User for Manager applications whose URL has none' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l manager-password-file -d 'File with the password for the Manager applications' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l manager-ca -d 'PEM file with the certificate authorities of the Manager applications [default: the system\'s]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l manager-timeout -d 'Response timeout' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l wait -d 'Maximum time until the memory is empty; also the limit of each pass' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l no-verify -d 'Do not use the store, and verify nothing'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -s n -l dry-run -d 'Show what would be done, without doing it'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l manager-insecure -d 'Do not check the certificates of the Manager applications'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from drain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l app -d 'Application: app_name, short name such as `demo`, glob, or list (shop,crm); repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l state-file -d 'File that keeps the original settings of the Tomcats\' Managers until they are restored [default: ~/.local/state/tomcat-sessions/tomcats.json]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l wait -d 'Time limit for a Tomcat\'s background pass over the sessions of one application' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l manager -d 'Manager application\'s URL; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l managers-file -d 'File with one such URL per line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l manager-user -d 'User for Manager applications whose URL has none' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l manager-password-file -d 'File with the password for the Manager applications' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l manager-ca -d 'PEM file with the certificate authorities of the Manager applications [default: the system\'s]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l manager-timeout -d 'Response timeout' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l no-verify -d 'Do not use the store, and verify nothing'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -s n -l dry-run -d 'Show what would be done, without doing it'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l manager-insecure -d 'Do not check the certificates of the Manager applications'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from expire" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l app -d 'Application: app_name, short name such as `demo`, glob, or list (shop,crm); repeatable; not for `end`' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l state-file -d 'File that keeps the original settings of the Tomcats\' Managers until they are restored [default: ~/.local/state/tomcat-sessions/tomcats.json]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l wait -d 'Time limit for a Tomcat\'s background pass over the sessions of one application' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l manager -d 'Manager application\'s URL; repeatable' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l managers-file -d 'File with one such URL per line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l manager-user -d 'User for Manager applications whose URL has none' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l manager-password-file -d 'File with the password for the Manager applications' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l manager-ca -d 'PEM file with the certificate authorities of the Manager applications [default: the system\'s]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l manager-timeout -d 'Response timeout' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l no-verify -d 'Do not use the store, and verify nothing'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -s n -l dry-run -d 'Show what would be done, without doing it'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l manager-insecure -d 'Do not check the certificates of the Manager applications'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from maintenance" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l catalina-home -d 'CATALINA_HOME, if different from DIR [default: the environment variable]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l tomcat-version -d 'Tomcat version, if its jars are not available' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l explain -d 'Print the reason for a rule, and its source' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l offline -d 'Do not connect to databases'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l strict -d 'Exit with 4 even if there are only notes'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand tomcat; and __fish_seen_subcommand_from lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l sort -d 'Sort order' -r -f -a "file\t'As in the configuration files'
name\t'Name'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l limit -d 'Maximum number of lines in the table; 0 for all [default: all]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l check -d 'Open each store, and report errors'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand stores" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l keep -d 'Keep a copy of the store, as it was before the purge, in this directory' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l no-pause -d 'Do not wait for Enter after each step'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand help" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand help" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand help" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand help" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand help" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand help" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand help" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand help" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand help" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand help" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand help" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand help" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand help" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand help" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand help" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand help" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand help" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand help" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand version" -s u -l url -d 'URL of the store, mysql://user@host/db' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand version" -s s -l store -d 'Name of a store in the configuration file' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand version" -l config -d 'Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a store in both, the first file counts]' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand version" -l context-xml -d 'Read the store from a Tomcat\'s context.xml or server.xml' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand version" -l password-file -d 'File with the password in its first line' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand version" -l defaults-file -d 'MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the database' -r -F
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand version" -l table -d 'Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand version" -l swap-table -d 'Table for swapped-out sessions [default: TABLE_swapped]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand version" -l columns -d 'Column names of the table, if they differ from the default names: id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand version" -s f -s o -l format -l output -d 'Output format [default: table]' -r -f -a "table\t'Tables and sentences'
wide\t'A table with more columns (list)'
json\t'One JSON document'
ndjson\t'JSON, one document per line'
csv\t'Comma-separated values'
prometheus\t'Metrics (stats)'
sql\t'INSERT statements (export)'
sarif\t'SARIF 2.1.0 (tomcat lint)'"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand version" -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand version" -l reconnect -d 'Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with several hosts, otherwise 0]' -r
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand version" -l json -d 'Same as --format json'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand version" -l full-ids -d 'Show complete session ids (they are credentials)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand version" -s q -l quiet -d 'Print only warnings and errors; with a machine format such as json, print results too'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand version" -s v -l verbose -d 'Print statements and requests by kind, with their number, rows and time; -vv prints each statement\'s SQL'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand version" -l no-progress -d 'Hide the progress bar'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand version" -l utc -d 'Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)'
complete -c tomcat-sessions -n "__fish_tomcat_sessions_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
