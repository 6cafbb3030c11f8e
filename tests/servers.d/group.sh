# shellcheck shell=bash
# A group of three MySQL servers (Group Replication, as in InnoDB Cluster) with one primary, on the server of mysql.sh.
#
# $STATE/group/nN/start starts a member and lets it join; the tests call it after they killed one.

group_packages() { mysql_packages; }
group_up() { process_up group/n1 && process_up group/n2 && process_up group/n3; }

group_start() {
  local dir=$STATE/group password n ports=() members=() seeds='' urls=''
  mysql_install
  password=$(random_password)
  for n in 1 2 3; do
    # Bases of their own, so that no two choose the same.
    ports[n]=$(free_port $((16000 + 200 * n)) 200)
    members[n]=$(free_port $((17000 + 200 * n)) 200)
    seeds+=,127.0.0.1:${members[n]}
    urls+=" mysql://root:$password@127.0.0.1:${ports[n]}/"
    mkdir -p "$dir/n$n/tmp"
    : >"$dir/n$n/error.log"
    give_to_server "$dir/n$n" "$dir/n$n/tmp" "$dir/n$n/error.log"
    write_client_cnf "group/n$n" "${ports[n]}" "$password"
  done
  initialize_mysql group/n1 "$password" || return 1
  for n in 2 3; do
    cp -a "$dir/n1/data" "$dir/n$n/data"
    # Each server makes a name of its own.
    rm -f "$dir/n$n/data/auto.cnf"
  done
  for n in 1 2 3; do group_member "$n" "${ports[n]}" "${members[n]}" "${seeds#,}" "$password"; done
  "$dir/n1/start" bootstrap 9>&- || return 1
  "$dir/n2/start" 9>&- & "$dir/n3/start" 9>&- || return 1
  wait $! || return 1
  cp "$dir/n1/version" "$dir/version"
  echo "127.0.0.1:${ports[1]}, ${ports[2]}, ${ports[3]}" >"$dir/where"
  write_env group "GROUP_URLS=${urls# }" "GROUP_DIR=$dir"
}

# Writes the script that starts member N: start [bootstrap]
group_member() { # N PORT MEMBER-PORT SEEDS PASSWORD
  local n=$1 home=$CACHE/mysql
  mysql_server "group/n$n"
  write_secret "$STATE/group/n$n/start" <<SCRIPT
#!/usr/bin/env bash
# Starts this member and waits until it has joined the group; with \`bootstrap\` it is the first one.
set -euo pipefail
HERE=$(printf %q "$HERE")
source "\$HERE/servers.d/lib.sh"
STATE=$(printf %q "$STATE")
dir=$(printf %q "$STATE/group/n$n")
rm -f "\$dir/pid"
launch group/n$n ${MYSQLD[*]@Q} --socket="\$dir/data/s" --pid-file="\$dir/data/server.pid" \\
  --mysqlx=OFF --bind-address=127.0.0.1 --port=$2 --skip-name-resolve --character-set-server=utf8mb4 \\
  --max-allowed-packet=64M --innodb-buffer-pool-size=64M --innodb-redo-log-capacity=100M --max-connections=100 \\
  --innodb-flush-log-at-trx-commit=2 --sync-binlog=0 --server-id=$((300 + n)) --report-host=127.0.0.1 --report-port=$2 \\
  --gtid-mode=ON --enforce-gtid-consistency=ON --log-bin=binlog --relay-log=relay \\
  --plugin-load-add=group_replication.so --loose-group-replication-start-on-boot=OFF \\
  --loose-group-replication-group-name=aaaaaaaa-bbbb-cccc-dddd-eeeeeeee0001 \\
  --loose-group-replication-local-address=127.0.0.1:$3 --loose-group-replication-group-seeds=$4 \\
  --loose-group-replication-bootstrap-group=OFF --loose-group-replication-ip-allowlist=127.0.0.1/8 \\
  --loose-group-replication-recovery-get-public-key=ON --loose-group-replication-exit-state-action=READ_ONLY \\
  --loose-group-replication-member-expel-timeout=10
await_mysql_protocol group/n$n $home/bin/mysql
sql() { $home/bin/mysql --defaults-file="\$dir/client.cnf" -N -B -e "\$1"; }
sql "CHANGE REPLICATION SOURCE TO source_user = 'root', source_password = '$5' FOR CHANNEL 'group_replication_recovery'"
if [ "\${1:-}" = bootstrap ]; then
  sql "SET GLOBAL group_replication_bootstrap_group = ON; START GROUP_REPLICATION; SET GLOBAL group_replication_bootstrap_group = OFF"
else
  sql 'START GROUP_REPLICATION'
fi
for ((i = 0; i < 600; i++)); do
  state=\$(sql "SELECT member_state FROM performance_schema.replication_group_members WHERE member_id = @@server_uuid")
  [ "\$state" = ONLINE ] && exit 0
  sleep 0.1
done
echo "member $n is \$state after a minute" >&2
exit 1
SCRIPT
  chmod 700 "$STATE/group/n$n/start"
}

group_stop() {
  local n
  for n in 3 2 1; do stop_process "group/n$n"; done
  rm -rf "$STATE"/group/n?
}
