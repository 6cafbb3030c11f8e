-- Reads status variables of the server.
-- MariaDB has them in another schema.
SELECT variable_name, variable_value FROM information_schema.global_status WHERE variable_name IN (:names)
