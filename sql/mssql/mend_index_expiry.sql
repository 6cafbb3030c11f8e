-- Adds the index by which what is expired is found; create_index_expiry.sql says why it is not on a computed column.
CREATE INDEX [kexpires_at] ON [tomcat_sessions] ([app_name], [last_access]) INCLUDE ([max_inactive])
