-- Reads what the server replicates, from where, and how far behind it is.
-- It takes the privilege SLAVE MONITOR. What is read of it is read by the names of its columns.
SHOW ALL SLAVES STATUS
