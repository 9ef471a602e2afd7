//! A workbook (XLSX) to a table: the first visible sheet that has anything in it, read cell by cell so that what
//! the sheet claims about its own size reserves nothing.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Reader, SheetType, SheetVisible, Xlsx};

use crate::cell::{Value, value};
use crate::error::SheetError;
use crate::layout::Layout;
use crate::limits::Limits;
use crate::package::{self, damaged};
use crate::table::{Source, Table};

/// The last row a sheet of this format can have.
const ROWS_END: u32 = 1_048_576;

type Workbook<'a> = Xlsx<Cursor<&'a [u8]>>;

pub(crate) fn read_workbook(bytes: &[u8], limits: &Limits) -> Result<Table, SheetError> {
    package::check(bytes, limits)?;
    // The parser is not ours and the file is a stranger's: should one bring the other to panic, that is a damaged
    // file and not the end of the request. Nothing outside the closure is touched.
    catch_unwind(AssertUnwindSafe(|| first_filled_sheet(bytes, limits)))
        .unwrap_or_else(|_| Err(damaged("the parser of workbooks panicked")))
}

fn first_filled_sheet(bytes: &[u8], limits: &Limits) -> Result<Table, SheetError> {
    let mut workbook: Workbook<'_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let sheets: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    for sheet in sheets {
        let layout = read_sheet(&mut workbook, &sheet, limits)?;
        if !layout.is_empty() {
            return layout.finish(Source::Workbook { sheet });
        }
    }
    Err(SheetError::Empty)
}

fn read_sheet<'a>(workbook: &mut Workbook<'_>, sheet: &str, limits: &'a Limits) -> Result<Layout<'a>, SheetError> {
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(damaged)?;
    let mut layout = Layout::new(limits);
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let (row, column) = cell.get_position();
        let value = value(cell.get_value());
        if value == Value::Empty {
            continue;
        }
        let (line, column) = (row.saturating_add(1), column as usize);
        let (current_line, next_column) = layout.position();
        if line > ROWS_END {
            return Err(damaged("a row beyond the last a sheet has"));
        }
        if line < current_line || (line == current_line && column < next_column) {
            return Err(damaged("cells out of order"));
        }
        if line > current_line {
            layout.begin_row(line)?;
        }
        match value {
            Value::Empty => {}
            Value::Text(text) => layout.put(column, &text)?,
            Value::Number(text) => layout.put_number(column, &text)?,
        }
    }
    layout.begin_row(0)?;
    Ok(layout)
}
