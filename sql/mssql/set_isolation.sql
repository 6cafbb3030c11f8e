-- Lets each statement see what is committed, and lock the rows it finds only.
SET TRANSACTION ISOLATION LEVEL READ COMMITTED
