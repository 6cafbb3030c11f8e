-- Tells whether the account is there.
SELECT COUNT(*) FROM pg_roles WHERE rolname = :user
