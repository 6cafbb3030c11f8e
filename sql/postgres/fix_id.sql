-- Changes the session id column to a binary collation, NOT NULL.
-- Under that collation, texts are equal only if their bytes are equal.
ALTER TABLE "tomcat_sessions"
  ALTER COLUMN "session_id" TYPE VARCHAR(:id_length) COLLATE "C",
  ALTER COLUMN "session_id" SET NOT NULL
