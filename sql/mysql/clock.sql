-- Reads the server's clock in epoch milliseconds.
-- For every command that judges expiry, and `check`, which compares it with this machine's clock.
-- SYSDATE is the time of the call; NOW would be the time at which the statement began. The time zone cancels out.
SELECT CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED)
