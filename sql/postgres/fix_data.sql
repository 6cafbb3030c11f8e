-- Changes the type of the data column.
-- Text is converted to its bytes.
ALTER TABLE "tomcat_sessions" ALTER COLUMN "session_data" TYPE BYTEA USING CONVERT_TO(CAST("session_data" AS TEXT), 'UTF8')
