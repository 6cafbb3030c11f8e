-- Tells whether the server is a full member of its group, and the group has its majority.
-- A member that left it, or has not joined it yet, may take writes that the others never see.
SELECT SUM(member_id = @@server_uuid AND member_state = 'ONLINE') = 1 AND SUM(member_state <> 'UNREACHABLE') * 2 > COUNT(*)
FROM performance_schema.replication_group_members
