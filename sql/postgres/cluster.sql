-- Reads the server's version, the number of this session, and whether it is a member of a cluster that keeps every member's sessions alike.
-- A standby is a copy, and no member that takes writes.
SELECT VERSION(), PG_BACKEND_PID(), 0, 0, 0
