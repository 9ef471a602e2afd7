//! The steps that choose a supplier, in their order; the first that answers is the answer.

use super::Supplier;
use super::answer::{Assignment, Doubt, Reason};
use super::brands::{self, Judge, Standing};
use super::directory::Directory;
use super::heads;
use super::index::{At, Brand, Found, Meaning, Tier};
use crate::text::{Word, words};

/// One item before the shop's suppliers.
struct Steps<'d> {
    directory: &'d Directory,
    words: Vec<Word>,
    found: Vec<Found<'d>>,
    is_shouted: bool,
}

/// Whose goods an item is; `memory` is whom the shop remembers for the product.
pub(super) fn take<'d>(directory: &'d Directory, text: &str, memory: Option<&'d Supplier>) -> Assignment<'d> {
    let words = words(text);
    let found = directory.index.find(&words);
    let steps = Steps { directory, words, found, is_shouted: !text.contains(char::is_lowercase) };
    steps
        .by_name()
        .or_else(|| memory.map(|supplier| Assignment::To { supplier, reason: Reason::Memory }))
        .or_else(|| steps.by_brand(Tier::Own, Reason::OwnBrand))
        .or_else(|| steps.by_brand(Tier::Distributed, Reason::DistributedBrand))
        .or_else(|| steps.by_noun())
        .or_else(|| steps.by_doubtful_brand())
        .unwrap_or_else(|| steps.unknown())
}

