//! A screen that is redrawn. It uses the alternate screen of the terminal, so that the previous contents are restored
//! at the end, with the last page below them.

use std::io::{self, Write};

use super::UiOptions;
use super::text_output::Page;

/// Switches to the alternate screen, hides the cursor and disables line wrapping; the second sequence reverses this.
const ENTER: &str = "\x1b[?1049h\x1b[?25l\x1b[?7l";
const LEAVE: &str = "\x1b[?7h\x1b[?25h\x1b[?1049l";

/// The alternate screen; dropping it restores the normal screen.
#[derive(Debug)]
pub struct Screen {
    options: UiOptions,
}

impl Screen {
    pub(super) fn enter(options: UiOptions) -> io::Result<Screen> {
        let screen = Screen { options };
        write(ENTER)?;
        Ok(screen)
    }

    /// A page with the current size of the terminal.
    pub fn page(&self) -> Page {
        Page::new(self.options.style())
    }

    /// Replaces the contents of the screen, truncated to its height.
    pub fn draw(&self, page: Page) -> io::Result<()> {
        let (rows, _) = console::Term::stdout().size();
        let text = page.text();
        write(&drawn(&text, usize::from(rows)))
    }

    /// Restores the normal screen, and prints `page` there.
    pub fn leave(self, page: Page) -> io::Result<()> {
        drop(self);
        write(&page.text())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // If the terminal is closed, the error is ignored.
        let _ = write(LEAVE);
    }
}

fn write(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// The output that replaces the contents of the screen without flicker: it clears the rest of each line, and then the
/// rest of the screen.
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
