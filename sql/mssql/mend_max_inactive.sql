-- Mends the column of the time-out: whole seconds, below zero for a session that never expires.
-- BIGINT, since Tomcat's own query multiplies it by 1000 in its own type.
ALTER TABLE [tomcat_sessions] ALTER COLUMN [max_inactive] BIGINT NOT NULL
