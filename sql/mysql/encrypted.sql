-- Tells by which cipher this connection is encrypted; the value is empty where it is not.
SHOW SESSION STATUS LIKE 'Ssl_cipher'
