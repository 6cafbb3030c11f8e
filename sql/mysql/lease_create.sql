-- Creates the lease table: a lock for all members of a cluster. GET_LOCK is valid on one member only.
CREATE TABLE IF NOT EXISTS `tomcat_sessions_lease` (
  name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  holder VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  until BIGINT NOT NULL
) ENGINE = InnoDB
