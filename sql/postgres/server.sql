-- Reads the kind of the server, the account of this connection, and the limits that matter here.
-- For every command, when it opens the table.
-- It must not need a privilege.
SELECT SPLIT_PART(CURRENT_SETTING('server_version'), ' ', 1), CAST(CURRENT_USER AS TEXT), CAST(CURRENT_DATABASE() AS TEXT), 1073741823,
  PG_IS_IN_RECOVERY() OR CURRENT_SETTING('default_transaction_read_only') = 'on', NULL, 0
