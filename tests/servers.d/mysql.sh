# shellcheck shell=bash
# Oracle's MySQL. Debian's releases have none, but sid does: it is unpacked into the cache once.

mysql_packages() { printf '%s\n' openssl debian-archive-keyring; }
mysql_up() { process_up mysql; }

mysql_install() {
  sid_server mysql 'mysql-server-core mysql-client-core' \
    sbin/mysqld bin/mysql bin/mysqldump bin/mysqladmin
}

mysql_start() {
  local dir=$STATE/mysql home=$CACHE/mysql port password server
  mysql_install
  port=$(free_port 24000)
  password=$(random_password)
  mkdir "$dir/data" "$dir/tmp"
  : >"$dir/error.log"
  give_to_server "$dir/data" "$dir/tmp" "$dir/error.log"
  server=("${AS_SERVER_USER[@]}" "$home/bin/mysqld" --no-defaults --basedir="$home/root/usr"
    --datadir="$dir/data" --tmpdir="$dir/tmp" --log-error="$dir/error.log" --secure-file-priv=
    --plugin-dir="$home/root/usr/lib/mysql/plugin" --lc-messages-dir="$home/root/usr/share/mysql"
    --character-sets-dir="$home/root/usr/share/mysql/charsets")
  "${server[@]}" --initialize-insecure >"$dir/install.log" 2>&1 9>&- || { tail -n 20 "$dir/error.log" >&2; return 1; }

  write_secret "$dir/data/accounts.sql" <<SQL
ALTER USER 'root'@'localhost' IDENTIFIED BY '$password';
CREATE USER 'root'@'127.0.0.1' IDENTIFIED BY '$password';
GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
SQL
  give_to_server "$dir/data/accounts.sql"
  write_client_cnf mysql "$port" "$password"

  # No binary log, as MariaDB has none unless asked: the two are compared.
  launch mysql "${server[@]}" --socket="$dir/data/s" --pid-file="$dir/data/server.pid" \
    --init-file="$dir/data/accounts.sql" --mysqlx=OFF --skip-log-bin \
    --bind-address=127.0.0.1 --port="$port" --skip-name-resolve \
    --ssl-ca="$STATE/tls/ca.pem" --ssl-cert="$STATE/tls/server.pem" --ssl-key="$STATE/tls/server-key.pem" \
    --character-set-server=utf8mb4 --max-allowed-packet=64M \
    --innodb-buffer-pool-size=256M --innodb-flush-log-at-trx-commit=2
  await_mysql_protocol mysql "$home/bin/mysql"
  write_env mysql \
    "MYSQL_URL=mysql://root:$password@127.0.0.1:$port/" \
    "MYSQL_CLIENT=$home/bin/mysql" \
    "MYSQL_CLIENT_CNF=$dir/client.cnf"
}

mysql_stop() {
  stop_process mysql
  rm -rf "$STATE/mysql/data" "$STATE/mysql/tmp" "$STATE/mysql/client.cnf"
}
