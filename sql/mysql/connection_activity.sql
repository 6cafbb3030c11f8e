-- Checks whether the server is executing a statement for another connection of this account.
-- For every command that has waited for an answer for longer than keepalive-timeout.
-- An account sees its own connections without PROCESS. The query also asks for the current connection: if even that one is
-- invisible, as behind some proxies, nothing is known about the other. A connection that waits for its client sleeps.
SELECT ID = CONNECTION_ID(), COMMAND <> 'Sleep' FROM information_schema.PROCESSLIST WHERE ID IN (CONNECTION_ID(), :session)
