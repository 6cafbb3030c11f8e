-- Lists what the account of this connection may do.
SELECT permission_name FROM fn_my_permissions(QUOTENAME(:table), 'OBJECT') WHERE subentity_name = ''
