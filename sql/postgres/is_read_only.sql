-- Checks whether the server refuses writes: a replica, or a secondary of a group.
-- For every command that has several hosts to choose from.
SELECT CASE WHEN PG_IS_IN_RECOVERY() OR CURRENT_SETTING('default_transaction_read_only') = 'on' THEN 1 ELSE 0 END
