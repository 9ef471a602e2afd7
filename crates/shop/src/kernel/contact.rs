//! E-mail addresses and telephone numbers as they are kept.

use super::fields::Read;
use super::lang::Text;

/// Characters of an e-mail address at most.
pub const EMAIL_MAX: usize = 254;
/// What an e-mail address looks like.
pub const EMAIL_PATTERN: &str = r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$";
/// Characters of a telephone number at least and at most.
const PHONE_LEN: std::ops::RangeInclusive<usize> = 6..=PHONE_MAX;
/// Characters of a telephone number at most.
pub const PHONE_MAX: usize = 30;
/// The country's code, and the digits of a number with its area.
const ARGENTINA: &str = "54";
const NATIONAL_DIGITS: usize = 10;
/// What a telephone number looks like.
pub const PHONE_PATTERN: &str = r"^[+]?[0-9][0-9 ()/.-]{4,27}[0-9]$";

/// An e-mail address as it is kept.
///
/// # Errors
/// What an address looks like.
pub fn parse_email(text: &str) -> Read<String> {
    let plain = |part: &str, more: &str| {
        part.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.contains(char::from(byte)))
    };
    let is_one = text.split_once('@').is_some_and(|(local, domain)| {
        let labels = || domain.split('.');
        (1..=64).contains(&local.len())
            && plain(local, "._%+-")
            && labels().count() > 1
            && labels().all(|label| !label.is_empty() && plain(label, "-"))
    });
    if is_one && text.len() <= EMAIL_MAX {
        return Ok(text.to_owned());
    }
    let (es, en) = ("Es una dirección como marta@ejemplo.com.ar.", "It is an address such as marta@example.com.");
    Err(("bad_email", Text::new(es, en)))
}

/// A telephone number as it is kept, the way it was written.
///
/// # Errors
/// What a number looks like.
pub fn parse_phone(text: &str) -> Read<String> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let ends = [digits.bytes().next(), digits.bytes().last()];
    let is_one = digits.bytes().all(|byte| byte.is_ascii_digit() || b" ()/.-".contains(&byte))
        && ends.iter().all(|byte| byte.is_some_and(|byte| byte.is_ascii_digit()))
        && PHONE_LEN.contains(&digits.len());
    if is_one && text.len() <= PHONE_MAX {
        return Ok(text.to_owned());
    }
    let es = "Es un número como +54 9 11 5555-0134, de 6 a 30 caracteres.";
    Err(("bad_phone", Text::new(es, "It is a number such as +54 9 11 5555-0134, of 6 to 30 characters.")))
}

/// The digits of a telephone number as wa.me takes them, E.164 without its plus: those of Argentina begin with 54 9
/// (`argentina.md`, formats), whether or not the 9 of a mobile was written, and have no 0 before the area; none when it is
/// too short to be one with its area.
pub fn whatsapp_number(phone: &str) -> Option<String> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let is_abroad = phone.starts_with('+') && !digits.starts_with(ARGENTINA);
    if is_abroad {
        return (digits.len() >= 10).then_some(digits);
    }
    let national = match digits.strip_prefix(ARGENTINA) {
        Some(rest) if phone.starts_with('+') || digits.len() > NATIONAL_DIGITS + 1 => rest,
        _ => digits.as_str(),
    };
    let national = national.trim_start_matches('0');
    let national = national.strip_prefix('9').filter(|rest| rest.len() == NATIONAL_DIGITS).unwrap_or(national);
    (national.len() == NATIONAL_DIGITS).then(|| format!("{ARGENTINA}9{national}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_argentina_gets_the_countrys_code() {
        let number = |phone: &str| whatsapp_number(phone);
        assert_eq!(number("+54 9 11 5555-0134").as_deref(), Some("5491155550134"));
        assert_eq!(number("011 5555-0134").as_deref(), Some("5491155550134"));
        assert_eq!(number("+54 11 5555-0134").as_deref(), Some("5491155550134"), "wa.me wants the 9 of a mobile");
        assert_eq!(number("+54 9 2262 55-5013").as_deref(), Some("5492262555013"));
        assert_eq!(number("54 2262 55-5013").as_deref(), Some("5492262555013"));
        assert_eq!(number("02262 555013").as_deref(), Some("5492262555013"));
        assert_eq!(number("+598 94 555 013").as_deref(), Some("59894555013"), "Uruguay");
        assert_eq!(number("5555-0134"), None, "nobody knows of which city");
        assert_eq!(number("+54 5555"), None);
    }

    #[test]
    fn addresses_and_numbers_are_told_from_what_is_none() {
        let email = |text: &str| parse_email(text).ok();
        for good in ["marta@ejemplo.com.ar", "M.G+caja@Ejemplo.COM", "a@b.c"] {
            assert_eq!(email(good).as_deref(), Some(good), "{good}");
        }
        for bad in [
            "",
            " a@b.c",
            "marta",
            "@b.c",
            "a@b",
            "a@b..c",
            "a@@b.c",
            "a b@c.d",
            "ñ@b.c",
            "a@b.c.",
            &format!("{}@b.c", "a".repeat(65)),
        ] {
            assert_eq!(email(bad), None, "{bad}");
        }
        let phone = |text: &str| parse_phone(text).ok();
        for good in ["+54 9 11 5555-0134", "4555-0134", "(011) 4555".trim_start_matches('('), "123456"] {
            assert_eq!(phone(good).as_deref(), Some(good), "{good}");
        }
        for bad in ["", " 4555-0134", "12345", "call me", "+", "++5411", "-4555-0134", "4555-0134-", &"1".repeat(31)] {
            assert_eq!(phone(bad), None, "{bad}");
        }
    }
}
