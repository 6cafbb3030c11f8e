-- Makes id and application together the primary key, in the place of the one that is there.
-- A constraint has a name that the server made up, which only a batch can find out; upgrade_table.sql is one.
ALTER TABLE [tomcat_sessions] ADD PRIMARY KEY CLUSTERED ([session_id], [app_name])
