//! A terminal that is redrawn: on its other screen, so that what stood there comes back, with the last
//! picture below it.

use std::io::{self, Write};

use super::UiOptions;
use super::page::Page;

/// The other screen, no cursor, lines cut at the edge; and back.
const TAKE: &str = "\x1b[?1049h\x1b[?25l\x1b[?7l";
const GIVE: &str = "\x1b[?7h\x1b[?25h\x1b[?1049l";

/// A terminal that has been taken; it is given back when this is dropped.
#[derive(Debug)]
pub struct Screen {
    options: UiOptions,
}

impl Screen {
    pub(super) fn take(options: UiOptions) -> io::Result<Screen> {
        let screen = Screen { options };
        write(TAKE)?;
        Ok(screen)
    }

    /// A page of the terminal's size at this moment.
    pub fn page(&self) -> Page {
        Page::new(self.options.style())
    }

    /// Shows a page instead of the last one, as far as it fits.
    pub fn draw(&self, page: Page) -> io::Result<()> {
        let (rows, _) = console::Term::stdout().size();
        let text = page.text();
        write(&drawn(&text, usize::from(rows)))
    }

    /// Gives the terminal back and leaves `page` there.
    pub fn leave(self, page: Page) -> io::Result<()> {
        drop(self);
        write(&page.text())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Nothing better can be done where the terminal is gone.
        let _ = write(GIVE);
    }
}

fn write(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// What draws `text` over what was there, without flicker: each line is cleared completely, and then all
/// that is below.
fn drawn(text: &str, rows: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let shown = if lines.len() > rows { rows.saturating_sub(1) } else { lines.len() };
    let mut all: Vec<String> = lines.iter().take(shown).map(|line| format!("{line}\x1b[K")).collect();
    if shown < lines.len() {
        all.push(format!("{} more lines do not fit\x1b[K", lines.len() - shown));
    }
    format!("\x1b[H{}\x1b[J", all.join("\r\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_truncated_to_the_screen() {
        assert_eq!(drawn("a\nb\n", 2), "\x1b[Ha\x1b[K\r\nb\x1b[K\x1b[J");
        assert_eq!(drawn("a\nb\nc\n", 2), "\x1b[Ha\x1b[K\r\n2 more lines do not fit\x1b[K\x1b[J");
        assert_eq!(drawn("", 0), "\x1b[H\x1b[J");
    }
}
