-- Lists what the account of this connection may do.
SHOW GRANTS FOR CURRENT_USER()
