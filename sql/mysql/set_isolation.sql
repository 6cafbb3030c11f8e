-- Lets each statement see what is committed, and lock the rows it finds only.
-- Under REPEATABLE READ, InnoDB's default, a purge locks the gaps between rows too, and Tomcat's INSERTs wait for them.
SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED
