-- Keeps long data out of the pages in which keys are read.
EXEC sp_tableoption @TableNamePattern = :table, @OptionName = 'large value types out of row', @OptionValue = 1
