-- Mends the column of the data.
-- What is text becomes the bytes of that text.
ALTER TABLE "tomcat_sessions" ALTER COLUMN "session_data" TYPE BYTEA USING CONVERT_TO(CAST("session_data" AS TEXT), 'UTF8')
