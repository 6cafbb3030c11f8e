-- Lets the server refuse a value that does not fit, instead of cutting it off, from the next login on.
-- The same mode belongs in the server's configuration, or is forgotten at its next start.
SET GLOBAL sql_mode = CONCAT_WS(',', NULLIF(@@GLOBAL.sql_mode, ''), 'STRICT_TRANS_TABLES')
