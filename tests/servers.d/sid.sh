# shellcheck shell=bash
# Packages of Debian sid, unpacked into a directory and run from there: nothing of the system is
# replaced, no maintainer script runs. apt fetches them, and checks the signatures, in a private root.

# The mirror that this system's apt uses for Debian itself (not for its security updates).
debian_mirror() {
  # shellcheck disable=SC2016  # apt, not the shell, expands it
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1
}

# sid_unpack DIR closure|only PACKAGE...: fills DIR, which must not exist yet, in one step.
# `closure` takes along everything that the packages depend on, the C library too; `only` does not.
sid_unpack() {
  local dir=$1 what=$2; shift 2
  local work=$dir.new.$$ mirror deb
  mirror=$(debian_mirror)
  # Before its first update, apt does not know which of its sources are Debian's.
  [ -n "$mirror" ] || { apt_get update; mirror=$(debian_mirror); }
  [ -n "$mirror" ] || die "apt's configuration names no Debian mirror from which to fetch $*"

  rm -rf "$dir".new.*
  mkdir -p "$work"/apt/etc/apt/{apt.conf.d,preferences.d,trusted.gpg.d} "$work"/apt/var/lib/{dpkg,apt/lists/partial} \
    "$work"/apt/var/cache/apt/archives/partial "$work"/root/usr/{bin,sbin,lib,lib64}
  : >"$work/apt/var/lib/dpkg/status"   # nothing is installed: so the closure is complete
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" >"$work/apt/etc/apt/sources.list"
  {
    apt-config dump | grep '^Acquire::' || true   # proxies and the like
    cat <<CONF
Dir "$work/apt";
Dir::State::status "$work/apt/var/lib/dpkg/status";
Dir::Etc::netrc "/etc/apt/auth.conf";
Dir::Etc::netrcparts "/etc/apt/auth.conf.d";
APT::Architectures { "$(dpkg --print-architecture)"; };
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
// A mirror may be a snapshot; what it serves is still checked against its signature.
Acquire::Check-Valid-Until "false";
CONF
  } >"$work/apt.conf"

  (
    export APT_CONFIG=$work/apt.conf
    cd "$work/apt/var/cache/apt/archives"
    apt-get -q update
    case $what in
      closure) apt-get -q -y --download-only install "$@" ;;
      only) apt-get -q download "$@" ;;
    esac
  ) </dev/null >"$STATE/sid.log" 2>&1 9>&- || { tail -n 20 "$STATE/sid.log" >&2; die "cannot fetch $* from Debian sid"; }

  # The layout with one /usr: what a package has in /lib must come to lie in /usr/lib.
  for deb in bin sbin lib lib64; do ln -s "usr/$deb" "$work/root/$deb"; done
  for deb in "$work"/apt/var/cache/apt/archives/*.deb; do
    # Dependencies of maintainer scripts, large and never run.
    case ${deb##*/} in perl*_* | libperl*_* | libgdbm*_* | gcc-*-base_* | libc-gconv-modules-extra_*) continue ;; esac
    dpkg-deb --fsys-tarfile "$deb" | tar -C "$work/root" -xf - --keep-directory-symlink --no-same-owner \
      --exclude './usr/share/doc/*' --exclude './usr/share/man/*' --exclude './usr/share/locale/*'
  done
  rm -rf "$work/apt" "$work/apt.conf"
  mv -T "$work/root" "$dir"
  rm -rf "$work"
}

# sid_program ROOT PROGRAM OUT: writes OUT, which runs ROOT/usr/PROGRAM with the C library it was built for.
sid_program() {
  local root=$1 loader libraries
  loader=$(find "$root/usr/lib" "$root/usr/lib64" -maxdepth 1 -name 'ld-linux*.so.*' | head -n 1)
  libraries=$(find "$root/usr/lib" -maxdepth 1 -type d -name '*-linux-gnu*' -printf '%p:')$root/usr/lib/mysql/private:$root/usr/lib/mysql-router
  printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s" "$@"\n' "$loader" "$libraries" "$root/usr/$2" >"$3"
  chmod 755 "$3"
}

# sid_programs NAME PACKAGES PROGRAM...: leaves $CACHE/NAME/{root,bin} with the programs (as paths below /usr) and the
# closure of the packages, separated by spaces. `complete` is written last and says that all is there.
sid_programs() {
  local name=$1 home=$CACHE/$1 packages program
  read -ra packages <<<"$2"; shift 2
  mkdir -p "$CACHE"
  exec 8>"$CACHE/lock"   # other checkouts share the cache
  flock 8
  # A server that was fetched before there was `complete` has its version.
  if [ ! -e "$home/complete" ] && [ ! -s "$home/version" ]; then
    say "$name: fetching it from Debian sid into $home"
    rm -rf "$home"; mkdir -p "$home/bin"
    sid_unpack "$home/root" closure "${packages[@]}"
    for program; do sid_program "$home/root" "$program" "$home/bin/${program##*/}"; done
    touch "$home/complete"
  fi
  exec 8>&-
}

# sid_server NAME PACKAGES PROGRAM...: the same of a database server, which is the first program; `version` says what
# it is.
sid_server() {
  local home=$CACHE/$1 server=${3##*/}
  sid_programs "$@"
  if [ ! -s "$home/version" ]; then
    "$home/bin/$server" --no-defaults --version >"$home/version.new"
    mv "$home/version.new" "$home/version"
  fi
  "${AS_SERVER_USER[@]}" test -x "$home/bin/$server" ||
    die "the account mysql cannot read $home: set TOMCAT_SESSIONS_TEST_CACHE to a directory that it can"
}
