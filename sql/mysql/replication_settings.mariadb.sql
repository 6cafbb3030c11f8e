-- Reads the settings of the cluster and of the binary log that matter for sessions.
-- For `check`.
-- It must not fail where a server was built without some of them.
-- MariaDB has these variables in another schema.
SELECT LOWER(variable_name), variable_value FROM information_schema.global_variables
WHERE variable_name IN ('log_bin', 'binlog_format', 'innodb_autoinc_lock_mode', 'pxc_strict_mode', 'wsrep_max_ws_size',
  'group_replication_transaction_size_limit')
