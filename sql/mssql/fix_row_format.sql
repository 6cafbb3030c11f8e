-- Keeps long data out of the pages in which keys are read.
-- SQL Server 2005 and later.
EXEC sp_tableoption @TableNamePattern = :table, @OptionName = 'large value types out of row', @OptionValue = 1
