-- Tells whether the account is there.
SELECT COUNT(*) FROM mysql.user WHERE user = :user AND host = :host
