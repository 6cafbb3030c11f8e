-- Mends the column of the time-out: whole seconds, below zero for a session that never expires.
ALTER TABLE "tomcat_sessions"
  ALTER COLUMN "max_inactive" TYPE BIGINT USING CAST("max_inactive" AS BIGINT),
  ALTER COLUMN "max_inactive" SET NOT NULL
