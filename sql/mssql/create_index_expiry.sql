-- Creates the index on the expiry time.
-- Not on a computed column: every connection that writes would need special SET options (error 1934), including Tomcat's.
-- Works on SQL Server 2005 and later.
IF INDEXPROPERTY(OBJECT_ID(:table), 'kexpires_at', 'IndexID') IS NULL
CREATE INDEX [kexpires_at] ON [tomcat_sessions] ([app_name], [last_access]) INCLUDE ([max_inactive])
