-- Makes id and application together the primary key, in the place of the one that is there.
-- A column that may be NULL becomes one that may not; rows in which it is NULL fail the statement.
ALTER TABLE `tomcat_sessions`
  DROP PRIMARY KEY, -- if primary
  ADD PRIMARY KEY (`session_id`, `app_name`)
