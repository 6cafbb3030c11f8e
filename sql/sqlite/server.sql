-- Reads the kind of the server, the account of this connection, and the limits that matter here.
-- For every command, when it opens the table.
-- It must not need a privilege.
-- SQLite has no accounts. The limit of a value is SQLITE_MAX_LENGTH, 1,000,000,000 bytes as compiled here.
SELECT sqlite_version(), NULL, (SELECT file FROM pragma_database_list WHERE name = 'main'), 1000000000, (SELECT query_only FROM pragma_query_only),
  NULL, 0
