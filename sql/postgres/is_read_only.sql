-- Tells whether the server takes no writes: a replica, or a secondary of a group.
SELECT CASE WHEN PG_IS_IN_RECOVERY() OR CURRENT_SETTING('default_transaction_read_only') = 'on' THEN 1 ELSE 0 END
