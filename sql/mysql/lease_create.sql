-- Creates the table of the lease: a lock that holds on every node of a cluster, where GET_LOCK holds on one.
CREATE TABLE IF NOT EXISTS `tomcat_sessions_lease` (
  name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  holder VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  until BIGINT NOT NULL
) ENGINE = InnoDB
