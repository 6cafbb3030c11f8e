-- Reads the server's version, the id of this connection, and whether the server belongs to a Galera cluster or a replication group.
-- For every command, when it connects.
-- It must not need a privilege.
-- A standby is a copy; it does not count as a member of a cluster.
-- The address and the port of the client, as the server sees them, show whether a connection pool is in between.
SELECT VERSION(), PG_BACKEND_PID(), 0, 0, 0, HOST(INET_CLIENT_ADDR()), INET_CLIENT_PORT()
