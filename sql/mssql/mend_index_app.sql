-- Adds the index on the application.
CREATE INDEX [kapp_name] ON [tomcat_sessions] ([app_name])
