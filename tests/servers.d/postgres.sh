# shellcheck shell=bash
# PostgreSQL, from the Debian release of this machine.

postgres_packages() { printf '%s\n' postgresql-common openssl; }
postgres_up() { process_up postgres; }

# Installs the server. Its package would make a database of its own and start a service for it, unless it is told not to.
postgres_install() {
  ! [ -x "$(postgres_bin)/postgres" ] || return 0
  local told=/etc/postgresql-common/createcluster.d/tomcat-sessions-tests.conf
  as_root mkdir -p "${told%/*}"
  as_root tee "$told" <<<'create_main_cluster = false' >/dev/null
  install_packages postgresql
  as_root rm -f "$told"
}

# postgres_bin: the directory of the newest server that is installed.
postgres_bin() { printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1; }

# initialize_postgres NAME PASSWORD: makes $STATE/NAME/data with the administrator's account. Texts are ordered by the
# rules of a language, as on most servers, and not by their bytes. The administrator's password is an md5 one, as older
# servers have it: unlike the SCRAM of all others it costs a debug build no time to log in with.
initialize_postgres() {
  local dir=$STATE/$1 password=$2
  mkdir -p "$dir/data" "$dir/run"
  write_secret "$dir/password" <<<"$password"
  : >"$dir/error.log"
  give_to_server "$dir" "$dir/data" "$dir/run" "$dir/password" "$dir/error.log"
  chmod 700 "$dir/data"
  "${AS_SERVER_USER[@]}" "$(postgres_bin)/initdb" --pgdata="$dir/data" --username=root --pwfile="$dir/password" \
    --auth=md5 --encoding=UTF8 --locale=C.UTF-8 --locale-provider=icu --icu-locale=en-US --no-sync >"$dir/install.log" 2>&1 9>&- ||
    { tail -n 20 "$dir/install.log" >&2; return 1; }
  rm -f "$dir/password"
}

# launch_postgres NAME PORT [OPTION ...]: starts the server of $STATE/NAME/data, and waits until it answers.
launch_postgres() {
  local name=$1 dir=$STATE/$1 port=$2 i version; shift 2
  # The server takes no key that others may read, and the certificates belong to whoever starts the servers.
  install -m 600 "$STATE/tls/server-key.pem" "$dir/server-key.pem"
  give_to_server "$dir/server-key.pem"
  launch "$name" "${AS_SERVER_USER[@]}" "$(postgres_bin)/postgres" -D "$dir/data" -p "$port" -k "$dir/run" \
    -c listen_addresses=127.0.0.1 -c password_encryption=scram-sha-256 -c max_connections=300 -c shared_buffers=256MB -c fsync=off \
    -c ssl=on -c ssl_ca_file="$STATE/tls/ca.pem" -c ssl_cert_file="$STATE/tls/server.pem" \
    -c ssl_key_file="$dir/server-key.pem" "$@"
  for ((i = 0; i < 600; i++)); do
    process_up "$name" || { tail -n 20 "$dir/out.log" >&2; return 1; }
    if version=$(PGPASSFILE=$dir/pgpass psql -XAt -h 127.0.0.1 -p "$port" -U root -d postgres \
      -c 'SHOW server_version' 2>"$dir/client.log"); then
      echo "${version%% *}" >"$dir/version"
      return 0
    fi
    sleep 0.1
  done
  cat "$dir/client.log" >&2
  return 1
}

postgres_start() {
  local dir=$STATE/postgres port password
  postgres_install
  port=$(free_port 27000)
  password=$(random_password)
  initialize_postgres postgres "$password"
  write_secret "$dir/pgpass" <<<"127.0.0.1:$port:*:root:$password"
  echo "127.0.0.1:$port" >"$dir/where"
  launch_postgres postgres "$port"
  write_env postgres \
    "POSTGRES_URL=postgres://root:$password@127.0.0.1:$port/" \
    "POSTGRES_CLIENT=$(command -v psql)" \
    "POSTGRES_PASSFILE=$dir/pgpass" \
    "POSTGRES_SOCKET=$dir/run"
}

postgres_stop() {
  # SIGTERM waits for all clients; SIGINT ends their sessions.
  ! process_up postgres || kill -INT "$(cat "$STATE/postgres/pid")" 2>/dev/null || true
  stop_process postgres
  rm -rf "$STATE/postgres/data" "$STATE/postgres/run" "$STATE/postgres/pgpass"
}
