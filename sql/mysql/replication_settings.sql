-- Reads the settings of the cluster and of the binary log that matter for sessions.
-- For `check`.
-- It must not fail where a server was built without some of them.
-- A server lists only the variables that it was built with.
SELECT LOWER(variable_name), variable_value FROM performance_schema.global_variables
WHERE variable_name IN ('log_bin', 'binlog_format', 'innodb_autoinc_lock_mode', 'pxc_strict_mode', 'wsrep_max_ws_size',
  'group_replication_transaction_size_limit')
