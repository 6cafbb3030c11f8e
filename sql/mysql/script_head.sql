-- Settings with which this script has the same effect in every client.
-- It sets the character set of the script, makes the backslash an escape character in literals (the script writes each
-- backslash twice), and makes the server refuse a value that does not fit its column instead of truncating it.
SET NAMES utf8mb4, SESSION sql_mode = CONCAT(REPLACE(@@SESSION.sql_mode, 'NO_BACKSLASH_ESCAPES', ''), ',STRICT_ALL_TABLES')
