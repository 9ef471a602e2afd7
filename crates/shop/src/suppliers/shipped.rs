//! The suppliers that come with Góndola, as data to begin with: their words are the crate `language`'s, how their
//! papers read is here. CUITs and contacts are learned from the shop's own papers and never shipped.

use gondola_language::assign::profiles;

use super::supplier::{PackRule, PaperEdit, PaperKind, PricePer, ScoreProfile, SupplierEdit};

/// Each with its code, its name and what is known of it.
pub fn shipped() -> Vec<(String, String, SupplierEdit)> {
    let one = |profile: gondola_language::assign::Supplier| {
        let mut names = profile.names.into_iter();
        let name = names.next().unwrap_or_else(|| profile.code.clone());
        let edit = SupplierEdit {
            legal_name: legal_name(&profile.code).map(str::to_owned),
            is_default: Some(profile.is_default),
            paper: paper(&profile.code),
            score_profile: score_profile(&profile.code),
            names: Some(names.collect()),
            own_brands: Some(profile.own_brands),
            distributed_brands: Some(profile.distributed_brands),
            specialities: Some(profile.specialities),
            excluded: Some(profile.excluded),
            ..SupplierEdit::default()
        };
        (profile.code, name, edit)
    };
    profiles().into_iter().map(one).collect()
}

/// The VAT of fruit and vegetables: 10.5 % (`argentina.md`).
const FRUIT_VAT_BP: i64 = 1_050;

fn legal_name(code: &str) -> Option<&'static str> {
    Some(match code {
        "BC" => "Urrestarazu y Cedeira S.R.L.",
        "FA" => "CPV S.R.L.",
        "LS" => "Mastellone",
        "ACE" => "AceituMar S.A.",
        "TER" => "Terramare del Sur S.R.L.",
        "MU" => "Multienvase S.R.L.",
        "GA" => "Logismar S.R.L.",
        "MAX" => "Maxiconsumo S.A.",
        _ => return None,
    })
}

/// What they mainly bring, of those who bring one sort of goods.
fn score_profile(code: &str) -> Option<ScoreProfile> {
    Some(match code {
        "FR" | "LS" | "FA" => ScoreProfile::Fresh,
        "Q" | "CO" | "BC" => ScoreProfile::Drinks,
        _ => return None,
    })
}

/// How their papers read (`suppliers-and-purchasing.md`, document profiles); of the others nothing is known before the
/// first paper.
fn paper(code: &str) -> PaperEdit {
    let per = |price_per| PaperEdit { price_per: Some(price_per), ..PaperEdit::default() };
    match code {
        "BC" => PaperEdit { kind: Some(PaperKind::PriceList), price_places: Some(4), ..per(PricePer::Unit) },
        "FA" => PaperEdit { pack_rule: Some(PackRule::FirstNumber), ..per(PricePer::Case) },
        "ACE" => PaperEdit { price_places: Some(4), ..per(PricePer::Unit) },
        "TER" => {
            PaperEdit { pack_rule: Some(PackRule::AllButLast), negative_quantities: Some(true), ..per(PricePer::Case) }
        }
        "GA" => {
            PaperEdit { pack_rule: Some(PackRule::Column), pack_column: Some("UxB".to_owned()), ..per(PricePer::Case) }
        }
        "FR" => PaperEdit { kind: Some(PaperKind::Informal), vat_bp: Some(Some(FRUIT_VAT_BP)), ..per(PricePer::Unit) },
        _ => PaperEdit::default(),
    }
}
