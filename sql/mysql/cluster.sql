-- Reads the server's version, the number of this session, and whether it is a member of a cluster that keeps every member's sessions alike.
-- Galera has wsrep_on, a group of MySQL's servers a name. Each server runs the lines that are for it and skips the
-- other's as a comment. MySQL also says whether it logs statements as text. Both list their variables, since a server that was built without such a thing refuses its name.
SELECT VERSION(), CONNECTION_ID()
  /*M!100600 , (SELECT variable_value = 'ON' FROM information_schema.global_variables WHERE variable_name = 'WSREP_ON'), NULL, NULL */
  /*!80000 , (SELECT variable_value = 'ON' FROM performance_schema.global_variables WHERE variable_name = 'wsrep_on'),
    (SELECT variable_value <> '' FROM performance_schema.global_variables WHERE variable_name = 'group_replication_group_name'),
    (SELECT COUNT(*) = 2 FROM performance_schema.global_variables
      WHERE variable_name = 'log_bin' AND variable_value = 'ON' OR variable_name = 'binlog_format' AND variable_value <> 'ROW') */
