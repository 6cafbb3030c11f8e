-- Prepares our own connection.
-- For every command.
-- It must not change anything for other connections.
-- A short lock_timeout, so that the program gives way to Tomcat and not Tomcat to the program; no statement_timeout, so
-- that the server does not cancel long statements; time limits after which the server ends transactions and connections
-- of a client that is gone; a plan for each execution, because a generic plan does not know how many rows a page reads;
-- no JIT, which takes longer than a page; and literals in which a backslash is an ordinary character.
SET lock_timeout = '3s'; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = '90s';
SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 6;
SET plan_cache_mode = force_custom_plan; SET jit = off; SET standard_conforming_strings = on
