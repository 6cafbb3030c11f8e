//! Parses the answers of the JMX proxy: `OK - …` or `Error - …`, both with HTTP status 200.

/// A bean and its attributes, in the order of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bean {
    pub name: String,
    pub attributes: Vec<(String, String)>,
}

impl Bean {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Error in an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerError {
    /// `Error - …`: its first line, which is the exception; a stack trace follows.
    Jmx(String),
    /// Not the answer of a JMX proxy.
    Foreign,
}

/// The text after `OK - `.
fn accepted(text: &str) -> Result<&str, AnswerError> {
    let text = text.trim_start_matches('\u{feff}');
    if let Some(rest) = text.strip_prefix("OK - ") {
        return Ok(rest);
    }
    match text.strip_prefix("Error - ") {
        Some(error) => Err(AnswerError::Jmx(error.lines().next().unwrap_or_default().trim().to_owned())),
        None => Err(AnswerError::Foreign),
    }
}

/// Parses the beans of a query. `Number of results` must equal the number of beans, so that a truncated answer is not
/// taken for a server without sessions.
///
/// # Errors
/// [`AnswerError`].
pub fn beans(text: &str) -> Result<Vec<Bean>, AnswerError> {
    let rest = accepted(text)?.strip_prefix("Number of results:").ok_or(AnswerError::Foreign)?;
    let (number, rest) = rest.split_once('\n').unwrap_or((rest, ""));
    let number: usize = number.trim().parse().map_err(|_| AnswerError::Foreign)?;
    let mut beans: Vec<Bean> = Vec::new();
    let mut between = true;
    for line in logical_lines(rest) {
        match line.split_once(": ").or_else(|| Some((line.strip_suffix(':')?, ""))) {
            _ if line.is_empty() => between = true,
            Some(("Name", name)) if between => {
                beans.push(Bean { name: name.to_owned(), attributes: Vec::new() });
                between = false;
            }
            Some((key, value)) => {
                if let Some(bean) = beans.last_mut() {
                    bean.attributes.push((key.to_owned(), value.to_owned()));
                }
            }
            None => {}
        }
    }
    if beans.len() == number { Ok(beans) } else { Err(AnswerError::Foreign) }
}

/// Checks that an attribute was set.
///
/// # Errors
/// [`AnswerError`].
pub fn set(text: &str) -> Result<(), AnswerError> {
    accepted(text)?.strip_prefix("Attribute set").map(drop).ok_or(AnswerError::Foreign)
}

/// Parses the result of an operation; `None` if it has none.
///
/// # Errors
/// [`AnswerError`].
pub fn returned(text: &str, operation: &str) -> Result<Option<String>, AnswerError> {
    let rest = accepted(text)?.strip_prefix("Operation ").and_then(|rest| rest.strip_prefix(operation));
    match rest {
        Some(rest) if rest.starts_with(" without return value") => Ok(None),
        Some(rest) => {
            let value = rest.strip_prefix(" returned:").ok_or(AnswerError::Foreign)?;
            let value = value.trim_start_matches('\r').strip_prefix('\n').unwrap_or(value);
            Ok(Some(unfolded(value.trim_end_matches(['\r', '\n']))))
        }
        None => Err(AnswerError::Foreign),
    }
}

/// Lines joined with their continuation lines, which begin with a space.
fn logical_lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix(' '), lines.last_mut()) {
            (Some(more), Some(last)) => {
                last.push_str("\n ");
                last.push_str(more);
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines.into_iter().map(|line| unfolded(&line)).collect()
}

/// A value as it was before `MBeanDumper.escape` folded it: a line break became `\n` and a new line with a space, and
/// in a text with several lines, parts longer than 78 characters were split in the same way.
fn unfolded(value: &str) -> String {
    value.replace("\\n\n ", "\n").replace("\n ", "")
}

#[cfg(test)]
#[path = "answer/tests.rs"]
mod tests;
