-- Changes the application column to a binary collation, NOT NULL.
-- Under that collation, texts are equal only if their bytes are equal.
ALTER TABLE "tomcat_sessions"
  ALTER COLUMN "app_name" TYPE VARCHAR(:app_length) COLLATE "C",
  ALTER COLUMN "app_name" SET NOT NULL
