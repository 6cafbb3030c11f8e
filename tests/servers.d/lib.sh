# shellcheck shell=bash
# What every server needs: the private directory, packages, ports, passwords, processes.
# Sourced by tests/servers; HERE is set.
# shellcheck disable=SC2034  # what is set here is used by the other files

say() { echo "servers: $*" >&2; }
die() { say "$*"; exit 1; }

# One directory a checkout and user. It is short, because the sockets in it must fit in 107 bytes.
STATE=${TOMCAT_SESSIONS_TEST_DIR:-${TMPDIR:-/tmp}/tomcat-sessions-tests-$(id -u)-$(cksum <<<"$HERE" | cut -d' ' -f1)}

# What is expensive to fetch survives here. Root's home is closed to the account that the servers
# run as, so root's cache is the system's.
default_cache() {
  if [ -n "${XDG_CACHE_HOME:-}" ]; then echo "$XDG_CACHE_HOME"
  elif [ "$(id -u)" -eq 0 ]; then echo /var/cache
  else echo "$HOME/.cache"; fi
}
CACHE=${TOMCAT_SESSIONS_TEST_CACHE:-$(default_cache)/tomcat-sessions-tests}

# Makes the private directory and keeps a second start or stop out until this one has ended.
# The lock is on descriptor 9, which no server may inherit.
open_state() {
  mkdir -p "$STATE"
  [ -O "$STATE" ] || die "$STATE belongs to somebody else; set TOMCAT_SESSIONS_TEST_DIR"
  exec 9>"$STATE/lock"
  flock -w 600 9 || die "another start or stop has held $STATE/lock for ten minutes"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else die "needs root or sudo for: $*"; fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -o DPkg::Lock::Timeout=600 "$@" </dev/null >>"$STATE/apt.log" 2>&1 9>&- ||
    { tail -n 20 "$STATE/apt.log" >&2; die "apt-get $1 failed; the log is $STATE/apt.log"; }
}

# Installs what is missing of the named Debian packages. Only packages without a service are ever
# named here (the -core and -common ones), so that no daemon is started, stopped or enabled;
# --no-remove, so that a database server that is installed already is not replaced by ours.
install_packages() {
  local package missing=()
  for package in $(printf '%s\n' "$@" | sort -u); do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "not a Debian system: install the equivalents of ${missing[*]}"
  say "installing ${missing[*]}"
  apt_get update
  apt_get install -y --no-install-recommends --no-remove "${missing[@]}"
}

# The database servers refuse to run as root: then they run as the account that their packages use.
AS_SERVER_USER=()
if [ "$(id -u)" -eq 0 ]; then
  AS_SERVER_USER=(setpriv --reuid=mysql --regid=mysql --clear-groups --)
fi
ensure_server_user() {
  [ "$(id -u)" -eq 0 ] || return 0
  id mysql >/dev/null 2>&1 ||
    useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin mysql
}
# give_to_server FILE|DIR ...: makes them the server account's own.
give_to_server() { [ "$(id -u)" -ne 0 ] || chown mysql:mysql "$@"; }

random_password() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# write_secret FILE: writes stdin to FILE, for its owner only.
write_secret() { ( umask 077; cat >"$1" ); }

port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port BASE [COUNT]: a free port in [BASE, BASE+COUNT), of 2000 by default. Each server has a base of
# its own, so that two that start together cannot choose the same; all lie below the range of outgoing
# connections.
free_port() {
  local port
  while :; do
    port=$(($1 + RANDOM % ${2:-2000}))
    port_answers "$port" || { echo "$port"; return; }
  done
}

# launch NAME COMMAND...: starts a server in a session of its own (Ctrl-C in the terminal is not
# for it) with its output in $STATE/NAME/out.log. The process writes its id itself before it becomes
# the server: so there is no moment in which it runs and `stop` does not know it.
launch() {
  local name=$1; shift
  # shellcheck disable=SC2016  # the new shell expands it
  setsid bash -c 'echo $$ >"$0.new" && mv "$0.new" "$0" && exec "$@"' "$STATE/$name/pid" "$@" \
    </dev/null >>"$STATE/$name/out.log" 2>&1 9>&- &
  until [ -e "$STATE/$name/pid" ]; do sleep 0.02; done
}

# process_up NAME: whether the process that launch started runs. A process id alone proves nothing
# after a reboot, so its command line must name our directory.
process_up() {
  local pid i
  pid=$(cat "$STATE/$1/pid" 2>/dev/null) || return 1
  for ((i = 0; i < 10; i++)); do
    ! grep -qaF "$STATE/$1/" "/proc/$pid/cmdline" 2>/dev/null || return 0
    # A process that is just becoming another program has no command line.
    { [ -e "/proc/$pid" ] && ! grep -q . "/proc/$pid/cmdline"; } 2>/dev/null || return 1
    sleep 0.05
  done
  return 1
}

