//! What a file is, by how it begins.

use image::ImageFormat;

/// How far into a file the mark of a PDF may stand: as far as its readers look.
const PDF_MARK_WITHIN: usize = 1_024;

/// A kind of file that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// With a text layer or without.
    Pdf,
    /// A photo, usually.
    Jpeg,
    /// A screenshot or scan, usually.
    Png,
    /// A picture from a chat, usually.
    WebP,
}

impl Kind {
    pub(super) const fn picture_format(self) -> Option<ImageFormat> {
        match self {
            Self::Pdf => None,
            Self::Jpeg => Some(ImageFormat::Jpeg),
            Self::Png => Some(ImageFormat::Png),
            Self::WebP => Some(ImageFormat::WebP),
        }
    }
}

/// Tells the kind of a file by its content; `None` when it is of no kind that we read.
pub fn sniff(bytes: &[u8]) -> Option<Kind> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some(Kind::Png);
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Some(Kind::Jpeg);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some(Kind::WebP);
    }
    let head = &bytes[..bytes.len().min(PDF_MARK_WITHIN)];
    head.windows(5).any(|mark| mark == b"%PDF-").then_some(Kind::Pdf)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_begins_with() {
        assert_eq!(sniff(b"%PDF-1.7\n"), Some(Kind::Pdf));
        assert_eq!(sniff(b"\n\njunk of a mail server\n%PDF-1.4"), Some(Kind::Pdf));
        assert_eq!(sniff(b"\xff\xd8\xff\xe0"), Some(Kind::Jpeg));
        assert_eq!(sniff(b"\x89PNG\r\n\x1a\n...."), Some(Kind::Png));
        assert_eq!(sniff(b"RIFF\0\0\0\0WEBPVP8 "), Some(Kind::WebP));
    }

    #[test]
    fn anything_else_is_unknown() {
        let far = [vec![b' '; PDF_MARK_WITHIN], b"%PDF-1.7".to_vec()].concat();
        let files: [&[u8]; 7] =
            [b"", b"\0", b"%PDF", b"PK\x03\x04", b"codigo;precio\n1;2", b"RIFF\0\0\0\0WAVE", b"<html>"];
        for bytes in files.into_iter().chain([far.as_slice()]) {
            assert_eq!(sniff(bytes), None, "{bytes:?}");
        }
    }
}
