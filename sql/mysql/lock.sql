-- Takes the advisory lock of this table, with a maximum wait in seconds: 1 taken, 0 held by another connection, NULL failed.
-- For every command that writes.
-- It must not block Tomcat, which does not use this lock.
SELECT GET_LOCK(:name, :wait_seconds)
