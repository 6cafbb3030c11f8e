-- Makes each statement see committed rows, and lock only the rows that it finds.
-- For every command.
-- It is the default, unless somebody has changed it.
SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED
