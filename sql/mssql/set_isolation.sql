-- Lets each statement see what is committed, and lock the rows it finds only.
-- SQL Server 2005 and later.
SET TRANSACTION ISOLATION LEVEL READ COMMITTED
