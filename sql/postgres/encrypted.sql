-- Tells by which cipher this connection is encrypted; the value is empty where it is not.
SELECT 'ssl', cipher FROM pg_stat_ssl WHERE pid = PG_BACKEND_PID()
