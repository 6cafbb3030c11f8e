# shellcheck shell=bash
# Three MariaDB Galera nodes, as this Debian packages them.
#
# The nodes begin with copies of one data directory at one position of the cluster's history, so that no
# state snapshot is ever sent: its scripts are in a package that brings a service. A node that was killed
# finds its position by --wsrep-recover and gets what it missed from the cache of another; the script
# wsrep_sst_ist only tells it that no snapshot comes first.
#
# $STATE/galera/nN/start starts a node and waits until it is synced; the tests call it after they killed one.

galera_packages() { printf '%s\n' mariadb-server-core mariadb-client-core galera-4; }
galera_up() { process_up galera/n1 && process_up galera/n2 && process_up galera/n3; }

galera_start() {
  local dir=$STATE/galera password n server ports=() group=() ist=() addresses='' urls=''
  password=$(random_password)
  server=$(PATH=$PATH:/usr/sbin command -v mariadbd)
  mkdir "$dir/bin" "$dir/sst"
  give_to_server "$dir/sst"
  galera_no_snapshot >"$dir/bin/wsrep_sst_ist"
  chmod 755 "$dir/bin/wsrep_sst_ist"
  for n in 1 2 3; do
    # Bases of their own, so that no two choose the same.
    ports[n]=$(free_port $((12000 + 200 * n)) 200)
    group[n]=$(free_port $((13000 + 200 * n)) 200)
    ist[n]=$(free_port $((14000 + 200 * n)) 200)
    addresses+=,127.0.0.1:${group[n]}
    urls+=" mariadb://root:$password@127.0.0.1:${ports[n]}/"
    mkdir -p "$dir/n$n/tmp"
    : >"$dir/n$n/error.log"
    give_to_server "$dir/n$n" "$dir/n$n/tmp" "$dir/n$n/error.log"
  done
  # shellcheck disable=SC2024
  "${AS_SERVER_USER[@]}" env TMPDIR="$dir/n1/tmp" mariadb-install-db --no-defaults --datadir="$dir/n1/data" \
    --auth-root-authentication-method=normal --skip-test-db >"$dir/install.log" 2>&1 9>&- ||
    { tail -n 20 "$dir/install.log" >&2; return 1; }
  # The accounts are made before there is a cluster, by a server that only reads its standard input.
  # shellcheck disable=SC2024
  "${AS_SERVER_USER[@]}" "$server" --no-defaults --bootstrap --datadir="$dir/n1/data" --tmpdir="$dir/n1/tmp" \
    --log-error="$dir/n1/error.log" >>"$dir/install.log" 2>&1 9>&- <<SQL || { tail -n 20 "$dir/n1/error.log" >&2; return 1; }
USE mysql;
DELETE FROM mysql.global_priv WHERE User = '' OR (User = 'root' AND Host <> 'localhost');
FLUSH PRIVILEGES;
ALTER USER 'root'@'localhost' IDENTIFIED BY '$password';
CREATE USER 'root'@'127.0.0.1' IDENTIFIED BY '$password';
GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
CREATE USER 'proxy'@'%';
SQL
  for n in 1 2 3; do
    write_client_cnf "galera/n$n" "${ports[n]}" "$password"
    galera_node "$n" "$server" "${ports[n]}" "${group[n]}" "${ist[n]}" "${addresses#,}"
  done
  # A first run writes the cluster's position into InnoDB, where a node that gets no snapshot looks for its own.
  "$dir/n1/start" --wsrep-new-cluster 9>&- || return 1
  stop_process galera/n1
  for n in 2 3; do
    cp -a "$dir/n1/data" "$dir/n$n/data"
    rm -f "$dir/n$n/data/galera.cache" "$dir/n$n/data/gvwstate.dat"
    sed -i 's/^safe_to_bootstrap: 1/safe_to_bootstrap: 0/' "$dir/n$n/data/grastate.dat"
  done
  "$dir/n1/start" --wsrep-new-cluster 9>&- || return 1
  "$dir/n2/start" 9>&- & "$dir/n3/start" 9>&- || return 1
  wait $! || return 1
  cp "$dir/n1/version" "$dir/version"
  echo "127.0.0.1:${ports[1]}, ${ports[2]}, ${ports[3]}" >"$dir/where"
  write_env galera "GALERA_URLS=${urls# }" "GALERA_DIR=$dir"
}

