//! Findings as a compiler prints them.

use super::super::check::Report;
use super::super::finding::{Finding, Level};

/// Longer lines are cut to a window around the place.
const MAX_COLUMNS: usize = 140;
/// Columns shown before a place that lies further to the right.
const LEAD: usize = 40;

const RESET: &str = "\x1b[0m";
const BOLD: &str = "\x1b[1m";
const BLUE: &str = "\x1b[1;34m";

pub(super) fn render(report: &Report, colour: bool) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        one(report, finding, colour, &mut out);
    }
    out.push_str(&summary(report));
    out
}

const fn colour_of(level: Level) -> &'static str {
    match level {
        Level::Error => "\x1b[1;31m",
        Level::Warning => "\x1b[1;33m",
        Level::Hint => "\x1b[1;36m",
    }
}

fn one(report: &Report, finding: &Finding, colour: bool, out: &mut String) {
    let paint = |code: &str, text: &str| if colour { format!("{code}{text}{RESET}") } else { text.to_owned() };
    let place = &finding.place;
    let number = place.line.to_string();
    let margin = " ".repeat(number.len());
    let bar = paint(BLUE, "|");
    let heading = paint(colour_of(finding.level), &format!("{}[{}]", finding.level, finding.code));
    out.push_str(&format!("{heading}{}\n", paint(BOLD, &format!(": {}", visible(&finding.message)))));
    out.push_str(&format!("{margin}{} {}\n", paint(BLUE, "-->"), visible(&place.to_string())));
    let line = report.files.named(&place.file).map_or("", |file| file.line(place.line.saturating_sub(1)));
    if !line.trim().is_empty() {
        let (shown, underline) = excerpt(line, finding);
        out.push_str(&format!("{margin} {bar}\n{} {bar} {shown}\n", paint(BLUE, &number)));
        out.push_str(&format!("{margin} {bar} {}\n", paint(colour_of(finding.level), &underline)));
    }
    out.push_str(&format!("{margin} {bar}\n"));
    for (label, text) in [("why", finding.why), ("instead", finding.instead.as_str())] {
        out.push_str(&format!("{margin} {} {}: {}\n", paint(BLUE, "="), paint(BOLD, label), visible(text)));
    }
    out.push('\n');
}

/// The line, cut to a window, and the marks below it.
fn excerpt(line: &str, finding: &Finding) -> (String, String) {
    let place = &finding.place;
    let length = line.chars().count();
    let start = place.column.saturating_sub(1);
    let end = if place.end_line == place.line { place.end_column.saturating_sub(1) } else { length };
    let first = if length > MAX_COLUMNS { start.saturating_sub(LEAD) } else { 0 };
    let last = length.min(first + MAX_COLUMNS);
    let (mut shown, mut marks) = (String::new(), String::new());
    if first > 0 {
        shown.push('…');
        marks.push(' ');
    }
    for (index, character) in line.chars().enumerate().take(last).skip(first) {
        let text = if character == '\t' { "    ".to_owned() } else { visible(character.encode_utf8(&mut [0; 4])) };
        let mark = if (start..end.max(start + 1)).contains(&index) { "^" } else { " " };
        marks.push_str(&mark.repeat(text.chars().count()));
        shown.push_str(&text);
    }
    if last < length {
        shown.push('…');
    }
    if !marks.contains('^') {
        marks.push('^');
    }
    (shown, marks.trim_end().to_owned())
}

/// Text that cannot steer the terminal: control and direction characters become a mark.
fn visible(text: &str) -> String {
    let steers = |c: char| c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect()
}

fn summary(report: &Report) -> String {
    let parts: Vec<String> = [Level::Error, Level::Warning, Level::Hint]
        .into_iter()
        .map(|level| (level, report.count(level)))
        .filter(|(_, count)| *count > 0)
        .map(|(level, count)| format!("{count} {level}{}", if count == 1 { "" } else { "s" }))
        .collect();
    if parts.is_empty() { "no findings\n".to_owned() } else { format!("{}\n", parts.join(", ")) }
}
