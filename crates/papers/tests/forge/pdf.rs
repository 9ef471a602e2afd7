//! A PDF with a layer of text, as small as it can be: pages of text, lines and filled boxes, measured in tenths of a point
//! from the top left corner. No compression, no embedded fonts; what the program itself prints is made in `crates/print`.

use std::fmt::Write as _;

use super::face::{FONTS, Pen};

/// Where something is: from the left and from the top.
pub type Spot = (i32, i32);

/// A page being drawn.
#[derive(Debug, Clone)]
pub struct Page {
    width: i32,
    height: i32,
    drawn: String,
}

impl Page {
    /// An empty page.
    pub const fn new(width: i32, height: i32) -> Self {
        Self { width, height, drawn: String::new() }
    }

    /// Text that begins at a spot, its feet on the spot's height.
    pub fn text(&mut self, pen: Pen, (left, foot): Spot, text: &str) {
        let (x, y) = (decimal(left), decimal(self.height - foot));
        let (font, size, text) = (pen.font(), decimal(pen.size), escaped(text));
        self.draw(format_args!("BT /F{font} {size} Tf {x} {y} Td ({text}) Tj ET"));
    }

    /// Text that ends at a spot.
    pub fn text_to(&mut self, pen: Pen, (right, foot): Spot, text: &str) {
        self.text(pen, (right - pen.width(text), foot), text);
    }

    /// Text with a spot in its middle.
    pub fn text_about(&mut self, pen: Pen, (middle, foot): Spot, text: &str) {
        self.text(pen, (middle - pen.width(text) / 2, foot), text);
    }

    /// A thin line.
    pub fn line(&mut self, from: Spot, to: Spot) {
        let [x1, x2] = [from.0, to.0].map(decimal);
        let [y1, y2] = [from.1, to.1].map(|top| decimal(self.height - top));
        self.draw(format_args!("0.6 w {x1} {y1} m {x2} {y2} l S"));
    }

    /// A frame of thin lines from its top left to its bottom right corner.
    pub fn frame(&mut self, (left, top): Spot, (right, bottom): Spot) {
        let (x, y) = (decimal(left), decimal(self.height - bottom));
        let (width, height) = (decimal(right - left), decimal(bottom - top));
        self.draw(format_args!("0.6 w {x} {y} {width} {height} re S"));
    }

    /// A dark box from its top left to its bottom right corner.
    pub fn fill(&mut self, (left, top): Spot, (right, bottom): Spot) {
        let (x, y) = (decimal(left), decimal(self.height - bottom));
        let (width, height) = (decimal(right - left), decimal(bottom - top));
        self.draw(format_args!("{x} {y} {width} {height} re f"));
    }

    fn draw(&mut self, operation: std::fmt::Arguments<'_>) {
        writeln!(self.drawn, "{operation}").expect("a String takes whatever is written to it");
    }
}

/// The file of some pages; the same pages give the same bytes.
pub fn file(pages: &[Page]) -> Vec<u8> {
    let first_page = 3 + FONTS.len();
    let kids: Vec<String> = (0..pages.len()).map(|at| format!("{} 0 R", first_page + 2 * at)).collect();
    let fonts: Vec<String> = (0..FONTS.len()).map(|at| format!("/F{at} {} 0 R", 3 + at)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()),
    ];
    objects.extend(
        FONTS.map(|name| format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>")),
    );
    for (at, page) in pages.iter().enumerate() {
        let (width, height, content) = (decimal(page.width), decimal(page.height), first_page + 2 * at + 1);
        let resources = fonts.join(" ");
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] \
             /Resources << /Font << {resources} >> >> /Contents {content} 0 R >>"
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{}endstream", page.drawn.len(), page.drawn));
    }
    with_references(&objects)
}

/// Numbers the objects and says at which byte each begins.
fn with_references(objects: &[String]) -> Vec<u8> {
    let mut text = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (at, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", text.len()));
        text.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    let start = text.len();
    let trailer = format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    (text + &table + &trailer).into_bytes()
}

/// Tenths of a point as points.
fn decimal(tenths: i32) -> String {
    format!("{}{}.{}", if tenths < 0 { "-" } else { "" }, tenths.abs() / 10, tenths.abs() % 10)
}

/// Latin-1 as PDF strings spell it; what is outside becomes a question mark.
fn escaped(text: &str) -> String {
    let mut spelt = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '(' | ')' | '\\' => spelt.extend(['\\', letter]),
            ' '..='~' => spelt.push(letter),
            '\u{a0}'..='\u{ff}' => spelt.push_str(&format!("\\{:03o}", u32::from(letter))),
            _ => spelt.push('?'),
        }
    }
    spelt
}
