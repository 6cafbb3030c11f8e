# shellcheck shell=bash
# MariaDB, as this Debian packages it.

mariadb_packages() { printf '%s\n' mariadb-server-core mariadb-client-core openssl; }
mariadb_up() { process_up mariadb; }

mariadb_start() {
  local dir=$STATE/mariadb port password server
  port=$(free_port 21000)
  password=$(random_password)
  server=$(PATH=$PATH:/usr/sbin command -v mariadbd)
  mkdir "$dir/data" "$dir/tmp"
  give_to_server "$dir/data" "$dir/tmp"
  # A server that starts deletes the temporary files of others in its directory for them.
  # shellcheck disable=SC2024
  "${AS_SERVER_USER[@]}" env TMPDIR="$dir/tmp" mariadb-install-db --no-defaults --datadir="$dir/data" \
    --auth-root-authentication-method=normal --skip-test-db >"$dir/install.log" 2>&1 9>&- ||
    { tail -n 20 "$dir/install.log" >&2; return 1; }

  # Accounts are made before the first connection is taken. The anonymous ones, which shadow others,
  # are for the tests that want them to create. One statement a line: that is all an init file may hold.
  write_secret "$dir/data/accounts.sql" <<SQL
DELETE FROM mysql.global_priv WHERE User = '' OR (User = 'root' AND Host <> 'localhost');
FLUSH PRIVILEGES;
ALTER USER 'root'@'localhost' IDENTIFIED BY '$password';
CREATE USER 'root'@'127.0.0.1' IDENTIFIED BY '$password';
GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
SQL
  give_to_server "$dir/data/accounts.sql"
  : >"$dir/error.log"; give_to_server "$dir/error.log"
  write_client_cnf mariadb "$port" "$password"

  launch mariadb "${AS_SERVER_USER[@]}" "$server" --no-defaults \
    --datadir="$dir/data" --tmpdir="$dir/tmp" --socket="$dir/data/s" --pid-file="$dir/data/server.pid" \
    --log-error="$dir/error.log" --init-file="$dir/data/accounts.sql" \
    --bind-address=127.0.0.1 --port="$port" --skip-name-resolve \
    --ssl-ca="$STATE/tls/ca.pem" --ssl-cert="$STATE/tls/server.pem" --ssl-key="$STATE/tls/server-key.pem" \
    --character-set-server=utf8mb4 --max-allowed-packet=64M \
    --innodb-buffer-pool-size=256M --innodb-flush-log-at-trx-commit=2
  await_mysql_protocol mariadb mariadb
  write_env mariadb \
    "MARIADB_URL=mariadb://root:$password@127.0.0.1:$port/" \
    "MARIADB_CLIENT=$(command -v mariadb)" \
    "MARIADB_CLIENT_CNF=$dir/client.cnf"
}

mariadb_stop() {
  stop_process mariadb
  rm -rf "$STATE/mariadb/data" "$STATE/mariadb/tmp" "$STATE/mariadb/client.cnf"
}
