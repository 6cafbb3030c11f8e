-- Lets each statement see what is committed, and lock the rows it finds only.
-- It is the default, unless somebody has changed it.
SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED
