-- Reads the server's clock in epoch milliseconds.
-- For every command that judges expiry, and `check`, which compares it with this machine's clock.
-- CLOCK_TIMESTAMP is the moment of the call, where NOW is that of the beginning of the transaction.
SELECT CAST(FLOOR(EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000) AS BIGINT)
