# shellcheck shell=bash
# Apache Tomcat: nothing is started here. A test starts an instance of its own with
# tests/tomcat/instance; this makes a CATALINA_HOME of each version for it. 10.1 is this Debian's;
# of 9 it has the libraries only; 11 is sid's.

tomcat_packages() { # NAME VERSION
  echo libmariadb-java
  command -v javac >/dev/null || echo default-jdk-headless
  case $2 in
    9) echo libtomcat9-java ;;
    10) echo tomcat10-common ;;
    11) echo debian-archive-keyring ;;
  esac
}

tomcat_up() { [ -e "$(cat "$STATE/$1/where")/lib/catalina.jar" ]; }

tomcat_start() { # NAME VERSION
  local name=$1 version=$2 home info
  case $version in
    9) home=$STATE/tomcat9/home; tomcat9_home "$home" ;;
    10) home=/usr/share/tomcat10 ;;
    11) home=$CACHE/tomcat11/usr/share/tomcat11; tomcat11_unpack ;;
  esac
  info=$(java -cp "$home/lib/*:$home/bin/*" org.apache.catalina.util.ServerInfo 2>/dev/null 9>&-)
  sed -n 's/^Server number: *//p' <<<"$info" | cut -d. -f1-3 >"$STATE/$name/version"
  echo "$home" >"$STATE/$name/where"
  write_env "$name" \
    "TOMCAT${version}_HOME=$home" \
    "MARIADB_JDBC_JAR=/usr/share/java/mariadb-java-client.jar"
}

tomcat_stop() { :; }

# The layout that Tomcat's own archive has, of links to Debian's jars. bootstrap.jar, which Debian
# does not build for 9, is only a list of the jars in lib.
tomcat9_home() { # DIR
  local home=$1 jar base
  mkdir -p "$home/bin" "$home/lib"
  for jar in /usr/share/java/tomcat9-*.jar; do
    [ -L "$jar" ] && [[ ${jar##*/} =~ -[0-9.]+\.jar$ ]] && continue   # the same with its version
    base=${jar##*/tomcat9-}
    if [ "$base" = juli.jar ]; then ln -s "$jar" "$home/bin/tomcat-juli.jar"; else ln -s "$jar" "$home/lib/$base"; fi
  done
  {
    echo 'Main-Class: org.apache.catalina.startup.Bootstrap'
    echo 'Class-Path: tomcat-juli.jar'
    for jar in "$home"/lib/*.jar; do echo "  ../lib/${jar##*/}"; done
  } >"$home/bin/manifest"
  jar cfm "$home/bin/bootstrap.jar" "$home/bin/manifest"
}

tomcat11_unpack() {
  mkdir -p "$CACHE"
  exec 8>"$CACHE/lock"
  flock 8
  if [ ! -d "$CACHE/tomcat11" ]; then
    sid_unpack "$CACHE/tomcat11" only tomcat11-common libtomcat11-java
    # links to jars of packages that a test does not need: Tomcat warns of each at every start
    find "$CACHE/tomcat11/usr/share/tomcat11/lib" -xtype l -delete
  fi
  exec 8>&-
}
