//! Files for the tests, written by hand: the smallest PDF with text, with a drawing, with a scan or with a script.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// What a PDF does when it is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Script {
    None,
    OnOpening,
}

/// What draws lines of text on an A4 page.
pub fn page_of_text(lines: &[&str]) -> String {
    let mut drawing = String::from("BT /F1 12 Tf 50 780 Td 24 TL\n");
    for line in lines {
        writeln!(drawing, "({line}) Tj T*").unwrap();
    }
    drawing + "ET\n"
}

/// What draws a QR code of 3 cm in the lower left corner.
pub fn code(payload: &str) -> String {
    let code = QrCode::encode_text(payload, QrCodeEcc::Medium).unwrap();
    let side = code.size();
    let module = 85_000 / side;
    let mut drawing = format!("q {0}.{1:03} 0 0 {0}.{1:03} 60 60 cm\n", module / 1_000, module % 1_000);
    for y in 0..side {
        for x in (0..side).filter(|x| code.get_module(*x, y)) {
            writeln!(drawing, "{x} {} 1 1 re f", side - 1 - y).unwrap();
        }
    }
    drawing + "Q\n"
}

/// A PDF of A4 pages.
pub fn pdf(drawings: &[String], script: Script) -> Vec<u8> {
    let font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec();
    let action = match script {
        Script::None => "",
        Script::OnOpening => "/OpenAction << /S /JavaScript /JS (app.alert\\('x'\\); this.exportDataObject\\(1\\);) >>",
    };
    file(drawings, action, &[font], "/Font << /F1 3 0 R >>")
}

/// A PDF whose one page is a picture.
pub fn scan(jpeg: &[u8], (width, height): (u32, u32)) -> Vec<u8> {
    let head = format!(
        "<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8 \
         /Filter /DCTDecode /Length {} >>\nstream\n",
        jpeg.len()
    );
    let picture = [head.as_bytes(), jpeg, b"\nendstream"].concat();
    file(&["q 595 0 0 842 0 0 cm /I1 Do Q\n".to_owned()], "", &[picture], "/XObject << /I1 3 0 R >>")
}

/// Objects: 1 catalogue, 2 pages, 3 the resource, then a page and its drawing in turn.
fn file(drawings: &[String], action: &str, resources: &[Vec<u8>], names: &str) -> Vec<u8> {
    let kids: String = (0..drawings.len()).map(|page| format!("{} 0 R ", 4 + page * 2)).collect();
    let mut objects = vec![
        format!("<< /Type /Catalog /Pages 2 0 R {action} >>").into_bytes(),
        format!("<< /Type /Pages /Count {} /Kids [ {kids}] >>", drawings.len()).into_bytes(),
    ];
    objects.extend_from_slice(resources);
    for (page, drawing) in drawings.iter().enumerate() {
        let contents = 5 + page * 2;
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << {names} >> /Contents {contents} 0 R >>"
            )
            .into_bytes(),
        );
        objects.push(format!("<< /Length {} >>\nstream\n{drawing}endstream", drawing.len()).into_bytes());
    }
    written(&objects, "")
}

/// The objects as a file with its table; `trailer` goes into the last dictionary.
pub fn written(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in objects.iter().enumerate() {
        writeln!(table, "{:010} 00000 n ", file.len()).unwrap();
        file.extend(format!("{} 0 obj\n", number + 1).bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let table_at = file.len();
    let size = objects.len() + 1;
    file.extend(
        format!("{table}trailer << /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{table_at}\n%%EOF\n").bytes(),
    );
    file
}
