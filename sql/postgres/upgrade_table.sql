-- Changes a documented table into the recommended one.
-- It copies the whole table, and Tomcat's saves wait or fail meanwhile: stop Tomcat first. It fails, and changes nothing, if
-- there are rows without an application, which Tomcat does not write: delete them first.
DO $tomcat_sessions$
DECLARE key_name TEXT;
BEGIN
  SELECT conname INTO key_name FROM pg_constraint WHERE conrelid = TO_REGCLASS(:table) AND contype = 'p';
  IF key_name IS NOT NULL THEN EXECUTE FORMAT('ALTER TABLE %s DROP CONSTRAINT %I', :table, key_name); END IF;
  ALTER TABLE "tomcat_sessions"
    ALTER COLUMN "session_id" TYPE VARCHAR(100) COLLATE "C",
    ALTER COLUMN "app_name" TYPE VARCHAR(255) COLLATE "C",
    ALTER COLUMN "app_name" SET NOT NULL,
    ALTER COLUMN "max_inactive" TYPE BIGINT,
    ADD PRIMARY KEY ("session_id", "app_name"),
    SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.02);
  CREATE INDEX "kexpires_at" ON "tomcat_sessions" ("app_name", ("last_access" + "max_inactive" * 1000), "session_id", "max_inactive");
END $tomcat_sessions$
