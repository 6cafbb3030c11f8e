-- Reads the replicas that the server knows: those that are connected and say where they are (report_host).
-- It takes the privilege REPLICATION SLAVE. What is read of it is read by the names of its columns.
SHOW REPLICAS
