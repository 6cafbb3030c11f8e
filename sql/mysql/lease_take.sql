-- Takes the lease of a table, unless another run holds it. The two assignments are evaluated in this order.
-- For every command that writes on a cluster, when it begins.
-- It must not take a lease that another run holds.
INSERT INTO `tomcat_sessions_lease` (name, holder, until)
VALUES (:lease, :holder, CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED) + :lease_ms)
ON DUPLICATE KEY UPDATE
  holder = IF(until < CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED), :holder, holder),
  until = IF(holder = :holder, CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED) + :lease_ms, until)
