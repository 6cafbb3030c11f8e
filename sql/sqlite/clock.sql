-- Reads the server's clock in epoch milliseconds.
-- For every command that judges expiry, and `check`, which compares it with this machine's clock.
-- It is the clock of this machine.
SELECT CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)
