-- Makes each transaction of this connection see everything that any member committed before it began.
-- For every command on a group.
-- A member of a group may lag: without this it answers from what it has applied so far.
SET SESSION group_replication_consistency = 'BEFORE'
