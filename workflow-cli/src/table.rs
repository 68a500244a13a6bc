//! Tables in plain text: columns as wide as what is in them, and a last column that is cut where the terminal ends.

use std::fmt::Write as _;

use crate::terminal::harmless;

/// A column: what stands above it, and at which side its text stands.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Column {
    Left(&'static str),
    Right(&'static str),
}

impl Column {
    const fn head(self) -> &'static str {
        match self {
            Self::Left(head) | Self::Right(head) => head,
        }
    }
}

/// What the last column has room for, even where the others leave less.
const LEAST_ROOM: usize = 24;

/// Writes a table, no wider than this where the last column can give way.
pub(crate) fn write<const N: usize>(
    columns: [Column; N],
    rows: &[[String; N]],
    width: usize,
) -> String {
    let head = columns.map(|column| column.head().to_owned());
    let rows: Vec<_> = std::iter::once(&head)
        .chain(rows)
        .map(|row| row.each_ref().map(|text| harmless(text)))
        .collect();
    let widths: [usize; N] = std::array::from_fn(|column| {
        rows.iter().map(|row| length(&row[column])).max().unwrap_or(0)
    });
    let before = widths.iter().take(N - 1).map(|width| width + 2).sum();
    let room = width.saturating_sub(before).max(LEAST_ROOM);
    rows.iter().map(|row| line(columns, row, widths, room)).collect()
}

fn line<const N: usize>(
    columns: [Column; N],
    row: &[String; N],
    widths: [usize; N],
    room: usize,
) -> String {
    let mut line = String::new();
    for (position, (column, text)) in columns.iter().zip(row).enumerate() {
        let is_last = position + 1 == N;
        let width = widths[position];
        let written = match column {
            Column::Left(_) if is_last => line.write_str(&cut(text, room)),
            Column::Left(_) => write!(line, "{text:<width$}  "),
            Column::Right(_) => write!(line, "{text:>width$}  "),
        };
        written.expect("a string takes all text");
    }
    line.truncate(line.trim_end().len());
    line.push('\n');
    line
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// Text of this length at most, with `…` where more stood.
fn cut(text: &str, room: usize) -> String {
    if length(text) <= room {
        return text.to_owned();
    }
    let kept: String = text.chars().take(room.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(width: usize) -> String {
        let rows =
            [["1", "Größe", r#"{"order":"123","book":"343222"}"#], ["12", "A", "x\u{1b}[2J"]];
        let rows = rows.map(|row| row.map(str::to_owned));
        write([Column::Right("ID"), Column::Left("NAME"), Column::Left("INPUT")], &rows, width)
    }

    #[test]
    fn columns_are_as_wide_as_what_is_in_them() {
        let expected = [
            "ID  NAME   INPUT\n",
            " 1  Größe  {\"order\":\"123\",\"book\":\"343222\"}\n",
            "12  A      x\u{fffd}[2J\n",
        ];
        assert_eq!(table(80), expected.concat());
    }

    #[test]
    fn the_last_column_is_cut_where_the_terminal_ends() {
        assert!(table(40).contains(r#" 1  Größe  {"order":"123","book":"34322…"#), "{}", table(40));
        assert!(table(10).contains(r#" 1  Größe  {"order":"123","book":"…"#), "{}", table(10));
    }
}
