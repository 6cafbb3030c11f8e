-- Adds the application column.
-- Rows that are there belong to none: no Tomcat loads them.
ALTER TABLE "tomcat_sessions" ADD COLUMN "app_name" VARCHAR(255) COLLATE "C" NOT NULL DEFAULT ''
