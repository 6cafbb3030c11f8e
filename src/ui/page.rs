//! What a person sees: lines, fields and tables.

use std::borrow::Cow;
use std::fmt::Write;

use comfy_table::{Attribute, Cell, CellAlignment, ContentArrangement, presets};

/// The title of a column.
#[derive(Debug, Clone)]
pub struct Head {
    pub title: Cow<'static, str>,
    /// Numbers stand at the right.
    pub right: bool,
}

impl Head {
    /// A column that the user has named.
    pub fn named(title: impl Into<String>) -> Head {
        Head { title: Cow::Owned(title.into()), right: false }
    }

    pub const fn left(title: &'static str) -> Head {
        Head { title: Cow::Borrowed(title), right: false }
    }

    pub const fn right(title: &'static str) -> Head {
        Head { title: Cow::Borrowed(title), right: true }
    }
}

/// Rows of cells under titles.
#[derive(Debug)]
pub struct Table {
    pub heads: Vec<Head>,
    pub rows: Vec<Vec<String>>,
}

/// A text in the making.
#[derive(Debug)]
pub struct Page {
    text: String,
    color: bool,
    width: Option<u16>,
}

impl Page {
    pub fn new(color: bool, width: Option<u16>) -> Page {
        Page { text: String::new(), color, width }
    }

    pub fn line(&mut self, line: impl AsRef<str>) {
        self.text.push_str(&printable(line.as_ref()));
        self.text.push('\n');
    }

    /// A sentence or more, wrapped between words on a terminal, further lines begun with `hang` blanks.
    pub fn prose(&mut self, hang: usize, text: impl AsRef<str>) {
        let text = printable(text.as_ref());
        let width = self.width.map_or(usize::MAX, usize::from);
        // Where the text itself is indented its first line stays so.
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

    /// Names and values, the values in one column.
    pub fn fields(&mut self, fields: &[(&str, String)]) {
        let width = fields.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, value) in fields {
            let _ = writeln!(self.text, "{name:width$}  {}", printable(value));
        }
    }

    pub fn table(&mut self, table: &Table) {
        let mut out = comfy_table::Table::new();
        out.load_style(presets::NOTHING);
        match self.width {
            // Wrapped on a terminal; never where another program reads.
            Some(width) => out.set_content_arrangement(ContentArrangement::Dynamic).set_width(width),
            None => out.set_content_arrangement(ContentArrangement::Disabled),
        };
        if self.color {
            out.enforce_styling();
        } else {
            out.force_no_tty();
        }
        out.set_header(table.heads.iter().map(|head| {
            let cell = Cell::new(printable(&head.title)).set_alignment(align(head));
            if self.color { cell.add_attribute(Attribute::Bold) } else { cell }
        }));
        for row in &table.rows {
            out.add_row(row.iter().map(|cell| printable(cell)));
        }
        for (column, head) in out.column_iter_mut().zip(&table.heads) {
            column.set_cell_alignment(align(head));
            column.set_padding((0, 2));
        }
        for line in out.lines() {
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    pub fn text(self) -> String {
        self.text
    }
}

fn align(head: &Head) -> CellAlignment {
    if head.right { CellAlignment::Right } else { CellAlignment::Left }
}

/// Text from the database without what a terminal would obey: whoever can write the table, or send
/// a cookie, could otherwise send it escape sequences.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_wrapped_on_a_terminal_only() {
        let of = |width, text: &str| {
            let mut page = Page::new(false, width);
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
    fn a_table_without_a_terminal_is_not_wrapped() {
        let mut page = Page::new(false, None);
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
