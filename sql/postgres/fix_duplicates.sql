-- Deletes duplicate rows: the most recently used row of each session is kept.
-- Of equal rows, the one that the server stored last is kept: ctid is the position of a row.
DELETE FROM "tomcat_sessions" AS older
USING "tomcat_sessions" AS newer
WHERE newer."session_id" = older."session_id" AND newer."app_name" = older."app_name"
  AND (COALESCE(newer."last_access", 0) > COALESCE(older."last_access", 0)
    OR (COALESCE(newer."last_access", 0) = COALESCE(older."last_access", 0) AND newer.ctid > older.ctid))
