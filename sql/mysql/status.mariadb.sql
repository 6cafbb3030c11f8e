-- Reads status variables of the server.
-- For `--max-load` and `--max-flow-control`.
-- MariaDB has these variables in another schema.
SELECT variable_name, variable_value FROM information_schema.global_status WHERE variable_name IN (:names)
