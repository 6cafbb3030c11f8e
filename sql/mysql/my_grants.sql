-- Lists the privileges of this connection's account.
-- For `check`.
SHOW GRANTS FOR CURRENT_USER()
