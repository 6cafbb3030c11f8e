-- Lets a script mean the same to every client.
-- Run it by `sqlcmd -b -x -f 65001 -i FILE`: -b ends it at the first error, -x puts no variables into names, and -f says that
-- the file is UTF-8. In SSMS, open it as UTF-8 and without SQLCMD mode. The statement lets go on what a script
-- before has stopped (script_guard.sql).
-- SQL Server 2005 and later.
SET NOEXEC OFF
