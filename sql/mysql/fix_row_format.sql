-- Keeps long data out of the pages in which keys are read.
ALTER TABLE `tomcat_sessions` ROW_FORMAT = DYNAMIC
