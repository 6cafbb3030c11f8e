-- Reads sessions with the SHA-256 of their data, so that the data is not transferred: a page in key order, or a list of ids.
-- For `verify`, `migrate` and `swap-out --to`.
-- It must not lock rows: Tomcat is writing.
SELECT "session_id", "app_name", "valid_session", "max_inactive", "last_access", LENGTH("session_data"), SHA256("session_data")
FROM "tomcat_sessions"
WHERE 1 = 1
  AND "session_id" >= :after_id -- if after_id
  AND ("session_id" > :after_id OR "app_name" > :after_app OR (:after_app IS NULL AND "app_name" IS NOT NULL)) -- if after_id
  AND "session_id" >= :from_id -- if from_id
  AND "session_id" < :before_id -- if before_id
  AND STARTS_WITH("session_id", :id_prefix) -- if id_prefix
  AND "app_name" IN (:apps) -- if apps
  AND "max_inactive" > 0 AND "last_access" < :expired_before - LEAST(GREATEST("max_inactive", 0), 9000000000000000) * 1000 -- if expired_before
  AND "last_access" < :accessed_before -- if accessed_before
  AND "last_access" >= :accessed_from -- if accessed_from
  AND LENGTH("session_data") > :larger_than -- if larger_than
  AND (LENGTH("session_data") < :smaller_than OR "session_data" IS NULL) -- if smaller_than
  AND "session_id" IN (:ids) -- if ids
ORDER BY "session_id"
  , "app_name" NULLS FIRST -- if app_in_key
  , "last_access" DESC NULLS LAST, LENGTH("session_data") DESC NULLS LAST, "max_inactive" DESC NULLS LAST, "valid_session" DESC NULLS LAST -- if with_duplicates
LIMIT :limit
