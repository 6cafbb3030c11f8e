-- Changes the type of the validity column to one that accepts Tomcat's '1'.
-- The driver sends text, and PostgreSQL does not convert text to a number or a boolean.
ALTER TABLE "tomcat_sessions" ALTER COLUMN "valid_session" TYPE VARCHAR(5) USING CAST("valid_session" AS VARCHAR(5))
