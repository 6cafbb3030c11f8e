-- Makes each statement see committed rows, and lock only the rows that it finds.
-- For every command.
-- Under REPEATABLE READ, InnoDB's default, a purge also locks the gaps between rows, and Tomcat's INSERTs wait.
SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED
