//! How many letters two short texts are apart: one put in, left out or changed counts one.

/// The letters by which the texts differ.
pub(super) fn letters_off(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (column, own) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *own);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_put_in_left_out_and_changed_count_one_each() {
        for (one, other, wanted) in [
            ("precio", "precio", 0),
            ("prcio", "precio", 1),
            ("preclo", "precio", 1),
            ("importe", "lnporte", 2),
            ("", "iva", 3),
            ("iva", "", 3),
        ] {
            assert_eq!(letters_off(one, other), wanted, "{one} {other}");
        }
    }
}