stop_process() { # NAME
  local pid i
  if process_up "$1"; then
    pid=$(cat "$STATE/$1/pid")
    kill "$pid" 2>/dev/null || true
    for ((i = 0; i < 300; i++)); do
      process_up "$1" || break
      sleep 0.1
    done
    if process_up "$1"; then
      say "$1: process $pid does not end within 30 s, killed"
      kill -9 "$pid" 2>/dev/null || true
    fi
  fi
  rm -f "$STATE/$1/pid"
}

# write_env NAME VARIABLE=VALUE...: what the tests are told. Written last, in one step.
write_env() {
  local file=$STATE/$1/env pair; shift
  for pair in "$@"; do
    printf 'export TOMCAT_SESSIONS_TEST_%s=%q\n' "${pair%%=*}" "${pair#*=}"
  done | write_secret "$file.new"
  mv "$file.new" "$file"
}

# await_mysql_protocol NAME CLIENT: waits until the administrator can log in over TCP, and notes the version.
await_mysql_protocol() {
  local name=$1 client=$2 i version
  for ((i = 0; i < 600; i++)); do
    process_up "$name" || { tail -n 20 "$STATE/$name/error.log" "$STATE/$name/out.log" >&2; return 1; }
    if version=$("$client" --defaults-file="$STATE/$name/client.cnf" -N -B -e 'SELECT VERSION()' 2>"$STATE/$name/client.log"); then
      echo "${version%%-*}" >"$STATE/$name/version"
      return 0
    fi
    sleep 0.1
  done
  cat "$STATE/$name/client.log" >&2
  return 1
}

# write_client_cnf NAME PORT PASSWORD: the options file with which CLIENT logs in as the administrator.
write_client_cnf() {
  write_secret "$STATE/$1/client.cnf" <<CNF
[client]
protocol=tcp
host=127.0.0.1
port=$2
user=root
password=$3
CNF
  echo "127.0.0.1:$2" >"$STATE/$1/where"
}

mariadbd() { PATH=$PATH:/usr/sbin command -v mariadbd; }

# initialize_mariadb NAME PASSWORD [STATEMENT ...]: makes $STATE/NAME/data with the administrator's accounts, before
# any connection is taken, and runs the statements in it. The anonymous accounts, which shadow others, are for the
# tests that want them to create.
initialize_mariadb() {
  local dir=$STATE/$1 password=$2; shift 2
  mkdir -p "$dir/tmp"
  : >"$dir/error.log"
  give_to_server "$dir" "$dir/tmp" "$dir/error.log"
  # A server that starts deletes the temporary files of others in its directory for them.
  # shellcheck disable=SC2024
  "${AS_SERVER_USER[@]}" env TMPDIR="$dir/tmp" mariadb-install-db --no-defaults --datadir="$dir/data" \
    --auth-root-authentication-method=normal --skip-test-db >"$dir/install.log" 2>&1 9>&- ||
    { tail -n 20 "$dir/install.log" >&2; return 1; }
  # shellcheck disable=SC2024
  "${AS_SERVER_USER[@]}" "$(mariadbd)" --no-defaults --bootstrap --datadir="$dir/data" --tmpdir="$dir/tmp" \
    --log-error="$dir/error.log" >>"$dir/install.log" 2>&1 9>&- <<SQL || { tail -n 20 "$dir/error.log" >&2; return 1; }
USE mysql;
DELETE FROM mysql.global_priv WHERE User = '' OR (User = 'root' AND Host <> 'localhost');
FLUSH PRIVILEGES;
ALTER USER 'root'@'localhost' IDENTIFIED BY '$password';
CREATE USER 'root'@'127.0.0.1' IDENTIFIED BY '$password';
GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
$([ $# -eq 0 ] || printf '%s;\n' "$@")
SQL
}

# launch_mariadb NAME PORT [OPTION ...]: starts the server of $STATE/NAME/data, and waits until it answers.
launch_mariadb() {
  local name=$1 dir=$STATE/$1 port=$2; shift 2
  mkdir -p "$dir/tmp"
  touch "$dir/error.log"
  give_to_server "$dir" "$dir/tmp" "$dir/error.log"
  launch "$name" "${AS_SERVER_USER[@]}" env TMPDIR="$dir/tmp" PATH="$PATH" "$(mariadbd)" --no-defaults \
    --datadir="$dir/data" --tmpdir="$dir/tmp" --socket="$dir/data/s" --pid-file="$dir/data/server.pid" \
    --log-error="$dir/error.log" --bind-address=127.0.0.1 --port="$port" --skip-name-resolve \
    --character-set-server=utf8mb4 --max-allowed-packet=64M --innodb-flush-log-at-trx-commit=2 "$@"
  await_mysql_protocol "$name" mariadb
}
