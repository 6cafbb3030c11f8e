-- Lets each transaction of this connection see what was committed on every member before it began.
-- A member of a group may lag behind: without this it answers from what it has applied.
SET SESSION group_replication_consistency = 'BEFORE'
