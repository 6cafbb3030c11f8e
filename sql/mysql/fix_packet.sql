-- Lets the server take longer statements, from the next login on.
-- The same line belongs in the server's configuration, or is forgotten at its next start.
SET GLOBAL max_allowed_packet = :bytes
