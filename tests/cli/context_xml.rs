//! `--context-xml`.

use std::fs;

use crate::command;
use crate::run::PASSWORD;
use crate::store::{each_state, holding};
use crate::support::Scratch;

const TABLE: &str = r#"sessionTable="tomcat_sessions" sessionIdCol="session_id" sessionAppCol="app_name"
    sessionDataCol="session_data" sessionValidCol="valid_session" sessionMaxInactiveCol="max_inactive"
    sessionLastAccessedCol="last_access""#;

/// A CATALINA_BASE with these files.
fn base(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

fn url(db: &Scratch) -> String {
    format!("jdbc:sqlite:{}", db.path().display())
}

fn manager(store: &str) -> String {
    format!("<Manager className='org.apache.catalina.session.PersistentManager'><Store {store}/></Manager>")
}

/// Each way in which a Store can refer to its database.
#[tokio::test]
async fn the_store_is_found_through_every_kind_of_resource() {
    let db = holding(&each_state()).await;
    let url = url(&db);
    let source = "className='org.apache.catalina.session.DataSourceStore' dataSourceName='jdbc/s'";
    let store = manager(&format!("{source} {TABLE}"));
    let resource =
        format!("<Resource name='jdbc/s' type='javax.sql.DataSource' url='{url}' username='u' password='{PASSWORD}'/>");
    let global = format!(
        "<Server><GlobalNamingResources>{}</GlobalNamingResources><Service><Engine name='Catalina'><Host name='localhost' appBase='webapps'/></Engine></Service></Server>",
        resource.replace("jdbc/s", "jdbc/global")
    );
    let jdbc = manager(&format!("className='org.apache.catalina.session.JDBCStore' connectionURL='{url}' {TABLE}"));
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("conf/context.xml", &format!("<Context>{resource}{store}</Context>"))], "conf/context.xml"),
        (&[("conf/context.xml", &format!("<Context>{jdbc}</Context>"))], "conf/context.xml"),
        (
            &[
                ("conf/server.xml", &global),
                (
                    "conf/context.xml",
                    &format!(
                        "<Context><ResourceLink name='jdbc/s' global='jdbc/global' type='javax.sql.DataSource'/>{store}</Context>"
                    ),
                ),
            ],
            "conf/context.xml",
        ),
        // A server.xml without contexts: the context of the Tomcat is used.
        (
            &[("conf/server.xml", &global), ("conf/context.xml", &format!("<Context>{resource}{store}</Context>"))],
            "conf/server.xml",
        ),
        // The Resource is for all applications, the Manager for one.
        (
            &[
                ("conf/server.xml", &global),
                ("conf/context.xml", &format!("<Context>{resource}</Context>")),
                ("conf/Catalina/localhost/demo.xml", &format!("<Context>{store}</Context>")),
            ],
            "conf/Catalina/localhost/demo.xml",
        ),
        (
            &[
                ("conf/catalina.properties", &format!("folder={}\n", db.path().parent().unwrap().display())),
                (
                    "conf/context.xml",
                    &format!(
                        "<Context>{}{store}</Context>",
                        resource.replace(&url, "jdbc:sqlite:${folder}/${file:-sessions}.db")
                    ),
                ),
            ],
            "conf/context.xml",
        ),
        // A single file, without the rest of a Tomcat.
        (&[("demo.xml", &format!("<Context>{resource}{store}</Context>"))], "demo.xml"),
    ];
    for (files, name) in cases {
        let dir = base(files);
        let run = command().args("list --format json --context-xml").arg(dir.path().join(name)).run().code(0);
        let listed: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(listed.as_array().unwrap().len(), 4, "{name}: {run}");
    }
    // An environment variable; the file takes precedence over the URL in it.
    let dir = base(&[("conf/context.xml", &format!("<Context>{}{store}</Context>", resource.replace(&url, "${DB}")))]);
    let file = dir.path().join("conf/context.xml");
    let run = command()
        .args("list --context-xml")
        .arg(&file)
        .env("DB", &url)
        .env("TOMCAT_SESSIONS_URL", "mysql://x@127.0.0.1:1/x");
    run.run().code(0);
    let both = command().args("list --context-xml").arg(&file).args("--url sqlite:x.db").run().code(2);
    assert!(both.stderr.contains("--url and --context-xml cannot be combined"), "{both}");
}

/// Missing attributes have Tomcat's defaults; options take precedence over both.
#[tokio::test]
async fn missing_store_attributes_get_tomcats_defaults() {
    let db = holding(&each_state()).await;
    let store = manager(&format!("className='org.apache.catalina.session.JDBCStore' connectionURL='{}'", url(&db)));
    let dir = base(&[("conf/context.xml", &format!("<Context>{store}</Context>"))]);
    let list = || command().args("list --context-xml").arg(dir.path().join("conf/context.xml"));
    let run = list().run().code(11);
    assert!(run.stderr.contains("there is no table `tomcat$sessions`"), "{run}");
    let run = list().args("--table tomcat_sessions").run().code(11);
    assert!(run.stderr.contains("the column `id` is missing"), "{run}");
    list()
        .args("--table tomcat_sessions --columns id=session_id,app=app_name,data=session_data,valid=valid_session,max-inactive=max_inactive,last-access=last_access")
        .run()
        .code(0);
}

