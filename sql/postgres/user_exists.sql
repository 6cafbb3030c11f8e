-- Checks whether the account exists.
-- For `init-db --apply`.
SELECT COUNT(*) FROM pg_roles WHERE rolname = :user
