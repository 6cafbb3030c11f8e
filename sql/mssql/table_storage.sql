-- Stores long data separately from the keys.
-- Otherwise up to 8,000 bytes are stored with the key, and every search for expired sessions, every list and every count
-- reads all session data. It is a separate batch: a server that refuses it can still store sessions.
-- Works on SQL Server 2005 and later.
EXEC sp_tableoption @TableNamePattern = :table, @OptionName = 'large value types out of row', @OptionValue = 1
