-- Makes id and application together the primary key, instead of the existing key.
-- Nullable key columns become NOT NULL; the statement fails if a row contains NULL there.
DO $tomcat_sessions$
DECLARE key_name TEXT;
BEGIN
  SELECT conname INTO key_name FROM pg_constraint WHERE conrelid = TO_REGCLASS(:table) AND contype = 'p';
  IF key_name IS NOT NULL THEN EXECUTE FORMAT('ALTER TABLE %s DROP CONSTRAINT %I', :table, key_name); END IF;
  ALTER TABLE "tomcat_sessions" ADD PRIMARY KEY ("session_id", "app_name");
END $tomcat_sessions$
