-- Reads which member of the group takes writes.
SELECT CONCAT(member_host, ':', member_port) FROM performance_schema.replication_group_members
WHERE member_role = 'PRIMARY' AND member_state = 'ONLINE'
