//! Workbooks made by hand, so that tests can put anything into them.
#![allow(dead_code, reason = "each test binary uses its own part of this")]

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

pub const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;
pub const PACKAGE_RELS: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
pub const WORKBOOK: &str = r#"<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Oculta" sheetId="1" state="hidden" r:id="rId1"/><sheet name="Vacía" sheetId="2" r:id="rId2"/><sheet name="Precios" sheetId="3" r:id="rId3"/></sheets></workbook>"#;
pub const WORKBOOK_RELS: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet3.xml"/></Relationships>"#;
pub const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;
pub const STRINGS: &str = r#"<?xml version="1.0" encoding="UTF-8"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="3" uniqueCount="3"><si><t>Código</t></si><si><t>Precio</t></si><si><t>Fecha</t></si></sst>"#;

/// The XML of a sheet around its rows.
pub fn sheet(rows: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:C3"/><sheetData>{rows}</sheetData></worksheet>"#
    )
}

/// The rows of the ordinary workbook of these tests.
pub const ROWS: &str = r#"<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" t="s"><v>2</v></c></row><row r="4"><c r="A4"><v>7790742034007</v></c><c r="B4"><v>1234.5</v></c><c r="C4" s="1"><v>46349</v></c></row><row r="5"><c r="A5" t="inlineStr"><is><t>SAL-PALA-6</t></is></c><c r="B5"><v>0.30000000000000004</v></c></row>"#;

/// The parts of a sound workbook with the given rows and table of strings.
pub fn parts(rows: &str, strings: &str) -> Vec<(&'static str, String)> {
    vec![
        ("[Content_Types].xml", CONTENT_TYPES.to_owned()),
        ("_rels/.rels", PACKAGE_RELS.to_owned()),
        ("xl/workbook.xml", WORKBOOK.to_owned()),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELS.to_owned()),
        ("xl/styles.xml", STYLES.to_owned()),
        ("xl/sharedStrings.xml", strings.to_owned()),
        ("xl/worksheets/sheet1.xml", sheet(r#"<row r="1"><c r="A1"><v>1</v></c></row>"#)),
        ("xl/worksheets/sheet2.xml", sheet(r#"<row r="1"><c r="A1"/></row>"#)),
        ("xl/worksheets/sheet3.xml", sheet(rows)),
    ]
}

/// An archive of these parts.
pub fn archive(parts: &[(&str, impl AsRef<[u8]>)], compression: CompressionMethod) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(compression);
    for (name, content) in parts {
        archive.start_file(*name, options).expect("a part begins in memory");
        archive.write_all(content.as_ref()).expect("memory takes it");
    }
    archive.finish().expect("an archive ends in memory").into_inner()
}

/// The ordinary workbook of these tests.
pub fn workbook() -> Vec<u8> {
    archive(&parts(ROWS, STRINGS), CompressionMethod::Deflated)
}

/// A workbook of these rows.
pub fn workbook_of(rows: &str) -> Vec<u8> {
    archive(&parts(rows, STRINGS), CompressionMethod::Deflated)
}
