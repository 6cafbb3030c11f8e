-- Creates the index on the expiry.
-- Not on a computed column: that would need special SET options of every connection that writes (error 1934), Tomcat's too.
-- SQL Server 2005 and later.
IF INDEXPROPERTY(OBJECT_ID(:table), 'kexpires_at', 'IndexID') IS NULL
CREATE INDEX [kexpires_at] ON [tomcat_sessions] ([app_name], [last_access]) INCLUDE ([max_inactive])
