//! Text output: lines, fields and tables.

use std::borrow::Cow;
use std::fmt::Write;

use comfy_table::{Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, presets};

use super::printable::printable;
use super::{charset, histogram, human};
use crate::session::EpochMillis;

/// The head of a column.
#[derive(Debug, Clone)]
pub struct Head {
    title: Cow<'static, str>,
    column: Column,
}

/// The contents of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Text,
    /// Right-aligned, and wrapped only if there is no other way.
    Number,
    /// Omitted if there is not enough space.
    Drawing,
    /// The state of a session, in the color of the state.
    State,
    /// A problem in red, unless it is a dash.
    Problem,
}

impl Head {
    /// A column of states.
    pub const fn state(title: &'static str) -> Head {
        Head { title: Cow::Borrowed(title), column: Column::State }
    }

    /// A column of problems.
    pub const fn problem(title: &'static str) -> Head {
        Head { title: Cow::Borrowed(title), column: Column::Problem }
    }

    /// A column with a title from the user.
    pub fn named(title: impl Into<String>) -> Head {
        Head { title: Cow::Owned(title.into()), column: Column::Text }
    }

    pub const fn left(title: &'static str) -> Head {
        Head { title: Cow::Borrowed(title), column: Column::Text }
    }

    pub const fn right(title: &'static str) -> Head {
        Head { title: Cow::Borrowed(title), column: Column::Number }
    }

    /// A column of drawings, with a title of the same width.
    pub fn drawing(title: impl Into<String>) -> Head {
        Head { title: Cow::Owned(title.into()), column: Column::Drawing }
    }
}

/// Rows of cells under titles.
#[derive(Debug)]
pub struct Table {
    pub heads: Vec<Head>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The minimum width of these columns, if only text is wrapped.
    fn needs(&self, columns: &[usize]) -> usize {
        let cells = |at: usize| self.rows.iter().filter_map(move |row| row.get(at)).map(|cell| cell.chars().count());
        let widest = |at: usize| cells(at).chain([self.heads[at].title.chars().count()]).max().unwrap_or(0);
        let need = |at: usize| match self.heads[at].column {
            Column::Text | Column::State | Column::Problem => widest(at).min(MIN_TEXT_WIDTH),
            Column::Number | Column::Drawing => widest(at),
        };
        columns.iter().map(|&at| need(at) + GAP).sum()
    }
}

/// Minimum width of a text column before numbers are wrapped.
const MIN_TEXT_WIDTH: usize = 12;
/// Space between two columns.
const GAP: usize = 2;

/// The style of a page.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    pub color: bool,
    /// Width of the terminal; `None` if stdout is not a terminal.
    pub width: Option<u16>,
    /// Whether only ASCII may be printed.
    pub ascii: bool,
    /// Whether times are printed in UTC.
    pub utc: bool,
}

/// A text in progress.
#[derive(Debug)]
pub struct Page {
    text: String,
    style: Style,
}

impl Page {
    pub fn new(style: Style) -> Page {
        Page { text: String::new(), style }
    }

    /// A time, in the time zone of the style.
    pub fn time(&self, at: EpochMillis) -> String {
        human::time(at, self.style.utc)
    }

    /// A bar for each number, the largest one full.
    pub fn bars(&self, numbers: impl IntoIterator<Item = u64>) -> String {
        histogram::bars(numbers, self.style.ascii)
    }

    /// Adds a line, wrapped like prose with the indentation of its first line.
    pub fn line(&mut self, line: impl AsRef<str>) {
        let line = line.as_ref();
        self.prose(line.len() - line.trim_start().len(), line);
    }

    /// Adds a line to be pasted, which is never wrapped. If stdout is not a terminal, its characters are kept whatever
    /// the locale: an escaped name in a configuration would be a different name.
    pub fn verbatim(&mut self, line: impl AsRef<str>) {
        let line = printable(line.as_ref());
        let shown = self.style.ascii && self.style.width.is_some();
        self.text.push_str(&if shown { charset::ascii(&line) } else { line });
        self.text.push('\n');
    }

    /// Adds one or more sentences, wrapped between words on a terminal. Further lines are indented by `hang` spaces.
    pub fn prose(&mut self, hang: usize, text: impl AsRef<str>) {
        let text = self.printable(text.as_ref());
        let width = self.style.width.map_or(usize::MAX, usize::from);
        // Keeps the indentation of the text in the first line.
        let (mut line, mut rest) = text.split_at(text.len() - text.trim_start().len());
        let mut column = line.chars().count();
        self.text.push_str(line);
        let mut begun = false;
        while !rest.is_empty() {
            (line, rest) = rest.split_once(' ').unwrap_or((rest, ""));
            let word = line.chars().count();
            if begun && column + 1 + word > width {
                self.text.push('\n');
                self.text.extend(std::iter::repeat_n(' ', hang));
                column = hang;
            } else if begun {
                self.text.push(' ');
                column += 1;
            }
            self.text.push_str(line);
            column += word;
            begun = true;
        }
        self.text.push('\n');
    }

