-- Stores long data separately from the keys.
-- Works on SQL Server 2005 and later.
EXEC sp_tableoption @TableNamePattern = :table, @OptionName = 'large value types out of row', @OptionValue = 1
