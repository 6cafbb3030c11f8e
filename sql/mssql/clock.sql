-- Reads the server's clock in epoch milliseconds.
-- For every command that judges expiry, and `check`, which compares it with this machine's clock.
-- DATEDIFF counts in INT and overflows after 24 days of milliseconds; DATEDIFF_BIG does not.
-- Works on SQL Server 2016 and later.
SELECT DATEDIFF_BIG(MILLISECOND, CAST('1970-01-01' AS DATETIME2), SYSUTCDATETIME())
