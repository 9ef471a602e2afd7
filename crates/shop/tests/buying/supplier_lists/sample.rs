//! S15: a labelled list of 3,000 lines against the real goods of the government's list of 2020. Suppliers print a barcode on
//! most lines and write names as they like: cut short, turned round, in capitals, `CC` for `ml`, `GR` for `g`, without the
//! little words. Some lines are of goods that the shop does not have: what they are taken for is false.

use gondola_sheets::{Limits, Table, read};
use gondola_testkit::{TestShop, both_engines};
use serde_json::Value;

use crate::common::purchases::text;
use crate::supplier_lists::given::{LISTS, bare, brought};

const LINES: usize = 3_000;
/// Every so many goods, one that the shop does not have.
const MISSING_EVERY: usize = 12;
/// Of so many lines, those with a barcode.
const BARCODE_OF_TEN: usize = 7;

/// Goods as the government published them.
struct Goods {
    name: String,
    brand: String,
    barcode: String,
    category: String,
}

fn published() -> Option<Vec<Goods>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/precios-maximos-buenos-aires-2020.csv");
    let Ok(bytes) = std::fs::read(path) else {
        eprintln!("SKIPPED: the folder shared/data is not beside the project");
        return None;
    };
    let table: Table = read(&bytes, &Limits::IMPORT).unwrap();
    let column = |title: &str| table.header.iter().position(|other| other == title).unwrap();
    let (name, brand, barcode) = (column("Producto"), column("marca"), column("id_producto"));
    let category = column("categoria");
    let goods = table.rows.iter().map(|row| Goods {
        name: row.cells[name].trim().to_owned(),
        brand: row.cells[brand].trim().to_owned(),
        barcode: row.cells[barcode].trim().to_owned(),
        category: row.cells[category].trim().to_owned(),
    });
    // Codes that are wrong, and the names that stand twice, label nothing.
    let mut seen = std::collections::BTreeSet::new();
    let sound = |goods: &Goods| gondola_shop::catalogue::Barcode::parse(&goods.barcode).is_ok();
    Some(goods.filter(|goods| sound(goods) && seen.insert(goods.name.to_lowercase())).collect())
}

/// Whole numbers in an order that looks like none and is always the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % end as u64).unwrap()
    }
}

/// A name as a supplier writes it.
fn deformed(name: &str, brand: &str, dice: &mut Dice) -> String {
    let brand_words: Vec<String> = brand.split_whitespace().map(str::to_lowercase).collect();
    let mut words: Vec<String> = name.split_whitespace().map(str::to_owned).collect();
    let measure = words.len().saturating_sub(2);
    let is_measured = words.get(measure).is_some_and(|word| word.starts_with(|letter: char| letter.is_ascii_digit()));
    let tail: Vec<String> = if is_measured { words.split_off(measure) } else { Vec::new() };
    for word in &mut words {
        let letters: Vec<char> = word.chars().collect();
        let is_brand = brand_words.contains(&word.to_lowercase());
        if letters.len() > 5 && !is_brand && dice.below(4) == 0 {
            let cut = 3 + dice.below(2);
            *word = format!("{}.", letters[..cut].iter().collect::<String>());
        }
    }
    if dice.below(4) == 0 {
        words.retain(|word| !["de", "con", "la", "en"].contains(&word.to_lowercase().as_str()));
    }
    // Where a brand stands in one piece, it is turned to the front: a brand in two places is no brand.
    let at = words
        .windows(brand_words.len().max(1))
        .position(|run| run.iter().zip(&brand_words).all(|(a, b)| a.to_lowercase() == *b));
    if let Some(at) = at
        && dice.below(3) == 0
    {
        let rest: Vec<String> = words.drain(at..at + brand_words.len()).collect();
        words.splice(0..0, rest);
    }
    let unit = tail.get(1).map(|unit| spelled(unit, dice)).unwrap_or_default();
    let measure = tail
        .first()
        .map(|number| if dice.below(2) == 0 { format!("x {number}{unit}") } else { format!("{number} {unit}") });
    words.extend(measure);
    let written = words.join(" ");
    if dice.below(3) == 0 { written } else { written.to_uppercase() }
}

