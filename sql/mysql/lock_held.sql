-- Checks whether this connection holds the advisory lock of this table.
-- For every command that writes, after a pause or a reconnection.
SELECT COALESCE(IS_USED_LOCK(:name) = CONNECTION_ID(), 0)
