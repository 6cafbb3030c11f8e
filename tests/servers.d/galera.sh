# shellcheck shell=bash
# Three MariaDB Galera nodes, from the Debian release of this machine.
#
# The nodes begin with copies of one data directory at one position of the cluster's history, so that no
# state snapshot is ever sent: its scripts are in a package that brings a service. A node that was killed
# finds its position by --wsrep-recover and gets what it missed from the cache of another; the script
# wsrep_sst_ist only tells it that no snapshot comes first.
#
# $STATE/galera/nN/start starts a node and waits until it is synced; the tests call it after they killed one.
#
# A node is taken for dead after 15 s of silence (5 s by default): on a machine that is busy with compilers a node may
# well be silent for a few.

galera_packages() { printf '%s\n' mariadb-server-core mariadb-client-core galera-4; }
galera_up() { process_up galera/n1 && process_up galera/n2 && process_up galera/n3; }

galera_start() {
  local dir=$STATE/galera password n ports=() group=() ist=() addresses='' urls=''
  password=$(random_password)
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
    mkdir -p "$dir/n$n"
  done
  initialize_mariadb galera/n1 "$password" "CREATE USER 'proxy'@'%'"
  for n in 1 2 3; do
    write_client_cnf "galera/n$n" "${ports[n]}" "$password"
    galera_node "$n" "${ports[n]}" "${group[n]}" "${ist[n]}" "${addresses#,}"
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
galera_node() { # N PORT GROUP-PORT IST-PORT ADDRESSES
  local n=$1 dir=$STATE/galera/n$1
  cat >"$dir/start" <<SCRIPT
#!/usr/bin/env bash
# Starts this node, with the options given, and waits until it is synced.
set -euo pipefail
HERE=$(printf %q "$HERE")
source "\$HERE/servers.d/lib.sh"
STATE=$(printf %q "$STATE")
dir=$(printf %q "$dir")
PATH="$STATE/galera/bin:\$PATH"
mkdir -p "\$dir/tmp"; touch "\$dir/error.log"; give_to_server "\$dir" "\$dir/tmp" "\$dir/error.log"
options=(--innodb-buffer-pool-size=64M --binlog-format=ROW --innodb-autoinc-lock-mode=2
  --wsrep-on=ON --wsrep-provider=/usr/lib/galera/libgalera_smm.so --wsrep-cluster-name=tomcat-sessions-tests
  --wsrep-cluster-address="gcomm://$5" --wsrep-sst-method=ist --wsrep-sst-receive-address=127.0.0.1:$4)
# Without a position of its own it would ask for a snapshot. One that was stopped wrote it down.
position=()
if grep -qs '^seqno: *-1' "\$dir/data/grastate.dat"; then
  rm -f "\$dir/recover.log"; touch "\$dir/recover.log"; give_to_server "\$dir/recover.log"
  # It may hang after it has said it, while it ends.
  timeout --signal=KILL 60 "\${AS_SERVER_USER[@]}" "\$(mariadbd)" --no-defaults --datadir="\$dir/data" --tmpdir="\$dir/tmp" --socket="\$dir/data/s" \\
    "\${options[@]}" --wsrep-recover --skip-networking --log-error="\$dir/recover.log" >/dev/null 2>&1 || true
  found=\$(sed -n 's/.*WSREP: Recovered position: *//p' "\$dir/recover.log" | tail -n 1)
  position=(--wsrep-start-position="\${found%%,*}")
fi
rm -f "\$dir/pid"
launch_mariadb galera/n$n $2 "\${options[@]}" \\
  --innodb-log-file-size=32M --max-connections=100 --server-id=$n \\
  --wsrep-node-name=n$n --wsrep-node-address=127.0.0.1:$3 --wsrep-slave-threads=2 \\
  --wsrep-provider-options="gmcast.listen_addr=tcp://127.0.0.1:$3;ist.recv_addr=127.0.0.1:$4;gcache.size=64M;repl.causal_read_timeout=PT30S;evs.suspect_timeout=PT15S;evs.inactive_timeout=PT30S;evs.install_timeout=PT30S;gmcast.peer_timeout=PT15S" \\
  "\${position[@]}" "\$@"
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
