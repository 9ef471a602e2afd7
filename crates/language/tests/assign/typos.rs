//! One slip of the finger in a brand: its supplier, or a question, and never somebody else.

use gondola_language::text::fold;

use crate::case::TWELVE;

/// What a slip in a brand makes of it when it makes another word of the trade.
const OTHER_WORDS: [&str; 8] =
    ["ades", "conca cola", "eco de los ades", "felsa", "femla", "orejo", "pasa de los toros", "pepinos"];

#[test]
fn one_slip_in_a_brand_finds_its_supplier_or_asks() {
    let (mut right, mut asked) = (0, 0);
    for supplier in TWELVE.suppliers() {
        for brand in supplier.own_brands.iter().chain(&supplier.distributed_brands) {
            for text in slips(&fold(brand)) {
                match TWELVE.assign(&text, None).code() {
                    None => asked += 1,
                    Some(code) if code == supplier.code => right += 1,
                    Some(code) => assert!(OTHER_WORDS.contains(&text.as_str()), "{brand}, {text}: {code}"),
                }
            }
        }
    }
    assert!(right > 3 * asked, "{right} right, {asked} asked");
}

/// Every text that differs from a folded one by one letter behind its first, within its words.
fn slips(folded: &str) -> Vec<String> {
    let letters: Vec<char> = folded.chars().collect();
    let inside = (1..letters.len()).filter(|&place| letters[place] != ' ');
    let slips = inside.flat_map(|place| {
        let changed = |change: &dyn Fn(&mut Vec<char>)| {
            let mut letters = letters.clone();
            change(&mut letters);
            letters.into_iter().collect::<String>()
        };
        let missing = changed(&|letters| {
            letters.remove(place);
        });
        let swapped = (letters.get(place + 1).is_some_and(|&next| next != ' '))
            .then(|| changed(&|letters| letters.swap(place, place + 1)));
        let others = ('a'..='z').map(|letter| changed(&|letters| letters[place] = letter));
        let more = ('a'..='z').map(|letter| changed(&|letters| letters.insert(place, letter)));
        [missing].into_iter().chain(swapped).chain(others).chain(more).collect::<Vec<String>>()
    });
    slips.collect()
}
