-- Settings with which this script has the same effect in every client.
-- Run it with `sqlcmd -b -x -f 65001 -i FILE`: -b stops at the first error, -x disables sqlcmd's variables, and -f 65001
-- reads the file as UTF-8. In SSMS, open it as UTF-8, without SQLCMD mode. SET NOEXEC OFF lets statements run again if
-- an earlier script in this window ended with SET NOEXEC ON.
-- Works on SQL Server 2005 and later.
SET NOEXEC OFF
