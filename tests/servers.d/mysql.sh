# shellcheck shell=bash
# Oracle's MySQL. Debian's releases have none, but sid does: it is unpacked into the cache once.

mysql_packages() { printf '%s\n' openssl debian-archive-keyring; }
mysql_up() { process_up mysql; }

mysql_install() {
  sid_server mysql 'mysql-server-core mysql-client-core' \
    sbin/mysqld bin/mysql bin/mysqldump bin/mysqladmin
}

# mysql_server NAME: the command of the server of $STATE/NAME, as an array MYSQLD.
mysql_server() {
  local dir=$STATE/$1 home=$CACHE/mysql
  MYSQLD=("${AS_SERVER_USER[@]}" "$home/bin/mysqld" --no-defaults --basedir="$home/root/usr"
    --datadir="$dir/data" --tmpdir="$dir/tmp" --log-error="$dir/error.log" --secure-file-priv=
    --plugin-dir="$home/root/usr/lib/mysql/plugin" --lc-messages-dir="$home/root/usr/share/mysql"
    --character-sets-dir="$home/root/usr/share/mysql/charsets")
}

# initialize_mysql NAME PASSWORD: makes $STATE/NAME/data with the administrator's accounts, before there is a binary
# log: a member of a group that has transactions of its own may not join it.
initialize_mysql() {
  local dir=$STATE/$1 password=$2
  mkdir -p "$dir/tmp"
  : >"$dir/error.log"
  write_secret "$dir/accounts.sql" <<SQL
ALTER USER 'root'@'localhost' IDENTIFIED BY '$password';
CREATE USER 'root'@'127.0.0.1' IDENTIFIED BY '$password';
GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
SQL
  give_to_server "$dir" "$dir/tmp" "$dir/error.log" "$dir/accounts.sql"
  mysql_server "$1"
  "${MYSQLD[@]}" --initialize-insecure --init-file="$dir/accounts.sql" >"$dir/install.log" 2>&1 9>&- ||
    { tail -n 20 "$dir/error.log" >&2; return 1; }
  rm -f "$dir/accounts.sql"
}

mysql_start() {
  local dir=$STATE/mysql home=$CACHE/mysql port password
  mysql_install
  port=$(free_port 24000)
  password=$(random_password)
  initialize_mysql mysql "$password" || return 1
  write_client_cnf mysql "$port" "$password"

  # No binary log, as MariaDB has none unless asked: the two are compared.
  launch mysql "${MYSQLD[@]}" --socket="$dir/data/s" --pid-file="$dir/data/server.pid" \
    --mysqlx=OFF --skip-log-bin --bind-address=127.0.0.1 --port="$port" --skip-name-resolve \
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
