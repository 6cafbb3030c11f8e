-- Changes the type of the timeout column: whole seconds, negative for a session that never expires.
ALTER TABLE "tomcat_sessions"
  ALTER COLUMN "max_inactive" TYPE BIGINT USING CAST("max_inactive" AS BIGINT),
  ALTER COLUMN "max_inactive" SET NOT NULL