# Writes the script that starts node N: start [--wsrep-new-cluster] [option ...]
galera_node() { # N SERVER PORT GROUP-PORT IST-PORT ADDRESSES
  local n=$1 dir=$STATE/galera/n$1
  cat >"$dir/start" <<SCRIPT
#!/usr/bin/env bash
# Starts this node, with the options given, and waits until it is synced.
set -euo pipefail
HERE=$(printf %q "$HERE")
source "\$HERE/servers.d/lib.sh"
STATE=$(printf %q "$STATE")
dir=$(printf %q "$dir")
server=("\${AS_SERVER_USER[@]}" env TMPDIR="\$dir/tmp" PATH="$STATE/galera/bin:\$PATH" $2 --no-defaults --datadir="\$dir/data" --tmpdir="\$dir/tmp"
  --innodb-buffer-pool-size=64M --binlog-format=ROW --innodb-autoinc-lock-mode=2 --socket="\$dir/data/s"
  --wsrep-on=ON --wsrep-provider=/usr/lib/galera/libgalera_smm.so --wsrep-cluster-name=tomcat-sessions-tests
  --wsrep-cluster-address="gcomm://$6" --wsrep-sst-method=ist --wsrep-sst-receive-address=127.0.0.1:$5)
# Without a position of its own it would ask for a snapshot. One that was stopped wrote it down.
position=()
if grep -q '^seqno: *-1' "\$dir/data/grastate.dat"; then
  rm -f "\$dir/recover.log"; touch "\$dir/recover.log"; give_to_server "\$dir/recover.log"
  "\${server[@]}" --wsrep-recover --skip-networking --log-error="\$dir/recover.log" >/dev/null 2>&1
  found=\$(sed -n 's/.*WSREP: Recovered position: *//p' "\$dir/recover.log" | tail -n 1)
  position=(--wsrep-start-position="\${found%%,*}")
fi
rm -f "\$dir/pid"
launch galera/n$n "\${server[@]}" --pid-file="\$dir/data/server.pid" --log-error="\$dir/error.log" \\
  --bind-address=127.0.0.1 --port=$3 --skip-name-resolve --character-set-server=utf8mb4 --max-allowed-packet=64M \\
  --innodb-log-file-size=32M --innodb-flush-log-at-trx-commit=2 --max-connections=100 --server-id=$n \\
  --wsrep-node-name=n$n --wsrep-node-address=127.0.0.1:$4 --wsrep-slave-threads=2 \\
  --wsrep-provider-options="gmcast.listen_addr=tcp://127.0.0.1:$4;ist.recv_addr=127.0.0.1:$5;gcache.size=64M;repl.causal_read_timeout=PT5S;evs.suspect_timeout=PT3S;evs.inactive_timeout=PT8S;evs.install_timeout=PT5S" \\
  "\${position[@]}" "\$@"
await_mysql_protocol galera/n$n mariadb
for ((i = 0; i < 600; i++)); do
  state=\$(mariadb --defaults-file="\$dir/client.cnf" -N -B -e "SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'wsrep_local_state_comment'" 2>/dev/null) || true
  [ "\$state" = Synced ] && exit 0
  process_up galera/n$n || { tail -n 20 "\$dir/error.log" >&2; exit 1; }
  sleep 0.1
done
echo "node $n is \${state:-not up} after a minute" >&2
exit 1
SCRIPT
  chmod 700 "$dir/start"
}

# What a server runs on both sides of a state transfer
# (https://mariadb.com/kb/en/scriptable-state-snapshot-transfer/): the donor leaves the position where the joiner
# looks for it, and whoever would need a snapshot fails.
galera_no_snapshot() {
  cat <<'SCRIPT'
#!/usr/bin/env bash
set -eu
role='' address='' gtid='' bypass=''
while [ $# -gt 0 ]; do
  case $1 in
    --role) role=$2; shift ;;
    --address) address=$2; shift ;;
    --gtid) gtid=$2; shift ;;
    --bypass) bypass=1 ;;
  esac
  shift
done
port=${address##*:}
note=$(dirname "$0")/../sst/${port%%/*}
case $role in
  joiner)
    rm -f "$note"
    echo "ready $address"
    for ((i = 0; i < 600; i++)); do
      [ ! -e "$note" ] || { cat "$note"; rm -f "$note"; exit 0; }
      sleep 0.1
    done
    exit 110 ;;
  donor)
    [ -n "$bypass" ] || { echo 'a snapshot is needed, and none is sent here' >&2; exit 1; }
    echo continue
    echo "$gtid" >"$note.new" && mv "$note.new" "$note"
    echo "done $gtid" ;;
esac
SCRIPT
}

galera_stop() {
  local n
  for n in 3 2 1; do stop_process "galera/n$n"; done
  rm -rf "$STATE"/galera/{n?,bin,sst}
}
