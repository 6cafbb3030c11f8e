# shellcheck shell=bash
# A MariaDB server and an asynchronous replica of it, as this Debian packages them.

replica_packages() { printf '%s\n' mariadb-server-core mariadb-client-core; }
replica_up() { process_up replica/source && process_up replica/copy; }

replica_start() {
  local dir=$STATE/replica password one port ports=() server
  password=$(random_password)
  server=$(PATH=$PATH:/usr/sbin command -v mariadbd)
  mkdir -p "$dir/source/tmp" "$dir/copy/tmp"
  give_to_server "$dir/source" "$dir/source/tmp" "$dir/copy" "$dir/copy/tmp"
  # shellcheck disable=SC2024
  "${AS_SERVER_USER[@]}" env TMPDIR="$dir/source/tmp" mariadb-install-db --no-defaults --datadir="$dir/source/data" \
    --auth-root-authentication-method=normal --skip-test-db >"$dir/install.log" 2>&1 9>&- ||
    { tail -n 20 "$dir/install.log" >&2; return 1; }
  # Both begin with the same accounts, so that none has to be replicated.
  # shellcheck disable=SC2024
  "${AS_SERVER_USER[@]}" "$server" --no-defaults --bootstrap --datadir="$dir/source/data" --tmpdir="$dir/source/tmp" \
    >>"$dir/install.log" 2>&1 9>&- <<SQL || { tail -n 20 "$dir/install.log" >&2; return 1; }
USE mysql;
DELETE FROM mysql.global_priv WHERE User = '' OR (User = 'root' AND Host <> 'localhost');
FLUSH PRIVILEGES;
ALTER USER 'root'@'localhost' IDENTIFIED BY '$password';
CREATE USER 'root'@'127.0.0.1' IDENTIFIED BY '$password';
GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
SQL
  cp -a "$dir/source/data" "$dir/copy/data"
  for one in source copy; do
    if [ "$one" = source ]; then port=$(free_port 15000 400); else port=$(free_port 15400 400); fi
    ports+=("$port")
    : >"$dir/$one/error.log"; give_to_server "$dir/$one/error.log"
    write_client_cnf "replica/$one" "$port" "$password"
    launch "replica/$one" "${AS_SERVER_USER[@]}" env TMPDIR="$dir/$one/tmp" "$server" --no-defaults \
      --datadir="$dir/$one/data" --tmpdir="$dir/$one/tmp" --socket="$dir/$one/data/s" --pid-file="$dir/$one/data/server.pid" \
      --log-error="$dir/$one/error.log" --bind-address=127.0.0.1 --port="$port" --skip-name-resolve \
      --server-id="$port" --log-bin=binlog --log-slave-updates --relay-log=relay --character-set-server=utf8mb4 \
      --innodb-buffer-pool-size=64M --innodb-flush-log-at-trx-commit=2 --max-allowed-packet=64M
    await_mysql_protocol "replica/$one" mariadb || return 1
  done
  mariadb --defaults-file="$dir/copy/client.cnf" -e "CHANGE MASTER TO master_host = '127.0.0.1', master_port = ${ports[0]},
    master_user = 'root', master_password = '$password', master_use_gtid = slave_pos; START SLAVE; SET GLOBAL read_only = 1"
  cp "$dir/source/version" "$dir/version"
  echo "127.0.0.1:${ports[0]}, ${ports[1]}" >"$dir/where"
  write_env replica "REPLICA_SOURCE_URL=mariadb://root:$password@127.0.0.1:${ports[0]}/" \
    "REPLICA_URL=mariadb://root:$password@127.0.0.1:${ports[1]}/"
}

replica_stop() {
  stop_process replica/copy
  stop_process replica/source
  rm -rf "$STATE/replica/source" "$STATE/replica/copy"
}
