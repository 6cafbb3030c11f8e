# shellcheck shell=bash
# The certificates of the database servers: one authority, one server certificate that it signed
# (a client that verifies strictly refuses a self-signed leaf), and one authority that signed
# nothing, for the tests in which verification must fail.

authority() { # FILE SUBJECT
  openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 30 -subj "/O=tomcat-sessions tests/CN=$2" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign \
    -keyout "$STATE/tls/$1-key.pem" -out "$STATE/tls/$1.pem" 2>/dev/null
}

ensure_certificates() {
  local tls=$STATE/tls
  # a week, so that they do not expire under servers that a developer left up for some days
  openssl x509 -in "$tls/server.pem" -noout -checkend 604800 >/dev/null 2>&1 && return 0
  rm -rf "$tls"; mkdir -p "$tls"
  (
    umask 077
    authority ca 'test authority'
    authority other-ca 'another authority'
    openssl req -new -newkey rsa:2048 -nodes -subj '/O=tomcat-sessions tests/CN=localhost' \
      -keyout "$tls/server-key.pem" -out "$tls/server.csr" 2>/dev/null
    cat >"$tls/server.ext" <<'EXT'
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth
subjectAltName=DNS:localhost,IP:127.0.0.1
authorityKeyIdentifier=keyid
EXT
    openssl x509 -req -in "$tls/server.csr" -CA "$tls/ca.pem" -CAkey "$tls/ca-key.pem" -CAcreateserial \
      -sha256 -days 30 -extfile "$tls/server.ext" -out "$tls/server.pem" 2>/dev/null
  )
  rm -f "$tls"/*.csr "$tls"/*.ext "$tls"/*.srl "$tls"/other-ca-key.pem
  chmod 644 "$tls/ca.pem" "$tls/other-ca.pem" "$tls/server.pem"
  give_to_server "$tls/server-key.pem"
}
