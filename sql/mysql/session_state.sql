-- Tells whether the server is at work for another session of this account.
-- An account sees its own sessions without PROCESS. This one is asked for too: where even that is not seen, as behind some
-- proxies, nothing can be told of the other. A session that waits for its client sleeps.
SELECT ID = CONNECTION_ID(), COMMAND <> 'Sleep' FROM information_schema.PROCESSLIST WHERE ID IN (CONNECTION_ID(), :session)
