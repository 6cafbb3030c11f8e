//! The decoded rows equal the contents that Tomcat's own page shows for the same sessions.

use serde_json::Value;

use crate::account::Account;
use crate::tomcat::Answer;

/// Compares each session attribute by attribute: name, class and value.
pub fn is_what_tomcat_shows(account: &Account, form: &str, answers: &[&Answer]) {
    for answer in answers {
        let shown = account.json(&["show", answer.id(), "--values"]);
        let data = &shown["data"];
        let whole = (&data["format"], &data["decode_error"], &data["trailing_bytes"], &data["id_matches_row"]);
        assert_eq!(whole, (&form.into(), &Value::Null, &0.into(), &true.into()), "{shown}");
        let mut decoded: Vec<String> = data["attributes"].as_array().unwrap().iter().map(line).collect();
        decoded.sort();
        let mut page: Vec<String> = answer.attributes().into_iter().map(of_page).collect();
        page.sort();
        assert_eq!(decoded, page);
    }
    let user = answers[0].attributes().into_iter().find_map(|line| line.strip_prefix("user\tjava.lang.String\t"));
    let found = account.json(&["list", "--attr", &format!("user={}", user.unwrap()), "--class", "sessionmaker.*"]);
    assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
    assert_eq!(found[0]["session_id"], answers[0].id());
}

/// A line of the page, without information that only a JVM has, such as hashes.
fn of_page(line: &str) -> String {
    let line = line.split(" bytes, hash ").next().unwrap();
    line.trim_end_matches(" new").trim_end_matches(" restored").to_owned()
}

/// A decoded attribute in the format of the page.
fn line(attribute: &Value) -> String {
    let text = |name: &str| attribute[name].as_str().unwrap();
    assert_eq!(attribute["write_failed"], false, "{attribute}");
    format!("{}\t{}\t{}", text("name"), text("class"), rendered(&attribute["value"]))
}

/// A value as Java's `toString`, or as the page shows it if toString has no content.
fn rendered(value: &Value) -> String {
    let list = |items: &Value| {
        let items: Vec<String> = items.as_array().unwrap().iter().map(rendered).collect();
        format!("[{}]", items.join(", "))
    };
    match value {
        Value::String(text) => text.clone(),
        Value::Object(parts) if parts.contains_key("items") => list(&value["items"]),
        Value::Object(parts) if parts.contains_key("entries") => {
            let entry = |entry: &Value| format!("{}={}", rendered(&entry["key"]), rendered(&entry["value"]));
            let mut entries: Vec<String> = value["entries"].as_array().unwrap().iter().map(entry).collect();
            entries.sort();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Object(parts) if parts.contains_key("bytes") => value["bytes"].to_string(),
        Value::Object(parts) if parts.contains_key("constant") => rendered(&value["constant"]),
        Value::Object(_) if value["class"] == "java.util.Date" => {
            let at: jiff::Timestamp = value["value"].as_str().unwrap().parse().unwrap();
            at.as_millisecond().to_string()
        }
        Value::Object(_) if value["class"] == "sessionmaker.Basket" => {
            let fields = &value["fields"];
            ["customer", "items", "total"].map(|name| rendered(&fields[name])).join(" ")
        }
        Value::Object(parts) if parts.contains_key("value") => rendered(&value["value"]),
        Value::Object(_) => panic!("the page has no such thing: {value}"),
        other => other.to_string(),
    }
}
