-- Prepares our own connection.
-- For every command.
-- It must not change anything for other connections.
-- Short waits for locks, so that we give way to Tomcat and not it to us; no end of a statement of ours that is at work;
-- an end, by the server, of a transaction whose client fell silent, or is gone from the network; a plan for each call, since
-- one for all calls would not know how much a page reads; no machine code, which takes longer than a page; and backslashes
-- that are themselves in literals, whatever the server's default.
SET lock_timeout = '3s'; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = '90s';
SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 6;
SET plan_cache_mode = force_custom_plan; SET jit = off; SET standard_conforming_strings = on
