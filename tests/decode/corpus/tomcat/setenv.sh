#!/bin/sh
# -Dno=1
CATALINA_OPTS="$CATALINA_OPTS -Ddb.user=tomcat -Xmx1g -Dz=${x}"
JAVA_OPTS='-Da=b -D=c -Dq'
