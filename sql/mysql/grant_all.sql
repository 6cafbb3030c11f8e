-- Grants all privileges on the database, as guides do: more than Tomcat needs.
-- The name of the database is a pattern here, with the wildcards _ and %; a backslash escapes them.
GRANT ALL PRIVILEGES ON `tomcat`.* TO :user@:host
