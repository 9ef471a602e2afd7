//! From the shop's suppliers and the lexicon to the index: who says what with which phrase, and who is offered for a
//! bare family.

use std::collections::HashMap;

use super::Supplier;
use super::index::{At, Brand, Index, Meaning, Tier};
use super::lexicon::{self, Common, Row, forms};
use super::small::Small;
use crate::text::{fold, plural};

/// Letters of a brand that has a plural, as in "tres Oreos".
const PLURAL_BRAND_LETTERS_MIN: usize = 4;
/// Candidates of a family from which on the default is not offered as well.
const CANDIDATES_ENOUGH: usize = 2;

/// All phrases that mean something to this shop.
pub(super) fn index(suppliers: &[Supplier], common: &HashMap<String, Common>, small: &Small) -> Index {
    let mut index = Index::default();
    for (at, supplier) in suppliers.iter().enumerate() {
        learn_brands(&mut index, at, supplier);
        learn_goods(&mut index, at, supplier);
    }
    learn_lexicon(&mut index);
    // Names come last: one that is also a brand or goods counts only where a name is expected.
    for (at, supplier) in suppliers.iter().enumerate() {
        learn_names(&mut index, at, supplier);
    }
    // "Antes" is not Andes: what is a common word already is not guessed at.
    common.keys().for_each(|brand| index.forbid_typos(brand));
    small.words().for_each(|word| index.know(word));
    lexicon::ordinary().for_each(|word| index.know(word));
    index
}

/// Who is offered for each family of the lexicon, in its order: who is the specialist in one kind of it, who brings
/// one of its brands, and the default when these are few.
pub(super) fn families(suppliers: &[Supplier]) -> Vec<Vec<At>> {
    lexicon::families().map(|family| offered(&family, suppliers)).collect()
}

fn learn_brands(index: &mut Index, at: At, supplier: &Supplier) {
    for (tier, brands) in [(Tier::Own, &supplier.own_brands), (Tier::Distributed, &supplier.distributed_brands)] {
        for (which, brand) in brands.iter().enumerate() {
            let folded = fold(brand);
            let meaning = Meaning::Brand(Brand { at, tier, which });
            for base in lexicon::aliases(&folded).into_iter().map(fold).chain([folded.clone()]) {
                index.learn(&base, brand, meaning);
                plural_brand(&base).iter().for_each(|many| index.learn(many, brand, meaning));
                index.allow_typos(&base, &base);
            }
        }
    }
}

fn learn_goods(index: &mut Index, at: At, supplier: &Supplier) {
    for (which, speciality) in supplier.specialities.iter().enumerate() {
        for noun in lexicon::nouns_of(speciality) {
            for form in forms(noun) {
                index.learn(&form, noun, Meaning::Speciality(at, which));
                index.allow_typos(&fold(noun), &form);
            }
        }
    }
    for word in supplier.excluded.iter().flat_map(|word| lexicon::nouns_of(word)) {
        forms(word).iter().for_each(|form| index.learn(form, word, Meaning::Excluded(at)));
    }
}

fn learn_lexicon(index: &mut Index) {
    for (position, family) in lexicon::families().enumerate() {
        for form in forms(family.key) {
            index.learn(&form, family.key, Meaning::Family(position));
            index.allow_typos(&fold(family.key), &form);
        }
    }
    for noun in lexicon::general() {
        forms(noun).iter().for_each(|form| index.learn(form, noun, Meaning::General));
    }
    lexicon::small("inert").for_each(|phrase| index.learn(&phrase, &phrase, Meaning::Inert));
}

fn learn_names(index: &mut Index, at: At, supplier: &Supplier) {
    index.learn(&fold(&supplier.code), &supplier.code, Meaning::ShortName(at));
    for name in &supplier.names {
        let folded = fold(name);
        let meaning = if index.is_goods(&folded) { Meaning::ShortName(at) } else { Meaning::Name(at) };
        index.learn(&folded, name, meaning);
        index.allow_typos(&folded, &folded);
    }
}

fn offered(family: &Row, suppliers: &[Supplier]) -> Vec<At> {
    let starts: Vec<String> = forms(family.key);
    let is_kind = |speciality: &String| {
        let folded = fold(speciality);
        starts.iter().any(|start| folded.strip_prefix(start.as_str()).is_some_and(|rest| rest.starts_with(' ')))
    };
    let specialists = positions(suppliers, |supplier| supplier.specialities.iter().any(is_kind));
    let bringers = family.list.iter().flat_map(|brand| {
        let brand = fold(brand);
        positions(suppliers, move |supplier| {
            supplier.own_brands.iter().chain(&supplier.distributed_brands).any(|known| fold(known) == brand)
        })
    });
    let mut offered = Vec::new();
    for at in specialists.into_iter().chain(bringers) {
        if !offered.contains(&at) {
            offered.push(at);
        }
    }
    if offered.len() < CANDIDATES_ENOUGH {
        let defaults = positions(suppliers, |supplier| supplier.is_default);
        offered.extend(defaults.into_iter().filter(|at| !offered.contains(at)).collect::<Vec<At>>());
    }
    offered
}

fn positions(suppliers: &[Supplier], is_wanted: impl Fn(&Supplier) -> bool) -> Vec<At> {
    let all = suppliers.iter().enumerate();
    all.filter(|(_, supplier)| is_wanted(supplier)).map(|(at, _)| at).collect()
}

fn plural_brand(folded: &str) -> Option<String> {
    let many = plural(folded);
    let has_plural = many != folded && many == format!("{folded}s");
    (has_plural && folded.len() >= PLURAL_BRAND_LETTERS_MIN && !folded.contains(' ')).then_some(many)
}

#[cfg(test)]
mod tests {
    use super::super::profiles;
    use super::*;
    use crate::text::words;

    fn learned() -> Index {
        index(&profiles(), &lexicon::common(), &Small::read())
    }

    fn meanings<'i>(index: &'i Index, text: &str) -> Vec<&'i Meaning> {
        index.find(&words(text)).iter().flat_map(|found| &found.phrase.meanings).collect()
    }

    #[test]
    fn what_belongs_to_nobody_is_neither_a_speciality_nor_a_family() {
        let index = learned();
        for noun in lexicon::general() {
            assert_eq!(meanings(&index, noun), [&Meaning::General], "{noun}");
        }
    }

    #[test]
    fn a_bare_family_is_no_speciality() {
        let index = learned();
        for (position, family) in lexicon::families().enumerate() {
            assert_eq!(meanings(&index, family.key), [&Meaning::Family(position)], "{}", family.key);
        }
    }

    #[test]
    fn every_brand_that_the_lexicon_speaks_of_is_a_brand_of_the_twelve() {
        let index = learned();
        for brand in lexicon::families().flat_map(|family| family.list) {
            let says = meanings(&index, brand);
            assert!(says.iter().any(|meaning| matches!(meaning, Meaning::Brand(_))), "{brand}: {says:?}");
        }
    }

    #[test]
    fn an_ordinary_word_stands_for_no_other() {
        let index = learned();
        for word in lexicon::ordinary() {
            let found = index.find(&words(word));
            assert!(found.iter().all(|found| fold(&found.phrase.shown) == word), "{word}: {found:?}");
        }
    }
}
