-- Lets the server remove deleted rows of the table by itself.
ALTER TABLE "tomcat_sessions" RESET (autovacuum_enabled, toast.autovacuum_enabled)
