-- Makes the database the one that the following statements are about.
USE `tomcat`
