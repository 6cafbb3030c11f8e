-- Reads what kind of server this is, who we are on it, and the limits that matter here.
SELECT SPLIT_PART(CURRENT_SETTING('server_version'), ' ', 1), CAST(CURRENT_USER AS TEXT), CAST(CURRENT_DATABASE() AS TEXT), 1073741823,
  PG_IS_IN_RECOVERY() OR CURRENT_SETTING('default_transaction_read_only') = 'on', NULL, 0
