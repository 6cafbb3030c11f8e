//! `audit`.

use tempfile::TempDir;

use crate::command;
use crate::store::{each_state, holding, on};
use crate::streams::{ID, PLAIN, handled, map_of_url, object, proxy, row, with_password, with_values};
use crate::support::sample;

#[tokio::test]
async fn dangerous_classes_are_found() {
    let row = with_values(
        ID,
        [
            object("org.apache.commons.collections.functors.InvokerTransformer"),
            object("javax.servlet.http.Cookie"),
            proxy("java.util.Map"),
            object("com.example.Cart"),
        ],
    );
    let db = holding(&[row]).await;
    insta::assert_snapshot!(on(&db, "audit").run(), @r#"
    exit 4
    --- stdout
    error: `org.apache.commons.collections.functors.InvokerTransformer` is used in deserialization attacks (CommonsCollections1 to 7): 1 session (01234567…) [data.gadget]
      do: find out who wrote these rows before a Tomcat loads them; then `tomcat-sessions delete` them, and set sessionAttributeValueClassNameFilter
    warning: a dynamic proxy of java.util.Map, which runs its handler at every call: 1 session (01234567…) [data.proxy]
      do: look at the handler with `tomcat-sessions show ID --values`, and check whether the application stores it
    warning: `javax.servlet.http.Cookie` does not exist in Tomcat 10 and later: 1 session (01234567…) [data.javax]
      do: delete them when you upgrade to Tomcat 10: it answers every request of such a user with 500 until the row is deleted

    CLASS                                                       SESSIONS  APPLICATIONS
    com.example.Cart                                                   1  /Catalina/localhost/demo
    java.lang.Boolean                                                  1  /Catalina/localhost/demo
    java.lang.Integer                                                  1  /Catalina/localhost/demo
    java.lang.Long                                                     1  /Catalina/localhost/demo
    java.lang.Number                                                   1  /Catalina/localhost/demo
    java.util.Map                                                      1  /Catalina/localhost/demo
    javax.servlet.http.Cookie                                          1  /Catalina/localhost/demo
    org.apache.commons.collections.functors.InvokerTransformer         1  /Catalina/localhost/demo

    For the Manager in context.xml, after you have checked that your applications use these classes:
      sessionAttributeValueClassNameFilter="com\.example\.Cart|java\.lang\.Boolean|java\.lang\.Integer|java\.lang\.Long|java\.lang\.Number|java\.util\.Map|javax\.servlet\.http\.Cookie"

    Audited 1 session: 3 findings.
    "#);
}

/// Each payload of ysoserial, and some later ones, by the classes whose descriptors are in its stream.
const FAMILIES: [(&str, &[&str]); 36] = [
    ("AspectJWeaver", &["java.util.HashSet", "org.aspectj.weaver.tools.cache.SimpleCache$StoreableCachingMap"]),
    ("BeanShell1", &["java.util.PriorityQueue", "bsh.XThis$Handler"]),
    ("C3P0", &["com.mchange.v2.c3p0.PoolBackedDataSource"]),
    ("Click1", &["org.apache.click.control.Column$ColumnComparator"]),
    ("Clojure", &["clojure.inspector.proxy$javax.swing.table.AbstractTableModel$ff19274a"]),
    ("CommonsBeanutils1", &["org.apache.commons.beanutils.BeanComparator"]),
    ("CommonsCollections1", &["org.apache.commons.collections.functors.ChainedTransformer"]),
    ("CommonsCollections2", &["org.apache.commons.collections4.comparators.TransformingComparator"]),
    ("CommonsCollections3", &["org.apache.commons.collections.functors.InstantiateTransformer"]),
    ("CommonsCollections4", &["org.apache.commons.collections4.functors.ConstantTransformer"]),
    ("CommonsCollections5", &["javax.management.BadAttributeValueExpException"]),
    ("CommonsCollections6", &["java.util.HashSet", "org.apache.commons.collections.keyvalue.TiedMapEntry"]),
    ("CommonsCollections7", &["java.util.Hashtable", "org.apache.commons.collections.map.LazyMap"]),
    ("FileUpload1", &["org.apache.commons.fileupload.disk.DiskFileItem"]),
    ("Groovy1", &["org.codehaus.groovy.runtime.ConvertedClosure"]),
    ("Hibernate1", &["org.hibernate.engine.spi.TypedValue"]),
    ("Hibernate2", &["com.sun.rowset.JdbcRowSetImpl"]),
    ("JBossInterceptors1", &["org.jboss.interceptor.proxy.InterceptorMethodHandler"]),
    ("JRMPClient", &["java.rmi.server.RemoteObjectInvocationHandler"]),
    ("JRMPListener", &["java.rmi.server.UnicastRemoteObject", "sun.rmi.server.ActivationGroupImpl"]),
    ("JSON1", &["net.sf.json.JSONObject", "org.springframework.aop.framework.JdkDynamicAopProxy"]),
    ("JavassistWeld1", &["org.jboss.weld.interceptor.proxy.InterceptorMethodHandler"]),
    ("Jdk7u21", &["java.util.LinkedHashSet", "sun.reflect.annotation.AnnotationInvocationHandler"]),
    ("Jython1", &["org.python.core.PyFunction"]),
    ("MozillaRhino1", &["org.mozilla.javascript.NativeError"]),
    ("Myfaces1", &["org.apache.myfaces.view.facelets.el.ValueExpressionMethodExpression"]),
    ("ROME", &["com.sun.syndication.feed.impl.ObjectBean"]),
    ("ROME, later", &["com.rometools.rome.feed.impl.ToStringBean"]),
    ("Spring1", &["org.springframework.core.SerializableTypeWrapper$MethodInvokeTypeProvider"]),
    ("Spring2", &["org.springframework.aop.framework.AdvisedSupport"]),
    ("Vaadin1", &["com.vaadin.data.util.PropertysetItem"]),
    ("Wicket1", &["org.apache.wicket.util.upload.DiskFileItem"]),
    ("TemplatesImpl", &["com.sun.org.apache.xalan.internal.xsltc.trax.TemplatesImpl"]),
    ("SignedObject", &["java.security.SignedObject"]),
    ("Jackson", &["javax.swing.event.EventListenerList", "com.fasterxml.jackson.databind.node.POJONode"]),
    ("Coherence", &["com.tangosol.util.extractor.ChainedExtractor"]),
];

#[tokio::test]
async fn every_family_of_gadgets_is_recognised_by_its_descriptors() {
    let mut rows = Vec::new();
    for (n, (_, classes)) in FAMILIES.iter().enumerate() {
        // The last class identifies the payload, also as an array.
        let last = classes.last().unwrap();
        let values = [object(classes[0]), object(last), object(&format!("[L{last};")), object("a.B")];
        rows.push(with_values(&format!("{n:02}AAAAAA{n}"), values));
    }
    let db = holding(&rows).await;
    let found: serde_json::Value = serde_json::from_str(&on(&db, "audit --format json").run().code(4).stdout).unwrap();
    let gadgets: Vec<&serde_json::Value> =
        found["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == "data.gadget").collect();
    for (n, (family, classes)) in FAMILIES.iter().enumerate() {
        let last = classes.last().unwrap();
        for class in [(*last).to_owned(), format!("[L{last};")] {
            let named = |finding: &&&serde_json::Value| {
                finding["object"] == class.as_str()
                    && finding["message"].as_str().unwrap().contains(&format!("{n:02}AAAAAA"))
            };
            assert_eq!(gadgets.iter().filter(named).count(), 1, "{family}: {class}: {gadgets:#?}");
        }
    }
}

#[tokio::test]
async fn urldns_probes_are_distinguished_from_plain_urls() {
    // A URL whose hash a map has computed, and one whose hash was reset.
    for (hash, code) in [([0, 1, 2, 3], 0), ([0xff; 4], 4)] {
        let db = holding(&[with_values(ID, [map_of_url(hash), object("a.B"), object("c.D"), object("e.F")])]).await;
        let run = on(&db, "audit").run().code(code);
        assert_eq!(run.stdout.contains("Java looks up the host of that URL"), code == 4, "{run}");
    }
}

#[tokio::test]
async fn realm_passwords_are_found_and_not_printed() {
    let db = holding(&[with_password("alice", "geheim")]).await;
    insta::assert_snapshot!(on(&db, "audit --format csv").secret("geheim").run(), @r#"
    exit 4
    --- stdout
    rule,severity,object,message,remedy_kind,remedy_text
    data.password,warning,org.apache.catalina.realm.GenericPrincipal$SerializablePrincipal,the data contain the user's Realm password: 1 session (01234567…),action,"set persistAuthentication=""false"", or upgrade to Tomcat 10.1, whose principals contain no password"
    "#);
    let shown = on(&db, "show 0123 --values --format json").secret("geheim").run().code(0);
    assert!(shown.stdout.contains("\"alice\""), "{shown}");
}

#[tokio::test]
async fn proxies_are_reported_with_their_handlers() {
    let values =
        [handled("a.B", "com.example.Handler"), handled("a.B", "com.example.Other"), object("c.D"), object("e.F")];
    let db = holding(&[with_values(ID, values)]).await;
    let run = on(&db, "audit").run().code(4);
    for handler in ["com.example.Handler", "com.example.Other"] {
        let output_text =
            format!("warning: a dynamic proxy of a.B, which runs its handler, a `{handler}`, at every call: 1 session");
        assert!(run.stdout.contains(&output_text), "{run}");
    }
}

#[tokio::test]
async fn undecodable_data_and_foreign_ids_are_found() {
    let mut rows = vec![
        row("0DD", PLAIN.to_vec()),
        row("C07", PLAIN[..700].to_vec()),
        row(ID, [PLAIN, b"more"].concat()),
        row("BB", include_bytes!("../decode/fixtures/session-broken.ser").to_vec()),
    ];
    rows.extend(each_state());
    let db = holding(&rows).await;
    let rules = |run: &str| -> Vec<String> {
        run.lines().skip(1).map(|line| line.split(',').take(2).collect::<Vec<_>>().join(" ")).collect()
    };
    assert_eq!(
        rules(&on(&db, "audit --format csv").run().code(4).stdout),
        [
            "data.id-mismatch error",
            "data.unreadable warning",
            "data.trailing warning",
            "data.not-serializable note",
            "data.not-serializable note"
        ]
    );
}

#[tokio::test]
async fn sessions_written_by_tomcat_pass_audit_and_filter() {
    let db = holding(&sample()).await;
    let run = on(&db, "audit --format json").run().code(0);
    let audit: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&audit["sessions"], audit["findings"].as_array().unwrap().len()), (&26.into(), 0));
    let filter = audit["class_name_filter"].as_str().unwrap();
    assert!(filter.split('|').any(|name| name == r"lab\.Cart"), "{filter}");
    assert!(filter.split('|').any(|name| name == r"\[B"), "{filter}");
    // The class is not in the data, but is that of an attribute when Tomcat saves.
    assert!(filter.split('|').any(|name| name == r"java\.lang\.String"), "{filter}");
}

#[tokio::test]
async fn an_archive_and_a_filestore_are_audited_before_they_are_imported() {
    let bad = with_values(ID, [object("bsh.XThis"), object("a.B"), object("a.C"), object("a.D")]);
    let mut rows = sample();
    rows.push(bad);
    let db = holding(&rows).await;
    let dir = TempDir::new().unwrap();
    let (archive, files) = (dir.path().join("a.ndjson.zst"), dir.path().join("files"));
    on(&db, "export -q").arg(&archive).run().code(0);
    on(&db, "export -q").arg(format!("filestore:{}", files.display())).run().code(0);
    let audit = |args: &str, source: &str| -> serde_json::Value {
        let run = command().args("audit --format json").args(args).arg(source).run().code(4);
        serde_json::from_str(&run.stdout).unwrap()
    };
    let of_store: serde_json::Value =
        serde_json::from_str(&on(&db, "audit --format json").run().code(4).stdout).unwrap();
    assert_eq!(audit("", archive.to_str().unwrap()), of_store);
    assert_eq!(of_store["findings"][0]["object"], "bsh.XThis");
    let of_files = audit("", &format!("filestore:{}", files.display()));
    assert_eq!((&of_files["sessions"], &of_files["findings"]), (&27.into(), &of_store["findings"]));
    let one = audit("--id 0123456789", archive.to_str().unwrap());
    assert_eq!(one["sessions"], 1);
    std::fs::write(&archive, "not an archive").unwrap();
    command().args("audit").arg(&archive).run().code(1);
}

#[tokio::test]
async fn classes_in_order_and_at_most_so_many() {
    let classes_of = |id: &str, letters: &str| {
        let values: Vec<Vec<u8>> = letters.chars().map(|letter| object(&format!("lab.{letter}"))).collect();
        with_values(id, values.try_into().unwrap())
    };
    let db = holding(&[classes_of("1", "ABCD"), classes_of("2", "BCDD"), classes_of("3", "CDDD")]).await;
    let classes = |args: &str| -> Vec<(String, u64)> {
        let run = on(&db, &format!("audit --format json {args}")).run();
        let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let classes = json["classes"].as_array().unwrap().iter();
        let classes = classes.map(|one| (one["class"].as_str().unwrap().to_owned(), one["sessions"].as_u64().unwrap()));
        let classes: Vec<_> = classes.collect();
        let cut = run.stderr.starts_with(&format!("Showing the first {} of ", classes.len()));
        assert_eq!(cut, args.contains("--limit 3"), "{args}: {run}");
        classes
    };
    let by_name = classes("");
    assert!(by_name.len() > 4 && by_name.is_sorted(), "{by_name:?}");
    assert_eq!(classes("--sort class --limit 0"), by_name);
    let by_number = classes("--sort sessions");
    assert!(by_number.is_sorted_by_key(|(_, sessions)| std::cmp::Reverse(*sessions)), "{by_number:?}");
    assert_ne!(by_number, by_name);
    assert_eq!(classes("--limit 3"), by_name[..3]);
    assert_eq!(classes("--sort sessions --limit 3"), by_number[..3]);
}
