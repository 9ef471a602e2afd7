//! Check digits of made-up identities: CUIT and EAN-13. Only making them; the reading and refusing is the crate's own, and
//! is tested against other numbers.

/// A CUIT of ten digits and the digit that makes it valid; the body is changed where it has none.
pub fn with_check_digit(body: u64) -> u64 {
    let weights = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];
    let digits = format!("{body:010}");
    let sum: u64 = digits.bytes().zip(weights).map(|(digit, weight)| u64::from(digit - b'0') * weight).sum();
    match sum % 11 {
        0 => body * 10,
        // A remainder of 1 has no digit: such a number is never given out.
        1 => with_check_digit(body + 1),
        remainder => body * 10 + 11 - remainder,
    }
}

/// An EAN-13 of twelve digits and their check digit.
pub fn ean13(body: u64) -> String {
    let digits = format!("{body:012}");
    let sum: u64 = digits.bytes().zip([1, 3].into_iter().cycle()).map(|(d, weight)| u64::from(d - b'0') * weight).sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}
