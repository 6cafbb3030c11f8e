//! Names of beans (`javax.management.ObjectName`): `domain:key=value,key="quoted, value"`.

/// The parts of a bean's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectName {
    pub domain: String,
    pub keys: Vec<(String, String)>,
}

impl ObjectName {
    /// Parses a name; `None` if it is invalid.
    pub fn parse(text: &str) -> Option<ObjectName> {
        let (domain, mut rest) = text.split_once(':')?;
        let mut keys = Vec::new();
        while !rest.is_empty() {
            let (key, after) = rest.split_once('=')?;
            let (value, after) = match after.strip_prefix('"') {
                Some(quoted) => unquoted(quoted)?,
                None => {
                    let end = after.find(',').unwrap_or(after.len());
                    (after[..end].to_owned(), &after[end..])
                }
            };
            keys.push((key.to_owned(), value));
            rest = match after.strip_prefix(',') {
                Some(more) => more,
                None if after.is_empty() => after,
                None => return None,
            };
        }
        (!keys.is_empty()).then(|| ObjectName { domain: domain.to_owned(), keys })
    }

    pub fn key(&self, name: &str) -> Option<&str> {
        self.keys.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// `app_name` as written by the Store of this Manager (`DataSourceStore.getName`): engine, host and context; the
    /// root context is a slash. The domain of Tomcat's beans is the name of its engine.
    pub fn app_name(&self) -> Option<String> {
        Some(format!("/{}/{}{}", self.domain, self.key("host")?, self.key("context")?))
    }
}

/// The value up to the closing quote, and what follows it (`ObjectName.quote` escapes `"`, `*`, `?` and `\` with a
/// backslash, and writes a line break as `\n`).
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => match characters.next()?.1 {
                'n' => value.push('\n'),
                escaped => value.push(escaped),
            },
            c => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_applications() {
        for (name, app) in [
            ("Catalina:type=Manager,host=localhost,context=/demo", "/Catalina/localhost/demo"),
            ("Catalina:type=Manager,host=localhost,context=/", "/Catalina/localhost/"),
            ("My Engine:type=Manager,host=h,context=/a/b##2", "/My Engine/h/a/b##2"),
        ] {
            assert_eq!(ObjectName::parse(name).unwrap().app_name().as_deref(), Some(app));
        }
        assert_eq!(ObjectName::parse("Catalina:type=Valve,name=StandardEngineValve").unwrap().app_name(), None);
    }

    #[test]
    fn quoted_values() {
        let name = ObjectName::parse(r#"Catalina:type=DataSource,name="jdbc/a,b=\"c\"\n\\",x=1"#).unwrap();
        assert_eq!(name.key("name"), Some("jdbc/a,b=\"c\"\n\\"));
        assert_eq!(name.key("x"), Some("1"));
    }

    #[test]
    fn rejects_invalid_identifiers() {
        for wrong in ["", "x", "x:", "x:y", "x:a=\"b", "x:a=\"b\"c", "x:a=\"b\\"] {
            assert_eq!(ObjectName::parse(wrong), None, "{wrong}");
        }
    }
}
