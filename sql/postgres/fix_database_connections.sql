-- Removes the limit on the connections to the database.
ALTER DATABASE "tomcat" CONNECTION LIMIT -1
