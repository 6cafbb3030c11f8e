-- Changes the type of the validity column to one that accepts Tomcat's '1'.
-- A BIT becomes a number; in a CHAR it would become the character with that code.
ALTER TABLE `tomcat_sessions` MODIFY COLUMN `valid_session` TINYINT NOT NULL
