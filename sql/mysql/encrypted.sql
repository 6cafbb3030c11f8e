-- Reads the cipher of this connection; the value is empty without encryption.
-- For `check`.
SHOW SESSION STATUS LIKE 'Ssl_cipher'
