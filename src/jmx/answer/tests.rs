//! Answers of Tomcat 9.0.70, 10.1.60 and 11.0.24; they differ only in the order of attributes and in the lines of the
//! stack traces.

use super::*;

const MANAGERS: &str = "OK - Number of results: 2\n\n\
Name: Catalina:type=Manager,host=localhost,context=/manager\n\
modelerType: org.apache.tomcat.util.modeler.BaseModelMBean\n\
className: org.apache.catalina.session.StandardManager\n\
activeSessions: 0\n\
name: StandardManager\n\n\
Name: Catalina:type=Manager,host=localhost,context=/demo\n\
maxIdleBackup: -1\n\
className: org.apache.catalina.session.PersistentManager\n\
secureRandomProvider:\n\
saveOnRestart: true\n\
name: PersistentManager\n\n";

#[test]
fn managers() {
    let beans = beans(MANAGERS).unwrap();
    assert_eq!(beans.len(), 2);
    assert_eq!(beans[0].attribute("name"), Some("StandardManager"));
    assert_eq!(beans[0].attribute("maxIdleBackup"), None);
    assert_eq!(beans[1].name, "Catalina:type=Manager,host=localhost,context=/demo");
    assert_eq!(beans[1].attribute("maxIdleBackup"), Some("-1"));
    assert_eq!(beans[1].attribute("secureRandomProvider"), Some(""));
    assert_eq!(super::beans("OK - Number of results: 0\n\n").unwrap(), []);
    assert_eq!(super::beans(&MANAGERS.replace('\n', "\r\n")).unwrap(), beans);
}

/// The rest of an answer whose connection was lost.
#[test]
fn a_truncated_answer_is_refused() {
    let cut = &MANAGERS[..MANAGERS.find("Name: Catalina:type=Manager,host=localhost,context=/demo").unwrap()];
    assert_eq!(beans(cut), Err(AnswerError::Foreign));
}

#[test]
fn a_value_with_several_lines_is_parsed() {
    let text = "OK - Number of results: 2\n\n\
Name: Catalina:type=DataSource,host=localhost,context=/,class=javax.sql.DataSource,name=\"jdbc/sessions\",connectionpool=connections\n\
CreationStackTrace: java.lang.Exception\\n\n \tat org.apache.tomcat.dbcp.pool2.impl.BaseGenericObjectPool.<init>(BaseGeneric\n ObjectPool.java:407)\\n\n \tat org.apache.tomcat.dbcp.pool2.impl.GenericObjectPool.<init>(GenericObjectPo\n ol.java:147)\n\
Closed: false\n\n\
Name: Catalina:type=Server\n\
serverInfo: Apache Tomcat/9.0.70 (Debian)\n\n";
    let beans = beans(text).unwrap();
    let trace = beans[0].attribute("CreationStackTrace").unwrap();
    assert_eq!(trace.lines().count(), 3, "{trace}");
    assert!(trace.contains("(BaseGenericObjectPool.java:407)\n\tat "), "{trace}");
    assert_eq!(beans[0].attribute("Closed"), Some("false"));
    assert_eq!(beans[1].attribute("serverInfo"), Some("Apache Tomcat/9.0.70 (Debian)"));
}

#[test]
fn operations() {
    let of = |text, operation| returned(text, operation).unwrap();
    let ids = "OK - Operation listSessionIds returned:\n0A1B 2C3D \n";
    assert_eq!(of(ids, "listSessionIds").as_deref(), Some("0A1B 2C3D "));
    assert_eq!(of("OK - Operation listSessionIds returned:\n\n", "listSessionIds").as_deref(), Some(""));
    assert_eq!(of("OK - Operation isLoaded returned:\nfalse\n", "isLoaded").as_deref(), Some("false"));
    assert_eq!(of("OK - Operation backgroundProcess without return value\n", "backgroundProcess"), None);
    assert_eq!(returned(ids, "isLoaded"), Err(AnswerError::Foreign));
    assert_eq!(set("OK - Attribute set\n"), Ok(()));
}

#[test]
fn errors_with_status_200_are_recognized() {
    let text = "Error - javax.management.InstanceNotFoundException: Catalina:type=Manager,host=localhost,context=/none\n\
javax.management.InstanceNotFoundException: Catalina:type=Manager,host=localhost,context=/none\n\
\tat java.management/com.sun.jmx.interceptor.DefaultMBeanServerInterceptor.getMBean(DefaultMBeanServerInterceptor.java:1088)\n";
    let expected = AnswerError::Jmx(
        "javax.management.InstanceNotFoundException: Catalina:type=Manager,host=localhost,context=/none".to_owned(),
    );
    assert_eq!(beans(text), Err(expected.clone()));
    assert_eq!(set(text), Err(expected.clone()));
    assert_eq!(returned(text, "isLoaded"), Err(expected));
    for page in ["", "<!DOCTYPE html><html>…", "OK", "OK - Listed applications for virtual host [localhost]\n"] {
        assert_eq!(beans(page), Err(AnswerError::Foreign), "{page}");
        assert_eq!(set(page), Err(AnswerError::Foreign), "{page}");
    }
}
