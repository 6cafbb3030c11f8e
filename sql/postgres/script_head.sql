-- Makes a script have the same effect in every client.
-- The character set of the script's bytes, whatever the client's; psql ends at the first error.
\set ON_ERROR_STOP on
SET client_encoding = 'UTF8'
