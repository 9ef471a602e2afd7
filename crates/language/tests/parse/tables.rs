//! Sentences and what they must be read as, line by line.

use gondola_language::parse::Goods;

use crate::case::{lines, read, written};

const SENTENCES: &str = include_str!("sentences.txt");

/// M6: the forty sentences, with the confidence where the domain says it.
#[test]
fn the_forty_sentences_are_read_as_the_domain_says() {
    let mut wrong = Vec::new();
    for line in lines(SENTENCES) {
        let fields: Vec<&str> = line.split(" | ").collect();
        let (sentence, expected) = (fields[0], fields[1]);
        let reading = read(sentence);
        let found = written(&reading);
        if found != expected {
            wrong.push(format!("{sentence}\n  expected {expected}\n  found    {found}"));
        }
        if let Some(confidence) = fields.get(2) {
            let found = reading.entries.iter().all(|entry| {
                entry.supplier.as_ref().is_some_and(|choice| choice.confidence.to_string() == *confidence)
            });
            assert!(found, "{sentence}: {:?}", reading.entries);
        }
    }
    assert_eq!(lines(SENTENCES).count(), 40);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

const CORPUS: &str = include_str!("corpus.txt");
/// Of a hundred sentences of the corpus, so many must be read as written there.
const RIGHT_PERCENT_MIN: usize = 95;
/// Sentences that the corpus has at least.
const CORPUS_MIN: usize = 300;

/// M6: at least 95 % of the corpus is right, and no sentence names a product that is not expected of it.
#[test]
fn the_corpus_is_read_as_written_and_nothing_unknown_is_guessed() {
    let cases: Vec<(&str, &str)> = lines(CORPUS).map(|line| line.rsplit_once(" | ").expect("two fields")).collect();
    let mut wrong = Vec::new();
    let mut guessed = Vec::new();
    for (sentence, expected) in &cases {
        let reading = read(sentence);
        let found = written(&reading);
        let named =
            reading.entries.iter().chain(&reading.offers).chain(reading.questions.iter().map(|asked| &asked.draft));
        let is_guess = |goods: &Goods| matches!(goods, Goods::Product(sku) if !expected.contains(sku.as_str()));
        if named.into_iter().any(|entry| is_guess(&entry.goods)) {
            guessed.push(*sentence);
        }
        if found != *expected {
            wrong.push(format!("{sentence}\n  expected {expected}\n  found    {found}"));
        }
    }
    let right = cases.len() - wrong.len();
    println!("{right} of {} right; wrong:\n{}", cases.len(), wrong.join("\n"));
    assert!(cases.len() >= CORPUS_MIN);
    assert!(guessed.is_empty(), "guessed: {guessed:?}");
    assert!(right * 100 >= cases.len() * RIGHT_PERCENT_MIN, "{right} of {}", cases.len());
}
