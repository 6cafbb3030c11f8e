-- Reads the server's clock in epoch milliseconds.
-- It is this machine's own.
SELECT CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)