/// A unit in one of the ways there are to write it.
fn spelled(unit: &str, dice: &mut Dice) -> String {
    let ways: &[&str] = match unit.to_lowercase().as_str() {
        "ml" | "cc" => &["ml", "CC", "cc", "ML"],
        "gr" | "g" => &["g", "GR", "grs", "Gr"],
        "lt" | "l" => &["L", "lt", "LTS", "l"],
        "kg" => &["kg", "KG", "Kgs", "kilo"],
        _ => return unit.to_owned(),
    };
    ways[dice.below(ways.len())].to_owned()
}

/// The list, and of each line the name of the goods it is about, where the shop has them.
fn labelled(goods: &[Goods]) -> (String, Vec<Option<String>>) {
    let mut dice = Dice(2_020);
    let (mut file, mut labels) = ("EAN;Descripción;Precio\n".to_owned(), Vec::with_capacity(LINES));
    for line in 0..LINES {
        let at = line % goods.len();
        let one = &goods[at];
        let is_there = !at.is_multiple_of(MISSING_EVERY);
        let barcode = if dice.below(10) < BARCODE_OF_TEN { one.barcode.as_str() } else { "" };
        let name = deformed(&one.name, &one.brand, &mut dice).replace(['"', ';'], " ");
        file.push_str(&format!("{barcode};{name};{},50\n", 100 + line));
        labels.push(is_there.then(|| one.name.clone()));
    }
    (file, labels)
}

async fn sell(shop: &TestShop, goods: &[Goods]) {
    let mut file = "Producto;marca;id_producto;categoria\n".to_owned();
    for (_, one) in goods.iter().enumerate().filter(|(at, _)| !at.is_multiple_of(MISSING_EVERY)) {
        let name = one.name.replace('"', " ");
        file.push_str(&format!("\"{name}\";\"{}\";{};\"{}\"\n", one.brand, one.barcode, one.category));
    }
    let sent = Some(("text/csv", file.into_bytes()));
    shop.api(shop.admin()).send(axum::http::Method::POST, "/api/v1/imports/products", sent).await.expect_status(201);
}

/// Every line of a list, in order.
async fn all_lines(shop: &TestShop, list: &Value) -> Vec<Value> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let path = format!("{LISTS}/{}/lines?limit=200{after}", text(list, "id"));
        let page = shop.api(shop.admin()).get(&path).await.expect_status(200).json();
        found.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return found,
        }
    }
}

/// How lines were taken: rightly without anybody, wrongly without anybody, and left to a person or to nobody.
#[derive(Debug, Default, PartialEq, Eq)]
struct Score {
    automatic: usize,
    wrong: usize,
    asked: usize,
    none: usize,
}

impl Score {
    fn of<'l>(lines: impl Iterator<Item = (&'l Value, &'l Option<String>)>) -> Self {
        let mut score = Self::default();
        for (line, label) in lines {
            let is_right = label.as_deref().is_some_and(|label| line["product"].as_str() == Some(label));
            match (text(line, "certainty"), is_right) {
                ("certain" | "automatic", true) => score.automatic += 1,
                ("certain" | "automatic", false) => score.wrong += 1,
                ("person", _) => score.asked += 1,
                _ => score.none += 1,
            }
        }
        score
    }

    fn total(&self) -> usize {
        self.automatic + self.wrong + self.asked + self.none
    }
}

both_engines! {
    fn of_three_thousand_lines_nine_in_ten_need_nobody_and_not_one_in_two_hundred_is_wrong(shop: TestShop) {
        let Some(goods) = published() else { return };
        bare(&shop).await;
        sell(&shop, &goods).await;
        let (file, labels) = labelled(&goods);
        let list = brought(&shop, "BC", &file).await;
        let lines = all_lines(&shop, &list).await;
        assert_eq!(lines.len(), LINES);
        // Of goods that the shop has, for nobody can match the others.
        let sold = || lines.iter().zip(&labels).filter(|(_, label)| label.is_some());
        let all = Score::of(sold());
        let strange = Score::of(lines.iter().zip(&labels).filter(|(_, label)| label.is_none()));
        let by_words = Score::of(sold().filter(|(line, _)| text(line, "barcode").is_empty()));
        assert!(all.automatic * 100 >= all.total() * 90, "{all:?}");
        assert!(by_words.automatic * 100 >= by_words.total() * 75, "{by_words:?}");
        assert!((all.wrong + strange.wrong) * 200 <= LINES, "{all:?} {strange:?}");
    }
}
