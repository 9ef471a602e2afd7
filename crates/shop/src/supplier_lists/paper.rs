//! The table of a PDF as separated text, so that a list on paper is read by the same rules as a spreadsheet: words that stand
//! close are a cell, a row with known titles is the heading, and each cell below belongs to the title it stands under.

use gondola_papers::page::{Page, Word};
use gondola_sheets::{Content, FieldSpec, guess_columns};

use super::fields::ListField;

/// Words farther apart than this many tenths of their height are two cells.
const GAP_TENTHS: i32 = 8;

/// Words that stand close together on one line.
#[derive(Debug, Clone)]
struct Cell {
    text: String,
    left: i32,
    right: i32,
}

/// The table of the pages as text with `;` between cells; nothing when no row looks like a heading.
pub fn as_text(pages: &[Page]) -> Option<String> {
    let mut heading: Option<Vec<Cell>> = None;
    let mut text = String::new();
    for row in pages.iter().flat_map(rows) {
        if is_heading(&row) {
            if heading.is_none() {
                push(&mut text, row.iter().map(|cell| cell.text.as_str()));
            }
            // A later page may stand a little aside: its own heading tells where its columns are.
            let is_same = heading.as_ref().is_none_or(|known| titles(known) == titles(&row));
            if is_same {
                heading = Some(row);
                continue;
            }
        }
        if let Some(heading) = &heading {
            let cells = placed(&row, heading);
            push(&mut text, cells.iter().map(String::as_str));
        }
    }
    heading.map(|_| text)
}

fn titles(row: &[Cell]) -> Vec<&str> {
    row.iter().map(|cell| cell.text.as_str()).collect()
}

/// The lines of a page, from top to bottom, each as its cells.
fn rows(page: &Page) -> Vec<Vec<Cell>> {
    let mut words: Vec<&Word> = page.words.iter().collect();
    words.sort_by_key(|word| (word.top + word.bottom, word.left));
    let mut lines: Vec<Vec<&Word>> = Vec::new();
    for word in words {
        let middle = (word.top + word.bottom) / 2;
        match lines.last_mut() {
            Some(line) if line[0].top <= middle && middle <= line[0].bottom => line.push(word),
            _ => lines.push(vec![word]),
        }
    }
    lines.into_iter().map(cells).collect()
}

fn cells(mut line: Vec<&Word>) -> Vec<Cell> {
    line.sort_by_key(|word| word.left);
    let mut cells: Vec<Cell> = Vec::new();
    for word in line {
        let gap = (word.bottom - word.top).max(1) * GAP_TENTHS / 10;
        match cells.last_mut() {
            Some(cell) if word.left - cell.right < gap => {
                cell.text.push(' ');
                cell.text.push_str(&word.text);
                cell.right = cell.right.max(word.right);
            }
            _ => cells.push(Cell { text: word.text.clone(), left: word.left, right: word.right }),
        }
    }
    cells
}

/// Whether a line has the title of a price and of something that names goods.
fn is_heading(row: &[Cell]) -> bool {
    let titles: Vec<String> = row.iter().map(|cell| cell.text.clone()).collect();
    let specs =
        ListField::ALL.map(|field| FieldSpec { name: field.code(), synonyms: field.titles(), content: Content::Any });
    let fed: Vec<ListField> =
        guess_columns(&titles, &[], &specs).into_iter().flatten().map(|at| ListField::ALL[at]).collect();
    let names = [ListField::Text, ListField::Code, ListField::Barcode];
    fed.iter().any(|field| names.contains(field)) && fed.iter().any(|field| ListField::PRICES.contains(field))
}

/// The cells of a line under the titles: each under the one it shares most with, else the nearest.
fn placed(row: &[Cell], heading: &[Cell]) -> Vec<String> {
    let mut placed = vec![String::new(); heading.len()];
    for cell in row {
        let distance = |title: &Cell| {
            let shared = cell.right.min(title.right) - cell.left.max(title.left);
            // What stands apart counts by how far; what shares a strip by how much.
            std::cmp::Reverse(shared)
        };
        let column = (0..heading.len()).min_by_key(|at| (distance(&heading[*at]), *at));
        let Some(text) = column.map(|at| &mut placed[at]) else { continue };
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&cell.text);
    }
    placed
}

fn push<'c>(text: &mut String, cells: impl Iterator<Item = &'c str>) {
    let quoted: Vec<String> = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
    text.push_str(&quoted.join(";"));
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, left: i32, top: i32) -> Word {
        let right = left + 50 * i32::try_from(text.chars().count()).unwrap();
        Word { text: text.to_owned(), left, top, right, bottom: top + 100, confidence: 100 }
    }

    #[test]
    fn a_list_on_paper_becomes_rows_under_its_titles() {
        let words = vec![
            word("LISTA", 300, 0),
            word("NOVIEMBRE", 580, 0),
            word("Codigo", 300, 200),
            word("Descripcion", 900, 200),
            word("Precio", 3_000, 200),
            // Above the middle of the page the words of a line do not come in order.
            word("1.234,5678", 2_800, 402),
            word("101", 300, 400),
            word("ELEMENTOS", 900, 400),
            word("MALBEC", 1_380, 401),
            word("102", 300, 600),
            word("CHENIN", 900, 600),
        ];
        let page = Page { width: 4_000, height: 6_000, words };
        let expected = "\"Codigo\";\"Descripcion\";\"Precio\"\n\"101\";\"ELEMENTOS MALBEC\";\"1.234,5678\"\n\"102\";\"CHENIN\";\"\"\n";
        assert_eq!(as_text(std::slice::from_ref(&page)).unwrap(), expected);
        let twice = as_text(&[page.clone(), page]).unwrap();
        assert_eq!(twice.matches("Codigo").count(), 1, "the heading of the second page is no row");
        assert_eq!(twice.matches("MALBEC").count(), 2);
    }

    #[test]
    fn words_without_a_heading_are_no_table() {
        let page = Page { width: 1_000, height: 1_000, words: vec![word("Hola", 10, 10), word("Precio", 900, 10)] };
        assert_eq!(as_text(&[page]), None);
    }
}
