-- Gives the advisory lock of this table back.
SELECT RELEASE_LOCK(:name)
