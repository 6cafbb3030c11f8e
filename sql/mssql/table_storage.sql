-- Keeps long data out of the pages in which keys are read.
-- Up to 8,000 bytes would stay beside the key otherwise, and whoever looks for what is expired, lists or counts would read
-- all sessions. A procedure's batch of its own: a server that refuses it keeps sessions all the same.
-- SQL Server 2005 and later.
EXEC sp_tableoption @TableNamePattern = :table, @OptionName = 'large value types out of row', @OptionValue = 1
