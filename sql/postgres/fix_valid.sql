-- Changes the type of the validity column to one that accepts Tomcat's '1'.
-- The driver sends text, of which PostgreSQL makes neither a number nor a truth value.
ALTER TABLE "tomcat_sessions" ALTER COLUMN "valid_session" TYPE VARCHAR(5) USING CAST("valid_session" AS VARCHAR(5))
