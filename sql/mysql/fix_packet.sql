-- Makes the server accept longer statements, from the next login on.
-- Add the same setting to the server's configuration file; otherwise it is lost at the next start.
SET GLOBAL max_allowed_packet = :bytes