    pub fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Adds names and values, with the values aligned.
    pub fn fields(&mut self, fields: &[(&str, String)]) {
        let width = fields.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, value) in fields {
            let value = self.printable(value);
            let value = if self.style.color { painted(name, value) } else { value };
            let _ = writeln!(self.text, "{name:width$}  {value}");
        }
    }

    pub fn table(&mut self, table: &Table) {
        let room = self.style.width.map_or(usize::MAX, usize::from);
        let mut columns: Vec<usize> = (0..table.heads.len()).collect();
        if table.needs(&columns) > room {
            columns.retain(|&at| table.heads[at].column != Column::Drawing);
        }
        let whole = table.needs(&columns) <= room;
        let mut out = comfy_table::Table::new();
        out.load_style(presets::NOTHING);
        match self.style.width {
            // Wrapped only on a terminal.
            Some(width) => out.set_content_arrangement(ContentArrangement::Dynamic).set_width(width),
            None => out.set_content_arrangement(ContentArrangement::Disabled),
        };
        if self.style.color {
            out.enforce_styling();
        } else {
            out.force_no_tty();
        }
        out.set_header(columns.iter().map(|&at| {
            let cell = Cell::new(self.printable(&table.heads[at].title));
            if self.style.color { cell.add_attribute(Attribute::Bold) } else { cell }
        }));
        for row in &table.rows {
            let cells = columns.iter().map(|&at| {
                let text = row.get(at).map_or_else(String::new, |cell| self.printable(cell));
                let color = if self.style.color { color_of(table.heads[at].column, &text) } else { None };
                let cell = Cell::new(text);
                match color {
                    Some(color) => cell.fg(color),
                    None => cell,
                }
            });
            out.add_row(cells.collect::<Vec<_>>());
        }
        for (column, &at) in out.column_iter_mut().zip(&columns) {
            let is = table.heads[at].column;
            column.set_cell_alignment(if is == Column::Number { CellAlignment::Right } else { CellAlignment::Left });
            column.set_padding((0, GAP as u16));
            if whole && matches!(is, Column::Number | Column::Drawing) {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        for line in out.lines() {
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    pub fn text(self) -> String {
        self.text
    }

    fn printable(&self, text: &str) -> String {
        let text = printable(text);
        if self.style.ascii { charset::ascii(&text) } else { text }
    }
}

/// The value of a field, in the color of the state at its beginning.
fn painted(name: &str, value: String) -> String {
    let word = value.split([' ', ',', ':']).next().unwrap_or_default();
    let color = match name {
        "state" => color_of(Column::State, word),
        "restorable" => color_of(Column::Problem, word),
        _ => None,
    };
    // The codes that comfy-table writes.
    let code = match color {
        Some(Color::Green) => 10,
        Some(Color::Yellow) => 11,
        Some(Color::Cyan) => 14,
        Some(Color::Red) => 9,
        _ => return value,
    };
    format!("\x1b[38;5;{code}m{word}\x1b[39m{}", &value[word.len()..])
}

/// The color of a cell: by the state of the session, or red for a problem.
fn color_of(column: Column, text: &str) -> Option<Color> {
    match (column, text) {
        (Column::State, "live" | "yes") => Some(Color::Green),
        (Column::State, "expired") => Some(Color::Yellow),
        (Column::State, "never") => Some(Color::Cyan),
        (Column::State, "invalid" | "no") => Some(Color::Red),
        (Column::Problem, text) if text != "-" => Some(Color::Red),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Style = Style { color: false, width: None, ascii: false, utc: false };

    #[test]
    fn prose_is_wrapped_on_a_terminal_only() {
        let of = |width, text: &str| {
            let mut page = Page::new(Style { width, ..PLAIN });
            page.prose(4, text);
            page.text()
        };
        assert_eq!(
            of(Some(12), "  do: this and that, atonceandnotlater ok"),
            "  do: this\n    and\n    that,\n    atonceandnotlater\n    ok\n"
        );
        assert_eq!(of(Some(12), "twelve chars"), "twelve chars\n");
        assert_eq!(of(None, "  do: this and that, at once"), "  do: this and that, at once\n");
        assert_eq!(of(Some(12), ""), "\n");
    }

    #[test]
    fn commands_to_paste_keep_their_names() {
        let of = |width| {
            let mut page = Page::new(Style { width, ascii: true, ..PLAIN });
            page.verbatim("user=\"m\u{fc}ller\u{9b}\"");
            page.text()
        };
        assert_eq!(of(None), "user=\"m\u{fc}ller\u{fffd}\"\n");
        assert_eq!(of(Some(80)), "user=\"m\\u00fcller?\"\n");
    }

    #[test]
    fn narrow_tables_drop_bars_and_wrap_names() {
        let table = Table {
            heads: vec![Head::left("NAME"), Head::right("SIZE"), Head::drawing("MARKS")],
            rows: vec![vec!["x".repeat(30), "1,000,000".to_owned(), "#####".to_owned()]],
        };
        let of = |width| {
            let mut page = Page::new(Style { width: Some(width), ..PLAIN });
            page.table(&table);
            page.text()
        };
        assert!(of(60).lines().any(|line| line.ends_with("1,000,000  #####")), "{}", of(60));
        for width in [26, 30] {
            assert!(!of(width).contains('#') && of(width).contains("1,000,000"), "{}", of(width));
            assert!(of(width).lines().all(|line| line.len() <= usize::from(width)), "{}", of(width));
        }
    }

    #[test]
    fn a_table_without_a_terminal_is_not_wrapped() {
        let mut page = Page::new(PLAIN);
        page.table(&Table {
            heads: vec![Head::left("NAME"), Head::right("SIZE")],
            rows: vec![vec!["x".repeat(200), "1".to_owned()], vec!["\x1b[31my".to_owned(), "1,000".to_owned()]],
        });
        let text = page.text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[1].ends_with("      1"), "{:?}", lines[1]);
        assert!(!text.contains('\x1b'));
    }
}
