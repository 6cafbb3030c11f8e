-- Makes each statement see committed rows, and lock only the rows that it finds.
-- For every command.
-- Works on SQL Server 2005 and later.
SET TRANSACTION ISOLATION LEVEL READ COMMITTED
