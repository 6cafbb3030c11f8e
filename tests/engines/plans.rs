//! The plans that MySQL and MariaDB make for the statements of a purge: a batch must cost its own
//! rows, whatever the size of the table.

use sqlx::Row;
use tomcat_sessions::store::{Bind, Naming, Template};

use tomcat_sessions::session::OnConflict;

use crate::support::{Kind, NOW, Scratch, session};

crate::suite!(but mssql: a_batch_is_locked_and_deleted_by_key);

async fn a_batch_is_locked_and_deleted_by_key(db: &Scratch) {
    if db.kind == Kind::Sqlite {
        // Its plans are told in other words, and its tables need no statistics.
        return;
    }
    for profile in ["documented", "recommended"] {
        db.sql("DROP TABLE IF EXISTS tomcat_sessions").await;
        db.create_table(profile).await;
        let sessions: Vec<_> = (0..2_000)
            .map(|i| session(&format!("/Catalina/localhost/{}", i % 20), &format!("{i:032X}"), 60, 1))
            .collect();
        db.open().await.insert(&sessions, OnConflict::Fail).await.unwrap();
        let of_one: Vec<_> = (0..2_000).step_by(20).map(|i| format!("{i:032X}")).collect();
        // As statistics are after a load, and as they are when the server has looked.
        for analyzed in [false, true] {
            if analyzed {
                db.sql("ANALYZE TABLE tomcat_sessions").await;
            }
            // An application with as many sessions as the batch has tempts an optimizer most.
            for ids in [&of_one[..10], &of_one[..]] {
                let bind = Bind::new()
                    .set("app", "/Catalina/localhost/0")
                    .list("ids", ids.iter().map(String::as_str))
                    .set("cutoff", NOW.0)
                    .flag("lock", true);
                let statements = db.target().engine.statements();
                for (name, file) in [("lock_rows", statements.lock_rows), ("delete_rows", statements.delete_rows)] {
                    let plan = explain(db, file, &bind).await;
                    let told = format!("{profile}, analyzed {analyzed}, {} ids: {name}: {plan:?}", ids.len());
                    assert_eq!(plan, ("range".to_owned(), "PRIMARY".to_owned()), "{told}");
                }
            }
        }
    }
}

/// How the server would come by the rows, and by which key.
async fn explain(db: &Scratch, file: Template, bind: &Bind) -> (String, String) {
    let target = db.target();
    let names = Naming::default().names(&target, None).unwrap();
    let sql = file.render_script(&names, target.engine.dialect(), bind).unwrap();
    // MySQL 9 tells plans as trees unless asked; MariaDB has tables only.
    let format = if db.kind == Kind::Mysql { "FORMAT = TRADITIONAL " } else { "" };
    let row = sqlx::query(&format!("EXPLAIN {format}{}", sql.text)).fetch_one(&mut db.mysql().await).await.unwrap();
    let text = |column: &str| {
        let bytes: Option<Vec<u8>> = row.get_unchecked(column);
        String::from_utf8(bytes.unwrap_or_default()).unwrap()
    };
    (text("type"), text("key"))
}
