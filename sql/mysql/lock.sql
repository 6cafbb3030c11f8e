-- Takes the advisory lock of this table, waiting at most so many seconds: 1 taken, 0 held by another, NULL failed.
SELECT GET_LOCK(:name, :wait_seconds)
