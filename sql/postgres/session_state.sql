-- Checks whether the server is executing a statement for another connection of this account.
-- For every command that has waited for an answer for longer than keepalive-timeout.
-- An account sees its own sessions. One that waits for its client is idle; where a state is not shown, nothing can be told.
SELECT CASE WHEN COUNT(*) = 0 THEN 0 WHEN COUNT(state) = 0 THEN NULL ELSE COUNT(*) FILTER (WHERE state = 'active') END
FROM pg_stat_activity WHERE pid = :session
