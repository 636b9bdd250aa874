//! Writing to the terminal, where a reader that left early (`| head`) is not a fault.

use std::io::{self, BufRead, ErrorKind, Write};

use owo_colors::{OwoColorize, Style};

use crate::error::Error;
use crate::printable;
use crate::terminal::Terminal;

/// Writes to standard output.
pub(crate) fn print(text: &str) -> Result<(), Error> {
    print_bytes(text.as_bytes())
}

/// Writes bytes to standard output.
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Error::Output(error)),
        _ => Ok(()),
    }
}

/// Writes a line to standard error. A failure has no other place to be reported.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Prints what the user should know, on standard error.
pub(crate) fn notes(terminal: &Terminal, notes: &[String]) {
    let style = if terminal.color_on_stderr { Style::new().cyan().bold() } else { Style::new() };
    for text in notes {
        note(&format!("{} {}", "note:".style(style), printable::escaped(text)));
    }
}

/// Asks a question on standard error; only `y` and `yes` agree.
pub(crate) fn ask(question: &str) -> bool {
    let _ = write!(io::stderr().lock(), "{question}");
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    read.is_ok() && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

/// Prints an error on standard error.
pub(crate) fn error(terminal: &Terminal, error: &Error) {
    let style = if terminal.color_on_stderr { Style::new().red().bold() } else { Style::new() };
    let text = error.to_string();
    let text = match error {
        // Lists of places, which crilint itself names.
        Error::NothingOnNode(_) | Error::NothingBelow { .. } => printable::lines(&text),
        _ => printable::escaped(&text),
    };
    note(&format!("{} {text}", "error:".style(style)));
}
