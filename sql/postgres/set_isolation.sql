-- Makes each statement see committed rows, and lock only the rows that it finds.
-- For every command.
-- READ COMMITTED is the default, but the server or the account may have another one.
SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED
