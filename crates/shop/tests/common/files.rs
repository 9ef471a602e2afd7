//! Files written by hand, for the tests of what people send.

use gondola_papers::tools::Tools;

/// Whether the programs that read papers are there.
pub fn has_tools(test: &str) -> bool {
    let missing = Tools::default().missing();
    if !missing.is_empty() {
        eprintln!("SKIPPED {test}: {missing:?} not installed");
    }
    missing.is_empty()
}

/// Words of a page and where they stand, in points from the lower left corner.
pub type Words<'w> = &'w [(i32, i32, &'w str)];

/// A PDF of A4 pages with these words; `opening` is what its catalogue says besides, such as a script that runs when it is
/// opened.
pub fn pdf(pages: &[Words<'_>], opening: &str) -> Vec<u8> {
    let kids: String = (0..pages.len()).map(|page| format!("{} 0 R ", 4 + page * 2)).collect();
    let mut objects = vec![
        format!("<< /Type /Catalog /Pages 2 0 R {opening} >>"),
        format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    for (page, words) in pages.iter().enumerate() {
        let drawn: String =
            words.iter().map(|(x, y, text)| format!("BT /F1 10 Tf {x} {y} Td ({text}) Tj ET\n")).collect();
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents {} 0 R >>",
            5 + page * 2
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{drawn}endstream", drawn.len()));
    }
    let (mut file, mut places) = ("%PDF-1.4\n".to_owned(), String::new());
    for (at, object) in objects.iter().enumerate() {
        places.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    let start = file.len();
    let many = objects.len() + 1;
    file.push_str(&format!(
        "xref\n0 {many}\n0000000000 65535 f \n{places}trailer\n<< /Size {many} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    ));
    file.into_bytes()
}
