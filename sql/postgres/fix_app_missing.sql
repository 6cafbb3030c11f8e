-- Adds the application column.
-- Existing rows belong to no application: no Tomcat loads them.
ALTER TABLE "tomcat_sessions" ADD COLUMN "app_name" VARCHAR(255) COLLATE "C" NOT NULL DEFAULT ''
