-- Lets the server store long data outside of the row.
-- It applies to rows that are written from now on.
ALTER TABLE "tomcat_sessions" ALTER COLUMN "session_data" SET STORAGE EXTENDED
