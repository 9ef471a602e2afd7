//! Who sells on forged papers: the twelve suppliers of the shop and two small producers, and who buys. Tax numbers that
//! the domain does not give are made up, with a right check digit. What they sell is in `goods`.

use super::goods::{self, Good};
use super::tax_id::with_check_digit;
use super::truth::{Condition, Party};

/// A seller.
#[derive(Debug, Clone, Copy)]
pub struct Supplier {
    /// Its code in the shop.
    pub code: &'static str,
    /// The name in large letters.
    pub trade: &'static str,
    /// The name in law.
    pub legal: &'static str,
    /// Ten digits of its CUIT; 0 for who prints none.
    pub tax_body: u64,
    /// Towards VAT.
    pub condition: Condition,
    /// Street and town.
    pub address: &'static str,
    /// What it sells.
    pub goods: &'static [Good],
}

impl Supplier {
    /// As the party of a document.
    pub fn party(&self) -> Party {
        let tax_id = (self.tax_body > 0).then(|| with_check_digit(self.tax_body));
        Party { name: self.legal.to_owned(), tax_id, condition: self.condition }
    }
}

/// A company that charges VAT, as most suppliers are.
const fn company(code: &'static str, names: [&'static str; 2], tax_body: u64, goods: &'static [Good]) -> Supplier {
    let address = "Ruta 88 km 6,5 - Mar del Plata";
    Supplier { code, trade: names[0], legal: names[1], tax_body, condition: Condition::Registered, address, goods }
}

/// Fargo, by its distributor.
pub const FA: Supplier = company("FA", ["FARGO", "CPV S.R.L."], 3_366_641_681, goods::FARGO);
/// Dried fruit, spices and oils.
pub const ACE: Supplier = company("ACE", ["LA DELFINA", "AceituMar S.A."], 3_071_533_519, goods::ACEITUMAR);
/// Mondelez, by its distributor.
pub const TER: Supplier = company("TER", ["TERRAMARE", "Terramare del Sur S.R.L."], 3_071_200_451, goods::TERRAMARE);
/// Loose biscuits.
pub const GA: Supplier = company("GA", ["LA GALLETERA", "Logismar S.R.L."], 3_070_804_363, goods::GALLETERA);
/// The wholesaler.
pub const MAX: Supplier = company("MAX", ["MAXICONSUMO", "Maxiconsumo S.A."], 3_070_100_200, goods::MAXICONSUMO);
/// Wine and spirits.
pub const BC: Supplier =
    company("BC", ["BODEGA CEDEIRA", "Urrestarazu y Cedeira S.R.L."], 3_071_300_440, goods::CEDEIRA);
/// Whose papers have the learned profiles.
pub const LEARNED: [Supplier; 5] = [
    company("CO", ["COCA-COLA FEMSA", "Coca-Cola FEMSA de Buenos Aires S.A."], 3_050_100_300, goods::SOFT_DRINKS),
    company("Q", ["QUILMES", "Cervecería y Maltería Quilmes S.A.I.C.A. y G."], 3_350_100_400, goods::BEER),
    company("LS", ["LA SERENÍSIMA", "Mastellone Hermanos S.A."], 3_054_700_500, goods::DAIRY),
    company("LV", ["LA VIRGINIA", "Cafés La Virginia S.A."], 3_050_200_600, goods::COFFEE),
    company("MU", ["MULTIENVASE", "Multienvase S.R.L."], 3_070_900_700, goods::PACKAGING),
];
/// The greengrocer, on plain paper.
pub const FR: Supplier = Supplier {
    code: "FR",
    trade: "FRUTAS Y VERDURAS",
    legal: "Frutas y verduras del Puerto",
    tax_body: 0,
    condition: Condition::Monotributo,
    address: "Av. Vértiz 4100 - Mercado",
    goods: goods::PRODUCE,
};
/// Who gives no VAT apart: small producers, none of the twelve.
pub const SMALL: [Supplier; 2] = [
    Supplier {
        code: "",
        trade: "PANIFICADOS DOÑA ELSA",
        legal: "Núñez Elsa Beatriz",
        tax_body: 2_716_300_210,
        condition: Condition::Monotributo,
        address: "Calle 12 Nº 1450 - Balcarce",
        goods: goods::BAKERY,
    },
    Supplier {
        code: "",
        trade: "HUERTA LA LOMA",
        legal: "Peñalva Agustín",
        tax_body: 2_028_400_330,
        condition: Condition::Monotributo,
        address: "Camino Vecinal s/n - Sierra de los Padres",
        goods: goods::PRODUCE,
    },
];

/// The shop as a buyer.
pub fn shop(condition: Condition) -> Party {
    let tax_id = (condition != Condition::FinalConsumer).then(|| with_check_digit(3_071_640_810));
    Party { name: "Autoservicio La Rotonda S.A.S.".to_owned(), tax_id, condition }
}
