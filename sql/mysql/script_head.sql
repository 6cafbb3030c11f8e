-- Settings with which this script has the same effect in every client.
-- It sets the character set of the script, makes backslashes escape in literals (the script doubles them), and makes the
-- server refuse a value that does not fit its column instead of truncating it.
SET NAMES utf8mb4, SESSION sql_mode = CONCAT(REPLACE(@@SESSION.sql_mode, 'NO_BACKSLASH_ESCAPES', ''), ',STRICT_ALL_TABLES')
