-- Reads which member of the group accepts writes.
-- For every command that writes and has reached another member.
-- It must not fail where the account may not read it: then the primary is unknown.
SELECT CONCAT(member_host, ':', member_port) FROM performance_schema.replication_group_members
WHERE member_role = 'PRIMARY' AND member_state = 'ONLINE'
