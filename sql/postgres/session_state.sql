-- Tells whether the server is at work for another session of this account.
-- An account sees its own sessions. One that waits for its client is idle; where a state is not shown, nothing can be told.
SELECT CASE WHEN COUNT(*) = 0 THEN 0 WHEN COUNT(state) = 0 THEN NULL ELSE COUNT(*) FILTER (WHERE state = 'active') END
FROM pg_stat_activity WHERE pid = :session
