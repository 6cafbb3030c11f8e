//! Translates the MySQL statements of the tests to PostgreSQL: quotes, types, bytes and accounts. Tests write
//! statements with other differences themselves.

/// The statements of `text`. A statement with a dollar-quoted body is already PostgreSQL's, and stays unchanged.
pub fn statements(text: &str) -> Vec<String> {
    if text.contains("$tomcat_sessions$") {
        return vec![text.to_owned()];
    }
    let mut statements = vec![String::new()];
    let mut quote = None;
    for (i, c) in text.char_indices() {
        quote = match quote {
            None if matches!(c, '`' | '\'' | '"') => Some(c),
            Some(open) if open == c => None,
            quote => quote,
        };
        if quote.is_none() && text[i..].starts_with("; ") {
            statements.push(String::new());
        } else {
            statements.last_mut().unwrap().push(c);
        }
    }
    statements.iter().map(|text| statement(text.trim())).collect()
}

fn statement(text: &str) -> String {
    if let Some(rest) = text.strip_prefix("CREATE USER ") {
        let (account, password) = rest.split_once(" IDENTIFIED BY ").unwrap();
        return format!("CREATE ROLE \"{}\" LOGIN PASSWORD {password}", user(account));
    }
    if let Some(rest) = text.strip_prefix("DROP USER ") {
        let name = user(rest.strip_prefix("IF EXISTS ").unwrap_or(rest));
        return format!(
            "DO $tomcat_sessions$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN \
             DROP OWNED BY \"{name}\"; DROP ROLE \"{name}\"; END IF; END $tomcat_sessions$"
        );
    }
    if let Some((rights, rest)) = text.strip_prefix("GRANT ").and_then(|rest| rest.split_once(" ON `"))
        && let Some((table, account)) = rest.split_once(" TO ")
    {
        let (_, table) = table.split_once("`.").unwrap();
        let table = if table == "*" { "ALL TABLES IN SCHEMA public" } else { table };
        return format!("GRANT {rights} ON {table} TO \"{}\"", user(account));
    }
    let mut text = double_quotes(text).replace("ANALYZE TABLE ", "ANALYZE ").replace(" DATETIME", " TIMESTAMP");
    for blob in [" LONGBLOB", " MEDIUMBLOB", " BLOB", " blob"] {
        text = text.replace(blob, " BYTEA");
    }
    bytes(&text)
}

/// The name in `'name'@'%'`.
fn user(account: &str) -> &str {
    account.split('@').next().unwrap().trim_matches(['\'', '`'])
}

/// Backticks become double quotes.
fn double_quotes(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    let (mut inside, mut literal, mut quoted) = (false, false, false);
    while let Some(c) = chars.next() {
        match c {
            '"' if !inside && !literal => {
                quoted = !quoted;
                out.push(c);
            }
            c if quoted => out.push(c),
            '\'' if !inside => {
                literal = !literal;
                out.push(c);
            }
            '`' if literal => out.push(c),
            // Two consecutive ones inside a name stand for one.
            '`' if inside && chars.peek() == Some(&'`') => out.extend(chars.next()),
            '`' => {
                inside = !inside;
                out.push('"');
            }
            '"' if inside => out.push_str("\"\""),
            c => out.push(c),
        }
    }
    out
}

/// In PostgreSQL, `x'00'` is a bit string.
fn bytes(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = [" x'", " X'", "(x'", "(X'"].iter().filter_map(|mark| rest.find(mark)).min() {
        let (before, after) = rest.split_at(at + 1);
        let Some((digits, behind)) = after[2..].split_once('\'') else { break };
        out.push_str(&format!("{before}DECODE('{digits}', 'hex')"));
        rest = behind;
    }
    out + rest
}
