-- Reads the kind of the server, the account of this connection, and the limits that matter here.
-- For every command, when it opens the table.
-- It must not need a privilege.
-- The sql_mode is that of new logins. read_only is text, because some servers have more values than ON
-- and OFF. The last column says that readers do not wait for writers.
SELECT VERSION(), CURRENT_USER(), DATABASE(), @@GLOBAL.max_allowed_packet,
  CAST(@@GLOBAL.read_only AS CHAR) NOT IN ('0', 'OFF'), @@GLOBAL.sql_mode, 0
