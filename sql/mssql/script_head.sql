-- Makes a script have the same effect in every client.
-- Run it with `sqlcmd -b -x -f 65001 -i FILE`: -b stops at the first error, -x disables sqlcmd's variables, and -f 65001
-- reads the file as UTF-8. In SSMS, open it as UTF-8, without SQLCMD mode. The statement resets a stop that an earlier
-- script has set (script_guard.sql).
-- SQL Server 2005 and later.
SET NOEXEC OFF
