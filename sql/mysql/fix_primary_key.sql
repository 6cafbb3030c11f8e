-- Makes id and application together the primary key, instead of the existing key.
-- Nullable key columns become NOT NULL; the statement fails if a row contains NULL there.
ALTER TABLE `tomcat_sessions`
  DROP PRIMARY KEY, -- if primary
  ADD PRIMARY KEY (`session_id`, `app_name`)
