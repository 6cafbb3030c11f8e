-- Grants all on the database, as guides have it: more than Tomcat needs.
GRANT ALL PRIVILEGES ON `tomcat`.* TO :user@:host
