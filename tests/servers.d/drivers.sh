# shellcheck shell=bash
# The JDBC drivers that no Debian package has: MySQL's, PostgreSQL's and Microsoft's, from Maven Central. Nothing is started.

CONNECTOR_J=9.1.0
POSTGRES_JDBC=42.7.4
MSSQL_JDBC=12.6.1.jre11

drivers_packages() { command -v mvn >/dev/null || printf '%s\n' maven default-jdk-headless; }
drivers_up() { [ -e "$STATE/drivers/where" ] && [ -e "$(cat "$STATE/drivers/where")/postgresql-$POSTGRES_JDBC.jar" ]; }

# Leaves the jars in $CACHE/drivers/VERSIONS, in one step.
drivers_fetch() { # DIR
  local dir=$1 work=$1.new.$$
  mkdir -p "$CACHE"
  exec 8>"$CACHE/drivers.lock"   # other checkouts share the cache
  flock 8
  if [ ! -d "$dir" ]; then
    rm -rf "$dir".new.*; mkdir -p "$work"
    cat >"$work/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>tests</groupId><artifactId>drivers</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>com.mysql</groupId><artifactId>mysql-connector-j</artifactId><version>$CONNECTOR_J</version></dependency>
    <dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId><version>$POSTGRES_JDBC</version></dependency>
    <dependency><groupId>com.microsoft.sqlserver</groupId><artifactId>mssql-jdbc</artifactId><version>$MSSQL_JDBC</version></dependency>
  </dependencies>
</project>
POM
    mvn -q -B -f "$work/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
      -DexcludeTransitive=true -DoutputDirectory="$work" </dev/null >"$STATE/drivers/mvn.log" 2>&1 9>&- || return 1
    mv -T "$work" "$dir"
  fi
  exec 8>&-
}

drivers_start() {
  local dir=$CACHE/drivers-$CONNECTOR_J-$POSTGRES_JDBC-$MSSQL_JDBC
  if ! command -v mvn >/dev/null; then
    echo 'there is no Maven' >"$STATE/drivers/why"
    return 0
  fi
  if ! drivers_fetch "$dir"; then
    echo "Maven cannot fetch them; see $STATE/drivers/mvn.log" >"$STATE/drivers/why"
    return 0
  fi
  echo "$dir" >"$STATE/drivers/where"
  echo "Connector/J $CONNECTOR_J, pgjdbc $POSTGRES_JDBC, mssql-jdbc $MSSQL_JDBC" >"$STATE/drivers/version"
  write_env drivers \
    "MYSQL_JDBC_JAR=$dir/mysql-connector-j-$CONNECTOR_J.jar" \
    "POSTGRES_JDBC_JAR=$dir/postgresql-$POSTGRES_JDBC.jar" \
    "MSSQL_JDBC_JAR=$dir/mssql-jdbc-$MSSQL_JDBC.jar"
}

drivers_stop() { :; }
