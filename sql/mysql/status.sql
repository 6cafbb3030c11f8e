-- Reads status variables of the server.
-- For `--max-load` and `--max-flow-control`.
SELECT variable_name, variable_value FROM performance_schema.global_status WHERE variable_name IN (:names)
