-- Reads status variables of the server.
SELECT variable_name, variable_value FROM performance_schema.global_status WHERE variable_name IN (:names)
