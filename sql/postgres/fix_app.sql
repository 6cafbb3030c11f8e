-- Changes the application column to a binary collation that respects trailing spaces, NOT NULL.
-- By that, texts are the same only where their bytes are.
ALTER TABLE "tomcat_sessions"
  ALTER COLUMN "app_name" TYPE VARCHAR(:app_length) COLLATE "C",
  ALTER COLUMN "app_name" SET NOT NULL
