//! The output format, in every spelling of the option.

use crate::command;
use crate::store::{each_state, holding, on};
use tempfile::TempDir;

#[tokio::test]
async fn json_has_a_short_name() {
    let db = holding(&each_state()).await;
    let expected = on(&db, "list --format json").run().code(0).stdout;
    assert!(expected.starts_with("[\n{"), "{expected}");
    for args in
        ["list --json", "--json list", "list -o json", "list -ojson", "list --output=json", "list --json -f json"]
    {
        assert_eq!(on(&db, args).run().code(0).stdout, expected, "{args}");
    }
    assert_eq!(on(&db, "list -o csv").run().code(0).stdout, on(&db, "list -f csv").run().stdout);
}

#[tokio::test]
async fn two_formats_are_refused() {
    let db = holding(&[]).await;
    for args in ["list --json --format csv", "--format csv list --json", "--json list -o csv"] {
        let run = on(&db, args).run().code(2);
        assert_eq!(
            run.stderr, "error: --json and --format csv name two output formats\nhint: remove one of them\n",
            "{args}"
        );
    }
    let run = on(&db, "list -o csv -f table").run().code(2);
    assert!(run.stderr.contains("'--format <FORMAT>' cannot be used multiple times"), "{run}");
}

/// Errors in the arguments are printed in the requested format.
#[test]
fn errors_of_usage_keep_to_the_format() {
    for args in ["list --no-such --json", "list -o json --no-such", "list --no-such --output ndjson"] {
        let run = command().args(args).run().code(2);
        let error: serde_json::Value = serde_json::from_str(&run.stderr).unwrap();
        assert_eq!(error["exit_code"], 2, "{args}");
    }
}

/// The format in the configuration file is a default for both options.
#[tokio::test]
async fn options_override_the_format_of_the_store() {
    let db = holding(&each_state()).await;
    let dir = TempDir::new().unwrap();
    for key in ["format", "output"] {
        let file = dir.path().join(format!("{key}.toml"));
        let text = format!("[stores.prod]\nurl = \"{}\"\n[stores.prod.defaults.list]\n{key} = \"csv\"\n", db.url);
        std::fs::write(&file, text).unwrap();
        let listed = |args: &str| {
            let run = command().args(args).arg("--config").arg(&file).args("--store prod").run().code(0);
            run.stdout.chars().next().unwrap()
        };
        assert_eq!(listed("list"), 's', "{key}");
        assert_eq!(listed("list --json"), '[', "{key}");
        assert_eq!(listed("list -o ndjson"), '{', "{key}");
    }
}
