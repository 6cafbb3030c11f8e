-- Settings with which this script has the same effect in every client.
-- Sets the character set of the script, regardless of the client's; psql ends at the first error.
\set ON_ERROR_STOP on
SET client_encoding = 'UTF8'
