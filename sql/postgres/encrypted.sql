-- Reads the cipher of this connection; the value is empty without encryption.
-- For `check`.
SELECT 'ssl', cipher FROM pg_stat_ssl WHERE pid = PG_BACKEND_PID()
