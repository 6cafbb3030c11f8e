-- Changes the session id column to a binary collation that respects trailing spaces, NOT NULL.
-- By that, texts are the same only where their bytes are.
ALTER TABLE "tomcat_sessions"
  ALTER COLUMN "session_id" TYPE VARCHAR(:id_length) COLLATE "C",
  ALTER COLUMN "session_id" SET NOT NULL
