-- Tells whether the advisory lock of this table is held by this very connection.
SELECT COALESCE(IS_USED_LOCK(:name) = CONNECTION_ID(), 0)
