-- Grants all privileges on the database, as guides do: more than Tomcat needs.
GRANT ALL PRIVILEGES ON DATABASE "tomcat" TO "tomcat_account";
GRANT USAGE ON SCHEMA "tomcat_schema" TO "tomcat_account"; -- if schema
GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA "tomcat_schema" TO "tomcat_account"
