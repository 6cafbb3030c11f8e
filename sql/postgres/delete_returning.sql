-- Deletes sessions of one application by key and returns their columns before the deletion, in one statement.
-- The SELECT locks the rows that no other transaction has locked, and checks them again under the lock. The DELETE finds
-- them by their ctid, which does not change while they are locked, and checks them once more.
DELETE FROM "tomcat_sessions"
WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM "tomcat_sessions"
    WHERE "session_id" IN (:ids) AND COALESCE("app_name" IS NOT DISTINCT FROM :app, FALSE)
      AND "max_inactive" > 0 AND "last_access" < :cutoff - LEAST(GREATEST("max_inactive", 0), 9000000000000000) * 1000 -- if cutoff
      AND "last_access" < :accessed_before -- if accessed_before
    FOR UPDATE SKIP LOCKED))
  AND "session_id" IN (:ids) AND COALESCE("app_name" IS NOT DISTINCT FROM :app, FALSE)
  AND "max_inactive" > 0 AND "last_access" < :cutoff - LEAST(GREATEST("max_inactive", 0), 9000000000000000) * 1000 -- if cutoff
  AND "last_access" < :accessed_before -- if accessed_before
RETURNING "session_id", "app_name", "valid_session", "max_inactive", "last_access", LENGTH("session_data")
