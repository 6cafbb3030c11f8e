-- Changes the type of the last access column: epoch milliseconds.
ALTER TABLE "tomcat_sessions"
  ALTER COLUMN "last_access" TYPE BIGINT USING CAST("last_access" AS BIGINT),
  ALTER COLUMN "last_access" SET NOT NULL
