-- Releases the advisory lock of this table.
-- For every command that writes, when it ends.
SELECT RELEASE_LOCK(:name)
