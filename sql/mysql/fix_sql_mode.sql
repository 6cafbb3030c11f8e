-- Makes the server refuse a value that does not fit instead of truncating it, from the next login on.
-- Add the same mode to the server's configuration file; otherwise it is lost at the next start.
SET GLOBAL sql_mode = CONCAT_WS(',', NULLIF(@@GLOBAL.sql_mode, ''), 'STRICT_TRANS_TABLES')
