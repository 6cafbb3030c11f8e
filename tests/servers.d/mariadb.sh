# shellcheck shell=bash
# MariaDB, from the Debian release of this machine.

mariadb_packages() { printf '%s\n' mariadb-server-core mariadb-client-core openssl; }
mariadb_up() { process_up mariadb; }

mariadb_start() {
  local dir=$STATE/mariadb port password
  port=$(free_port 21000)
  password=$(random_password)
  initialize_mariadb mariadb "$password"
  write_client_cnf mariadb "$port" "$password"
  launch_mariadb mariadb "$port" --innodb-buffer-pool-size=256M \
    --ssl-ca="$STATE/tls/ca.pem" --ssl-cert="$STATE/tls/server.pem" --ssl-key="$STATE/tls/server-key.pem"
  write_env mariadb \
    "MARIADB_URL=mariadb://root:$password@127.0.0.1:$port/" \
    "MARIADB_CLIENT=$(command -v mariadb)" \
    "MARIADB_CLIENT_CNF=$dir/client.cnf"
}

mariadb_stop() {
  stop_process mariadb
  rm -rf "$STATE/mariadb/data" "$STATE/mariadb/tmp" "$STATE/mariadb/client.cnf"
}
