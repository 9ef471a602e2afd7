//! Which delimiter a text file uses: the one that cuts the most lines into the same number of cells.

use crate::table::Delimiter;

/// How many lines are looked at.
const LINES_MAX: usize = 200;
/// How far into the file they are looked for.
const BYTES_MAX: usize = 256 * 1024;

/// The delimiter of a text file and the text after its `sep=;` line, which Excel honours, if it has one.
pub(crate) fn delimiter(text: &str) -> (Delimiter, &str) {
    declared(text).unwrap_or_else(|| (sniffed(text), text))
}

fn declared(text: &str) -> Option<(Delimiter, &str)> {
    let end = text.find(['\n', '\r']).unwrap_or(text.len());
    let (line, rest) = text.split_at(end);
    let line = line.trim_matches([' ', '"']);
    let character = line.get(..4).filter(|word| word.eq_ignore_ascii_case("sep=")).and(line.get(4..))?;
    let delimiter = Delimiter::ALL.into_iter().find(|known| character.chars().eq([known.as_char()]))?;
    Some((delimiter, rest))
}

fn sniffed(text: &str) -> Delimiter {
    let counts = counts_per_line(text);
    let agreement = |position: usize| {
        let (cells, lines) = most_frequent(counts.iter().map(|count| count[position]).filter(|&count| count > 0));
        (lines, cells)
    };
    let mut best = (Delimiter::Semicolon, (0, 0));
    for (position, delimiter) in Delimiter::ALL.into_iter().enumerate() {
        let lines = agreement(position);
        if lines.0 > best.1.0 {
            best = (delimiter, lines);
        }
    }
    best.0
}

/// Per line, how often each delimiter stands outside quotes. A quote opens only where a cell may begin, so that
/// inches (`1/2"`) do not swallow the file.
fn counts_per_line(text: &str) -> Vec<[usize; 4]> {
    let bytes = &text.as_bytes()[..text.len().min(BYTES_MAX)];
    let mut lines = Vec::new();
    let mut counts = [0; 4];
    let mut quoted = false;
    let mut cell_begins = true;
    for &byte in bytes {
        if quoted {
            quoted = byte != b'"';
            // A doubled quote closes and opens again at once.
            cell_begins = !quoted;
            continue;
        }
        let position = Delimiter::ALL.into_iter().position(|delimiter| delimiter.as_byte() == byte);
        match (byte, position) {
            (b'"', _) if cell_begins => quoted = true,
            (_, Some(position)) => counts[position] += 1,
            (b'\n' | b'\r', _) => {
                if counts != [0; 4] {
                    lines.push(std::mem::take(&mut counts));
                }
                if lines.len() == LINES_MAX {
                    return lines;
                }
            }
            _ => {}
        }
        cell_begins = position.is_some() || matches!(byte, b'\n' | b'\r');
    }
    lines.push(counts);
    lines
}

/// The value that occurs most often, the larger of two, and how often it does.
fn most_frequent(values: impl Iterator<Item = usize>) -> (usize, usize) {
    let mut values: Vec<usize> = values.collect();
    values.sort_unstable();
    let runs = values.chunk_by(|a, b| a == b).map(|run| (run[0], run.len()));
    runs.max_by_key(|&(value, times)| (times, value)).unwrap_or((0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sniff(text: &str) -> Delimiter {
        delimiter(text).0
    }

    #[test]
    fn decimal_commas_do_not_hide_the_semicolons() {
        assert_eq!(sniff("nombre;precio;costo\nCoca;1,5;1,2\nPan;2,5;2,1\n"), Delimiter::Semicolon);
        assert_eq!(sniff("precio;costo\n1,5;1,2\n"), Delimiter::Semicolon);
    }

    #[test]
    fn every_delimiter_is_found_and_quotes_are_honoured() {
        assert_eq!(sniff("a,b\n\"x;y;z\",2\n\"p;q;r\",3\n"), Delimiter::Comma);
        assert_eq!(sniff("a\tb\n1,5\t2\n"), Delimiter::Tab);
        assert_eq!(sniff("id|nombre|precio\n1|a, b|2.5\n"), Delimiter::Pipe);
        assert_eq!(sniff("a,b\n\"dos\nlíneas; \"\"con\"\" ;comillas;\",2\nx,3\n"), Delimiter::Comma);
    }

    #[test]
    fn titles_above_and_inches_do_not_confuse_it() {
        assert_eq!(sniff("LISTA, NOVIEMBRE\n\ncodigo;precio\n1;2\n3;4\n"), Delimiter::Semicolon);
        assert_eq!(sniff("nombre,precio\nCaño 1/2\",10\nCaño 3/4\",12\n"), Delimiter::Comma);
    }

    #[test]
    fn the_sep_line_is_honoured() {
        assert_eq!(delimiter("sep=|\na,b|c\n"), (Delimiter::Pipe, "\na,b|c\n"));
        assert_eq!(delimiter("\"SEP=;\"\r\na;b"), (Delimiter::Semicolon, "\r\na;b"));
        assert_eq!(delimiter("sep=x\na,b"), (Delimiter::Comma, "sep=x\na,b"));
    }

    #[test]
    fn a_single_column_still_has_an_answer() {
        assert_eq!(sniff(""), Delimiter::Semicolon);
        assert_eq!(sniff("sku\nA\nB\n"), Delimiter::Semicolon);
    }
}
