-- Reads what kind of server this is, who we are on it, and the limits that matter here.
-- SQLite has no accounts; a value holds at most SQLITE_MAX_LENGTH bytes, a thousand million as it is compiled here.
SELECT sqlite_version(), NULL, (SELECT file FROM pragma_database_list WHERE name = 'main'), 1000000000, (SELECT query_only FROM pragma_query_only),
  NULL, 0
