-- Reads the server's version, the id of this connection, and whether the server belongs to a Galera cluster or a replication group.
-- For every command, when it connects.
-- It must not need a privilege.
-- Galera has the variable wsrep_on, a MySQL group has a name. Each server executes its own lines and skips the others as
-- comments. MySQL also returns whether it logs statements as text. The variables are listed instead of named, because a
-- server that was built without a feature refuses the names of its variables.
SELECT VERSION(), CONNECTION_ID()
  /*M!100600 , (SELECT variable_value = 'ON' FROM information_schema.global_variables WHERE variable_name = 'WSREP_ON'), NULL, NULL */
  /*!80000 , (SELECT variable_value = 'ON' FROM performance_schema.global_variables WHERE variable_name = 'wsrep_on'),
    (SELECT variable_value <> '' FROM performance_schema.global_variables WHERE variable_name = 'group_replication_group_name'),
    (SELECT COUNT(*) = 2 FROM performance_schema.global_variables
      WHERE variable_name = 'log_bin' AND variable_value = 'ON' OR variable_name = 'binlog_format' AND variable_value <> 'ROW') */