#[tokio::test]
async fn app_selects_one_of_several_stores() {
    let (one, two) = (holding(&each_state()).await, holding(&each_state()[..1]).await);
    let context = |path: &str, db: &Scratch| {
        let store = manager(&format!("className='a.JDBCStore' connectionURL='{}' {TABLE}", url(db)));
        format!("<Context path='{path}'>{store}</Context>")
    };
    let server = format!(
        "<Server><Service><Engine name='Catalina'><Host name='localhost'>\n{}\n{}</Host></Engine></Service></Server>",
        context("/shop", &one),
        context("/demo", &two)
    );
    let dir = base(&[("conf/server.xml", &server)]);
    let file = dir.path().join("conf/server.xml");
    let run = command()
        .args("list --context-xml")
        .arg(&file)
        .hide(dir.path().canonicalize().unwrap().display(), "BASE")
        .hide(dir.path().display(), "BASE")
        .run();
    insta::assert_snapshot!(run, @"
    exit 2
    --- stderr
    error: cannot use `BASE/conf/server.xml`: it configures 2 stores: /Catalina/localhost/shop (BASE/conf/server.xml:2), /Catalina/localhost/demo (BASE/conf/server.xml:5)
    hint: select one with --app NAME, if the command has that option, or use the file of one application
    ");
    let run = command().args("list --format json --app demo --context-xml").arg(&file).run().code(0);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&run.stdout).unwrap().as_array().unwrap().len(), 1);
}

/// Typical contents of such files, and a file that is none.
#[test]
fn files_that_configure_no_store() {
    let secret = format!("password='{PASSWORD}'");
    let store = |inside: &str| format!("<Context>{}</Context>", manager(inside));
    let long = format!("<Context>{}</Context>", " ".repeat(50 << 20));
    let cases: &[(&str, String, &str)] = &[
        ("not XML", format!("connectionURL=jdbc:mysql://h/t {secret}"), "line 1: it is not well-formed XML"),
        (
            "an & alone",
            format!("<Context>\n<Resource {secret} url='a?b&c'/></Context>"),
            "line 2: it is not well-formed XML",
        ),
        (
            "an external entity",
            "<!DOCTYPE Context [<!ENTITY db SYSTEM 'http://127.0.0.1:1/db.xml'>]><Context>&db;</Context>".to_owned(),
            "the undefined entity `db`",
        ),
        ("50 MB", long, "the limit for a configuration"),
        ("Latin-1 without saying so", String::new(), "not UTF-8"),
        ("something else", "<web-app/>".to_owned(), "it contains <web-app>"),
        ("no Manager", "<Context/>".to_owned(), "no <Manager> with a <Store>"),
        ("no Store", "<Context>\n\n<Manager/></Context>".to_owned(), "its Manager (line 3) has no <Store>"),
        (
            "half in a comment",
            "<Context>\n<!-- <Manager><Store/></Manager> --></Context>".to_owned(),
            "in the comment on line 2",
        ),
        ("a FileStore", store("className='org.apache.catalina.session.FileStore'"), "filestore:DIR"),
        (
            "a Resource that is not there",
            store("className='x.DataSourceStore' dataSourceName='jdbc/s'"),
            "names the Resource `jdbc/s`",
        ),
        ("nothing", store("className='x.DataSourceStore'"), "neither a dataSourceName nor a connectionURL"),
        (
            "an unknown engine",
            store(&format!("className='x.JDBCStore' connectionURL='jdbc:oracle:thin:u/{PASSWORD}@h:1521'")),
            "Oracle Database is not supported yet",
        ),
        (
            "the guide's URL of SQL Server",
            store(&format!(
                "className='x.JDBCStore' connectionURL='jdbc:sqlserver://h:1433&amp;databaseName=t&amp;password={PASSWORD}'"
            )),
            "write jdbc:sqlserver://h:1433;databaseName=",
        ),
        // Of two Managers, Tomcat uses the last one.
        (
            "two Managers",
            format!("<Context>{}<Manager/></Context>", manager("className='x.JDBCStore' connectionURL='sqlite:x.db'")),
            "has no <Store>",
        ),
    ];
    for (what, text, expected_text) in cases {
        let bytes = if text.is_empty() { b"<Context a='\xfc'/>".to_vec() } else { text.clone().into_bytes() };
        let dir = base(&[]);
        let file = dir.path().join("context.xml");
        fs::write(&file, bytes).unwrap();
        let run = command().args("list --context-xml").arg(&file).run().code(2);
        assert!(run.stderr.contains(expected_text), "{what}: {run}");
    }
    let dir = base(&[]);
    let (a, b) = (dir.path().join("a.xml"), dir.path().join("b.xml"));
    std::os::unix::fs::symlink(&a, &b).unwrap();
    std::os::unix::fs::symlink(&b, &a).unwrap();
    for file in [a, dir.path().to_owned(), dir.path().join("missing.xml")] {
        let run = command().args("list --context-xml").arg(file).run().code(2);
        assert!(run.stderr.contains("cannot use `"), "{run}");
    }
}
