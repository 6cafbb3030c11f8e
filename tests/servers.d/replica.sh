# shellcheck shell=bash
# A MariaDB server and an asynchronous replica of it, from the Debian release of this machine.

replica_packages() { printf '%s\n' mariadb-server-core mariadb-client-core; }
replica_up() { process_up replica/source && process_up replica/copy; }

replica_start() {
  local dir=$STATE/replica password one port ports=()
  password=$(random_password)
  # Both begin with the same accounts, so that none has to be replicated.
  initialize_mariadb replica/source "$password"
  mkdir -p "$dir/copy"
  cp -a "$dir/source/data" "$dir/copy/data"
  for one in source copy; do
    if [ "$one" = source ]; then port=$(free_port 15000 400); else port=$(free_port 15400 400); fi
    ports+=("$port")
    write_client_cnf "replica/$one" "$port" "$password"
    launch_mariadb "replica/$one" "$port" --innodb-buffer-pool-size=64M \
      --server-id="$port" --log-bin=binlog --log-slave-updates --relay-log=relay || return 1
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
