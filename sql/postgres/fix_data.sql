-- Changes the type of the data column.
-- What is text becomes the bytes of that text.
ALTER TABLE "tomcat_sessions" ALTER COLUMN "session_data" TYPE BYTEA USING CONVERT_TO(CAST("session_data" AS TEXT), 'UTF8')
