-- Grants all on the database, as guides have it: more than Tomcat needs.
-- The name of the database is a pattern here, in which _ and % stand for other characters; a backslash keeps them from it.
GRANT ALL PRIVILEGES ON `tomcat`.* TO :user@:host
