-- Mends the column of the session id: compared by its bytes, trailing blanks included, and never NULL.
-- By that, texts are the same only where their bytes are.
ALTER TABLE "tomcat_sessions"
  ALTER COLUMN "session_id" TYPE VARCHAR(:id_length) COLLATE "C",
  ALTER COLUMN "session_id" SET NOT NULL
