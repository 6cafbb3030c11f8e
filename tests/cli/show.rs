//! `show`.

use crate::store::{each_state, holding, on};
use crate::support::{Kind, NOW, Scratch, session};
use tomcat_sessions::session::OnConflict;

#[tokio::test]
async fn each_state_by_the_beginning_of_its_id() {
    let db = holding(&each_state()).await;
    insta::assert_snapshot!(on(&db, "show A11CE00000000000000000000000001").run(), @"
    exit 0
    --- stdout
    session_id     A11CE000…
    app_name       /Catalina/localhost/demo
    route          jvm1
    state          live, expires in 29m
    valid_session  1
    max_inactive   1800 (30m)
    last_access    1795359940000 (2026-11-22 15:05:40)
    idle           1m
    session_data   140 B
    ");
    insta::assert_snapshot!(on(&db, "show A11CE00000000000000000000000002 --full-ids").run(), @"
    exit 0
    --- stdout
    session_id     A11CE00000000000000000000000002.jvm2
    app_name       /Catalina/localhost/demo
    route          jvm2
    state          expired for 1h 30m
    valid_session  1
    max_inactive   1800 (30m)
    last_access    1795352800000 (2026-11-22 13:06:40)
    idle           2h
    session_data   140 B
    ");
    insta::assert_snapshot!(on(&db, "show B0").run(), @"
    exit 0
    --- stdout
    session_id     B0B00000…
    app_name       /Catalina/localhost/shop
    route          jvm1
    state          never expires
    valid_session  1
    max_inactive   0 (never expires)
    last_access    1795273600000 (2026-11-21 15:06:40)
    idle           1d
    session_data   141 B
    ");
    insta::assert_snapshot!(on(&db, "show CAFE").run(), @"
    exit 0
    --- stdout
    session_id     CAFE0000…
    app_name       NULL
    route          -
    state          invalid: not expired, and not what Tomcat writes
    valid_session  0
    max_inactive   1800 (30m)
    last_access    1795360000000 (2026-11-22 15:06:40)
    idle           0s
    session_data   NULL: Tomcat cannot load this session
    ");
}

#[tokio::test]
async fn machine_formats_carry_the_whole_id() {
    let db = holding(&each_state()).await;
    insta::assert_snapshot!(on(&db, "show B0B --format json").run(), @r#"
    exit 0
    --- stdout
    {
      "session_id": "B0B00000000000000000000000000003.jvm1",
      "app_name": "/Catalina/localhost/shop",
      "route": "jvm1",
      "state": "never",
      "valid_session": "1",
      "max_inactive": 0,
      "last_access": 1795273600000,
      "idle_ms": 86400000,
      "expires_at": null,
      "size_bytes": 141,
      "java_stream": true
    }
    "#);
    insta::assert_snapshot!(on(&db, "show B0B --format ndjson").run(), @r#"
    exit 0
    --- stdout
    {"session_id":"B0B00000000000000000000000000003.jvm1","app_name":"/Catalina/localhost/shop","route":"jvm1","state":"never","valid_session":"1","max_inactive":0,"last_access":1795273600000,"idle_ms":86400000,"expires_at":null,"size_bytes":141,"java_stream":true}
    "#);
    insta::assert_snapshot!(on(&db, "show B0B --format csv").run(), @"
    exit 0
    --- stdout
    session_id,app_name,route,state,valid_session,max_inactive,last_access,idle_ms,expires_at,size_bytes,java_stream
    B0B00000000000000000000000000003.jvm1,/Catalina/localhost/shop,jvm1,never,1,0,1795273600000,86400000,,141,true
    ");
}

#[tokio::test]
async fn what_is_not_one_session_is_refused() {
    let db = holding(&each_state()).await;
    insta::assert_snapshot!(on(&db, "show A11").run(), @"
    exit 2
    --- stderr
    error: `A11` fits 2 sessions or more
    hint: write more of the id
    ");
    insta::assert_snapshot!(on(&db, "show b0b").run(), @"
    exit 1
    --- stderr
    error: there is no session whose id begins with `b0b`
    hint: `tomcat-sessions list` shows the ids; upper and lower case are different
    ");
    insta::assert_snapshot!(on(&db, "show --format json").arg("%").run(), @r#"
    exit 1
    --- stderr
    {"error":"there is no session whose id begins with `%`","causes":[],"hints":["`tomcat-sessions list` shows the ids; upper and lower case are different"],"exit_code":1}
    "#);
    insta::assert_snapshot!(on(&db, "show").arg("").run(), @"
    exit 2
    --- stderr
    error: a session id is empty
    ");
    // A whole id that nobody has is a credential all the same.
    let run = on(&db, "show 0123456789ABCDEF0123456789ABCDEF").secret("0123456789ABCDEF0123456789ABCDEF").run();
    run.code(1);
}

#[tokio::test]
async fn one_id_in_two_applications_is_chosen_by_app() {
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.create_table("recommended").await;
    let rows = ["a", "b"].map(|app| session(app, "0A1B2C3D4E5F", 1800, NOW.0));
    db.open().await.insert(&rows, OnConflict::Fail).await.unwrap();
    insta::assert_snapshot!(on(&db, "show 0A1B").run(), @"
    exit 2
    --- stderr
    error: `0A1B` fits 2 sessions or more
    hint: several applications hold this id; choose by --app: a, b
    ");
    let run = on(&db, "show 0A1B --app b --format json").run().code(0);
    assert!(run.stdout.contains(r#""app_name": "b""#), "{run}");
}
