-- Grants all privileges on the database, as guides do: more than Tomcat needs.
GRANT ALL PRIVILEGES ON DATABASE "tomcat" TO "tomcat_account";
GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA public TO "tomcat_account"
