# shellcheck shell=bash
# MariaDB 11.8, from Debian sid as MySQL is: with innodb_snapshot_isolation and a certificate of its own, which
# 11.6 and 11.4 brought. What it makes of TLS by itself is left as it is.

mariadb118_packages() { printf '%s\n' openssl debian-archive-keyring; }
mariadb118_up() { process_up mariadb118; }

mariadb118_install() {
  sid_server mariadb118 'mariadb-server-core mariadb-client-core' \
    sbin/mariadbd bin/mariadb bin/my_print_defaults bin/resolveip
}

mariadb118_start() {
  local dir=$STATE/mariadb118 home=$CACHE/mariadb118 port password server share
  mariadb118_install
  port=$(free_port 22000)
  password=$(random_password)
  share=$home/root/usr/share/mysql
  [ -d "$home/root/usr/share/mariadb" ] && share=$home/root/usr/share/mariadb
  mkdir "$dir/data" "$dir/tmp"
  : >"$dir/error.log"
  give_to_server "$dir/data" "$dir/tmp" "$dir/error.log"
  server=("${AS_SERVER_USER[@]}" "$home/bin/mariadbd" --no-defaults --basedir="$home/root/usr"
    --datadir="$dir/data" --tmpdir="$dir/tmp" --log-error="$dir/error.log" --plugin-dir="$home/root/usr/lib/mysql/plugin"
    --lc-messages-dir="$share" --character-sets-dir="$share/charsets")
  # The system tables, by a server that reads its standard input: mariadb-install-db would run programs of this system.
  mkdir "$dir/data/mysql"
  give_to_server "$dir/data/mysql"
  # shellcheck disable=SC2024
  { echo 'USE mysql;'
    cat "$share/mariadb_system_tables.sql" "$share/mariadb_performance_tables.sql" \
      "$share/mariadb_system_tables_data.sql" "$share/fill_help_tables.sql" "$share/mariadb_sys_schema.sql"
  } | "${server[@]}" --bootstrap --log-warnings=0 --enforce-storage-engine='' --max-allowed-packet=8M \
    >"$dir/install.log" 2>&1 9>&- || { tail -n 20 "$dir/install.log" "$dir/error.log" >&2; return 1; }

  write_secret "$dir/data/accounts.sql" <<SQL
DELETE FROM mysql.global_priv WHERE User = '' OR (User = 'root' AND Host <> 'localhost');
FLUSH PRIVILEGES;
CREATE OR REPLACE USER 'root'@'localhost' IDENTIFIED BY '$password';
GRANT ALL PRIVILEGES ON *.* TO 'root'@'localhost' WITH GRANT OPTION;
CREATE USER 'root'@'127.0.0.1' IDENTIFIED BY '$password';
GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
SQL
  give_to_server "$dir/data/accounts.sql"
  write_client_cnf mariadb118 "$port" "$password"

  launch mariadb118 "${server[@]}" --socket="$dir/data/s" --pid-file="$dir/data/server.pid" \
    --init-file="$dir/data/accounts.sql" --bind-address=127.0.0.1 --port="$port" --skip-name-resolve \
    --character-set-server=utf8mb4 --max-allowed-packet=64M \
    --innodb-buffer-pool-size=128M --innodb-flush-log-at-trx-commit=2
  await_mysql_protocol mariadb118 "$home/bin/mariadb"
  write_env mariadb118 \
    "MARIADB118_URL=mariadb://root:$password@127.0.0.1:$port/" \
    "MARIADB118_CLIENT=$home/bin/mariadb" \
    "MARIADB118_CLIENT_CNF=$dir/client.cnf"
}

mariadb118_stop() {
  stop_process mariadb118
  rm -rf "$STATE/mariadb118/data" "$STATE/mariadb118/tmp" "$STATE/mariadb118/client.cnf"
}
