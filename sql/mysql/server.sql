-- Reads what kind of server this is, who we are on it, and the limits that matter here.
-- The sql_mode is the one that a login begins with; read_only is a word where the server knows more than on and off.
-- No reader waits for a writer, which the last column tells.
SELECT VERSION(), CURRENT_USER(), DATABASE(), @@GLOBAL.max_allowed_packet,
  CAST(@@GLOBAL.read_only AS CHAR) NOT IN ('0', 'OFF'), @@GLOBAL.sql_mode, 0