impl<'d> Steps<'d> {
    /// Step 0: the text names a supplier.
    fn by_name(&self) -> Option<Assignment<'d>> {
        let mut named = Vec::new();
        for found in &self.found {
            let is_introduced = self.directory.small.introduce(&self.words[..found.words.start]);
            named.extend(found.phrase.meanings.iter().filter_map(|meaning| match *meaning {
                Meaning::Name(at) => Some((at, found.phrase.shown.as_str())),
                Meaning::ShortName(at) if is_introduced => Some((at, found.phrase.shown.as_str())),
                _ => None,
            }));
        }
        self.only(&named, |_| Reason::Named)
    }

    /// Steps 1 and 2: a brand of its own, a brand that it distributes.
    fn by_brand(&self, tier: Tier, reason: fn(&'d str) -> Reason<'d>) -> Option<Assignment<'d>> {
        let meant = self.brands().filter(|&(brand, standing)| brand.tier == tier && standing == Standing::Meant);
        let meant: Vec<(At, &str)> = meant.map(|(brand, _)| (brand.at, self.text_of(brand))).collect();
        self.only(&meant, reason)
    }

    /// Steps 3 to 5: a speciality, a bare family, the default. A supplier that is ruled out is passed over, and when
    /// nobody is left for a noun the search goes on behind it.
    fn by_noun(&self) -> Option<Assignment<'d>> {
        let nouns = heads::from_head(&self.words, &self.found, &self.directory.small);
        nouns.iter().find_map(|noun| {
            self.by_speciality(noun).or_else(|| self.by_family(noun)).or_else(|| self.by_default(noun))
        })
    }

    fn by_speciality(&self, noun: &Found<'d>) -> Option<Assignment<'d>> {
        let specialists = noun.phrase.meanings.iter().filter_map(|meaning| match *meaning {
            Meaning::Speciality(at, which) if !self.is_ruled_out(at) => Some((at, which)),
            _ => None,
        });
        let specialists: Vec<(At, &str)> =
            specialists.map(|(at, which)| (at, self.directory.suppliers[at].specialities[which].as_str())).collect();
        match self.only(&specialists, Reason::Speciality)? {
            Assignment::Ask { candidates, .. } => {
                Some(Assignment::Ask { candidates, doubt: Doubt::Several(&noun.phrase.shown) })
            }
            chosen @ Assignment::To { .. } => Some(chosen),
        }
    }

    /// The bare word is offered to those who bring its brands; one that says more may be anybody's, so the default's too.
    fn by_family(&self, noun: &Found<'d>) -> Option<Assignment<'d>> {
        let family = noun.phrase.meanings.iter().find_map(|meaning| match *meaning {
            Meaning::Family(family) => Some(family),
            _ => None,
        })?;
        let rest = &self.words[noun.words.end..];
        let says_more = rest.iter().any(|word| !self.directory.small.leads(word));
        let mut offered = self.directory.families[family].clone();
        offered.extend(self.defaults().filter(|at| says_more && !self.directory.families[family].contains(at)));
        offered.retain(|&at| !self.is_ruled_out(at));
        let candidates = offered.into_iter().map(|at| &self.directory.suppliers[at]).collect();
        Some(Assignment::Ask { candidates, doubt: Doubt::Family(&noun.phrase.shown) })
    }

    fn by_default(&self, noun: &Found<'d>) -> Option<Assignment<'d>> {
        if !noun.phrase.meanings.contains(&Meaning::General) {
            return None;
        }
        let defaults: Vec<(At, &str)> = self.defaults().map(|at| (at, noun.phrase.shown.as_str())).collect();
        self.only(&defaults, Reason::Default)
    }

    /// A brand that may not be meant is offered as a question when nothing else says whose the goods are.
    fn by_doubtful_brand(&self) -> Option<Assignment<'d>> {
        self.brands().find_map(|(brand, standing)| {
            let doubt = match standing {
                Standing::Meant => return None,
                Standing::CommonWord => Doubt::CommonWord(self.text_of(brand)),
                Standing::Beside => Doubt::Beside(self.text_of(brand)),
            };
            Some(Assignment::Ask { candidates: vec![&self.directory.suppliers[brand.at]], doubt })
        })
    }

    fn unknown(&self) -> Assignment<'d> {
        if self.words.is_empty() {
            return Assignment::Ask { candidates: Vec::new(), doubt: Doubt::Empty };
        }
        let candidates = self.defaults().map(|at| &self.directory.suppliers[at]).collect();
        Assignment::Ask { candidates, doubt: Doubt::Unknown }
    }

    /// The brands of the suppliers that are not ruled out, and how each stands.
    fn brands(&self) -> impl Iterator<Item = (Brand, Standing)> {
        let Directory { common, small, .. } = self.directory;
        let judge = Judge { words: &self.words, is_shouted: self.is_shouted, common, small };
        let brands = brands::of(&self.found).filter(|(_, brand)| !self.is_ruled_out(brand.at));
        brands.map(move |(found, brand)| (brand, judge.standing(found, self.text_of(brand))))
    }

    /// The one supplier that claims the item, with its reason; a question when several do; nothing when nobody does.
    fn only(&self, claims: &[(At, &'d str)], reason: fn(&'d str) -> Reason<'d>) -> Option<Assignment<'d>> {
        let &(first, word) = claims.first()?;
        if claims.iter().all(|&(at, _)| at == first) {
            return Some(Assignment::To { supplier: &self.directory.suppliers[first], reason: reason(word) });
        }
        let mut candidates: Vec<At> = Vec::new();
        for &(at, _) in claims {
            if !candidates.contains(&at) {
                candidates.push(at);
            }
        }
        let candidates = candidates.into_iter().map(|at| &self.directory.suppliers[at]).collect();
        Some(Assignment::Ask { candidates, doubt: Doubt::Several(word) })
    }

    fn is_ruled_out(&self, at: At) -> bool {
        self.found.iter().any(|found| found.phrase.meanings.contains(&Meaning::Excluded(at)))
    }

    fn defaults(&self) -> impl Iterator<Item = At> {
        let suppliers = self.directory.suppliers.iter().enumerate();
        suppliers.filter(|(_, supplier)| supplier.is_default).map(|(at, _)| at)
    }

    fn text_of(&self, brand: Brand) -> &'d str {
        let supplier = &self.directory.suppliers[brand.at];
        match brand.tier {
            Tier::Own => &supplier.own_brands[brand.which],
            Tier::Distributed => &supplier.distributed_brands[brand.which],
        }
    }
}
