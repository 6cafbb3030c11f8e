-- Checks whether the server is executing a statement for another connection of this account.
-- For every command that has waited for an answer for longer than keepalive-timeout.
-- An account sees its own connections. A connection that waits for its client is idle; if the state is hidden, the result
-- is NULL.
SELECT CASE WHEN COUNT(*) = 0 THEN 0 WHEN COUNT(state) = 0 THEN NULL ELSE COUNT(*) FILTER (WHERE state = 'active') END
FROM pg_stat_activity WHERE pid = :session
