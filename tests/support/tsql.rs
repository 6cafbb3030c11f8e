//! Translates the MySQL statements of the tests to SQL Server: quotes, types, and renaming of tables and columns. Tests
//! write statements with other differences themselves.

/// The batches of `text`, whose statements are separated by semicolons.
pub fn batches(text: &str) -> Vec<String> {
    let mut batches = vec![String::new()];
    let mut quote = None;
    for (i, c) in text.char_indices() {
        quote = match quote {
            None if matches!(c, '`' | '\'') => Some(c),
            Some(open) if open == c => None,
            quote => quote,
        };
        if quote.is_none() && text[i..].starts_with("; ") {
            batches.push(String::new());
        } else {
            batches.last_mut().unwrap().push(c);
        }
    }
    batches.iter().map(|text| statement(text)).collect()
}

fn statement(text: &str) -> String {
    let text = text.trim();
    if let Some((table, to)) = text.strip_prefix("ALTER TABLE ").and_then(|rest| rest.split_once(" RENAME TO ")) {
        return format!("EXEC sp_rename {}, {}, 'OBJECT'", literal(&brackets(table)), literal(&bare(to)));
    }
    if let Some((table, rest)) = text.strip_prefix("ALTER TABLE ").and_then(|rest| rest.split_once(" RENAME COLUMN "))
        && let Some((column, to)) = rest.split_once(" TO ")
    {
        let column = format!("{}.{}", brackets(table), brackets(column));
        return format!("EXEC sp_rename {}, {}, 'COLUMN'", literal(&column), literal(&bare(to)));
    }
    let mut text = brackets(text);
    for (from, to) in [
        (" LONGBLOB", " VARBINARY(MAX)"),
        (" MEDIUMBLOB", " VARBINARY(MAX)"),
        (" BLOB", " VARBINARY(MAX)"),
        (" ADD COLUMN ", " ADD "),
    ] {
        text = text.replace(from, to);
    }
    text
}

/// Backticks become brackets.
fn brackets(text: &str) -> String {
    let mut out = String::new();
    let mut pieces = text.split('`').peekable();
    let mut inside = false;
    while let Some(piece) = pieces.next() {
        out.push_str(&if inside { piece.replace(']', "]]") } else { piece.to_owned() });
        if pieces.peek().is_none() {
            break;
        }
        // Two consecutive ones inside a name stand for one.
        if inside && pieces.peek().is_some_and(|next| next.is_empty()) && pieces.clone().nth(1).is_some() {
            out.push('`');
            pieces.next();
            continue;
        }
        inside = !inside;
        out.push(if inside { '[' } else { ']' });
    }
    out
}

/// The name without quotes.
fn bare(quoted: &str) -> String {
    quoted.trim_matches('`').replace("``", "`")
}

fn literal(text: &str) -> String {
    format!("N'{}'", text.replace('\'', "''"))
}
