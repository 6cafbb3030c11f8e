-- Checks whether the account exists.
-- For `init-db --apply`.
SELECT COUNT(*) FROM mysql.user WHERE user = :user AND host = :host
