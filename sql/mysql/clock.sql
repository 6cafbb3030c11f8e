-- Reads the server's clock in epoch milliseconds.
-- SYSDATE is the moment of the call, where NOW is that of the statement's beginning; the time zone cancels out.
SELECT CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED)
