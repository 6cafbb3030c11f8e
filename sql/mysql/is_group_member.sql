-- Checks whether the server is a full member of its group, and the group has its majority.
-- For every command, when it connects to a member of a group.
-- A member that has left, or has not yet joined, may accept writes that the others never receive.
SELECT SUM(member_id = @@server_uuid AND member_state = 'ONLINE') = 1 AND SUM(member_state <> 'UNREACHABLE') * 2 > COUNT(*)
FROM performance_schema.replication_group_members
