-- Lets a script mean the same to every client.
-- The character set of the script's bytes, whatever the client's; backslashes that escape, since literals double them; an
-- error, not a shorter value, where one does not fit its column.
SET NAMES utf8mb4, SESSION sql_mode = CONCAT(REPLACE(@@SESSION.sql_mode, 'NO_BACKSLASH_ESCAPES', ''), ',STRICT_ALL_TABLES')
