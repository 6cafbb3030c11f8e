-- Reads the server's clock in epoch milliseconds.
-- For every command that judges expiry, and `check`, which compares it with this machine's clock.
-- CLOCK_TIMESTAMP is the time of the call; NOW is the time when the transaction began.
SELECT CAST(FLOOR(EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000) AS BIGINT)
