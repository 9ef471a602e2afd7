//! The catalogue of the demo shop: the domain's seed list, the suppliers' brands, codes, prices, stock policies.

use std::collections::BTreeSet;

use gondola_ledger::Unit;

use super::{DEMO, TODAY};
use crate::demo::plan::{Plan, PlanSize};
use crate::demo::products::ProductPlan;
use crate::demo::suppliers::position;

/// `catalogue-and-stock.md`, "Categories and seed catalogue", each item by words of its name; a size follows each comma.
const SEED: &[(&str, &[&str])] = &[
    ("SAL", &["Fela, x6, x12", "Granja Iris, x6, x12", "Jet Food, x6, x12", "La Defensa, x6, x12"]),
    ("SAL", &["Paladini, x6, x12", "Swift, x6, x12", "Vienissima, x6, x12"]),
    ("QUE", &["cremoso común", "Cremón", "fontina", "mozzarella", "reggianito", "roquefort"]),
    (
        "LAC",
        &["Leche sachet La Serenísima", "Leche sachet Armonía", "Leche botella La", "botella especial", "larga vida"],
    ),
    (
        "LAC",
        &["Silk Almendra", "Silk Coco", "Protein La Serenísima Choc", "Protein La Serenísima Vain", "Muzza bolsita"],
    ),
    ("MYC", &["Manteca La Serenísima, 100, 200", "Manteca Paulina, 100, 200", "Manteca Ilolay, 100, 200"]),
    ("MYC", &["Manteca light La Serenísima", "Crema La Serenísima, 200, 330", "Crema cartón La Serenísima, 200, 440"]),
    ("MYC", &["Crema Ilolay, 200, 330", "Crema Paulina, 200, 330"]),
    ("JSA", &["Ades Manzana, 1 L, 200 ml", "Baggio Naranja, 1 L, 200 ml", "Cepita Naranja, 1 L, 300 ml, 200 ml"]),
    ("JSA", &["Citric Naranja, 1 L", "Levité Pomelo, 1 L, 500 ml"]),
    ("ENE", &["Speed, 250, 473", "Monster", "Red Bull", "Gatorade Manzana, 500 ml, 1,25 L", "Powerade, 500 ml"]),
    ("ENE", &["Dr. Lemon", "Smirnoff Ice", "Fernet con cola lata"]),
    ("CLA", &["Amstel, 473, 740", "Brahma, 473, 740", "Quilmes, 473, 740", "Grolsch, 473, 740", "Heineken, 473, 740"]),
    ("CLA", &["Imperial, 473, 740", "Andes, 473, 740", "Miller, 473, 740", "Salta, 473, 740", "Schneider, 473, 740"]),
    ("CLA", &["Isenbeck, 473, 740", "Sol, 473, 740", "Stella Artois, 473, 740", "Warsteiner, 473, 740"]),
    (
        "CBO",
        &[
            "Andes Rubia, 1 L",
            "Andes Color, 1 L",
            "Andes IPA, 1 L",
            "Brahma, 1 L",
            "Quilmes, 1 L",
            "Heineken, 1 L, 330",
        ],
    ),
    ("CBO", &["Imperial Rubia, 1 L", "Imperial Color, 1 L", "Imperial IPA, 1 L", "Imperial APA, 1 L", "Palermo, 1 L"]),
    (
        "CBO",
        &["Stella Artois, 1 L", "Heineken 0, 330", "Miller, 330", "Sol, 330", "Corona, 330, 710", "Patagonia, 710"],
    ),
    ("BAL", &["Absolut", "American Club", "Bacardi", "Baileys", "Campari", "Cinzano", "Fernet 1882, 450, 750, 1 L"]),
    ("BAL", &["Fernet Branca, 450, 750, 1 L", "Fernet Vittone, 450, 750, 1 L", "Gancia", "Bols", "Legui", "Marcela"]),
    ("BAL", &["Martini Bianco", "Martini Rosso", "Martini Extra", "Punt e Mes", "Skyy", "Smirnoff Cl", "Smirnoff Ras"]),
    (
        "WYG",
        &["Beefeater", "Bombay", "Gordon's", "Ballantine's", "Blenders", "Jack Daniel's Old", "Jack Daniel's Honey"],
    ),
    (
        "WYG",
        &[
            "Johnnie Walker Red",
            "Johnnie Walker Black",
            "Johnnie Walker Blonde",
            "Old Smuggler",
            "VAT 69",
            "White Horse",
        ],
    ),
    ("VIN", &["Alma Mora", "Benjamín", "Chacabuco", "Conejo Verde", "Cordero con Piel de Lobo", "Dada", "Dilema"]),
    ("VIN", &["Don David", "Don Valentín Lacrado", "Emilia", "Esperado", "Estancia Mendoza", "Etchart Privado"]),
    (
        "VIN",
        &["Finca La Linda", "Latitud 33", "López", "Luigi Bosca", "Michel Torino", "botellón Michel Torino", "Nampe"],
    ),
    ("VIN", &["Novecento", "Otro Loco Más", "Perro Callejero", "Rutini", "Santa Julia", "Traful", "Trumpeter"]),
    ("VIN", &["Vasco Viejo", "botellón Viñas de Balbo", "Novecento Blanco dulce"]),
    ("CHA", &["Chandon", "Emilia", "López", "Mont Chenot", "Mont Reims"]),
    (
        "HIG",
        &[
            "Esencial, 200 m, 500 m",
            "higiénico unidad",
            "Higienol Plus",
            "higiénico, x40, x80",
            "Servilletas, x40, x70",
        ],
    ),
    ("HIG", &["Sussex, x1, x3"]),
    ("LAV", &["Ayudín, 2 L, 4 L", "Lavandina ropa Ayudín", "Esencial, 2 L, 4 L"]),
    ("ACE", &["Molto, 900", "Natura, 500, 900, 1,5 L"]),
    ("BOL", &["45x60", "50x70", "60x90", "80x110", "90x120"]),
    ("DTE", &["Chimbella Tarta", "Chimbella Empanada", "La Favorita Tarta", "La Favorita Empanada", "Tapamar Tarta"]),
    ("DTE", &["Tapamar Empanada"]),
    ("SNA", &["Chizitos, 30", "Maní cervecero, 80", "Maní con vaina, 100", "Maní con piel, 90", "Palitos, 35"]),
    ("SNA", &["Papas premium, 50", "Papas pay, 45"]),
    (
        "CON",
        &["merluza", "Medallones de pollo", "Patitas", "Milanesa de carne", "Milanesa de pollo", "bastón", "noisette"],
    ),
    ("CON", &["smile", "Friar Clásica x2", "Friar Finitas x2", "Granja del Sol Arroz y vegetales", "Veggies x4"]),
    ("CON", &["Granja del Sol Espinaca y napolitana", "Granja del Sol Soja", "Paty x4", "finitas Paty x2"]),
];

fn product<'a>(plan: &'a Plan, sku: &str) -> &'a ProductPlan {
    plan.products.iter().find(|product| product.sku == sku).unwrap_or_else(|| panic!("no {sku}"))
}

#[test]
fn every_item_of_the_seed_catalogue_is_a_product_even_in_the_small_shop() {
    let small = Plan::new(1, TODAY, PlanSize::SMALL);
    for plan in [&*DEMO, &small] {
        for (category, items) in SEED {
            for item in *items {
                let mut words = item.split(", ");
                let name = words.next().unwrap();
                let sizes: Vec<&str> = words.collect();
                let sizes = if sizes.is_empty() { vec![""] } else { sizes };
                for size in sizes {
                    let is_it = |product: &&ProductPlan| {
                        product.category == *category && product.name.contains(name) && product.name.contains(size)
                    };
                    assert!(plan.products.iter().any(|product| is_it(&product)), "{category} {name} {size}");
                }
            }
        }
    }
}

#[test]
fn the_products_the_documents_name_have_their_skus() {
    for sku in ["SAL-PALA-6", "LAC-LS-SACH", "CLA-HEIN-473", "QUE-CREMOSO"] {
        product(&DEMO, sku);
    }
    let milk = product(&DEMO, "LAC-LS-SACH");
    assert_eq!(milk.name, "Leche sachet La Serenísima 1 L");
    assert_eq!(
        (milk.sale_price.to_string(), milk.acquisition_cost.to_string()),
        ("1850.00".into(), "1420.5000".into())
    );
    assert_eq!(product(&DEMO, "QUE-CREMOSO").unit, Unit::Kg);
}

#[test]
fn every_code_is_unique_and_well_formed() {
    let mut skus = BTreeSet::new();
    let mut names = BTreeSet::new();
    let mut codes = BTreeSet::new();
    for product in &DEMO.products {
        assert!(skus.insert(&product.sku), "{}", product.sku);
        assert!(names.insert(&product.name), "{}", product.name);
        let is_sku = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '-';
        assert!(product.sku.chars().all(is_sku) && product.sku.starts_with(product.category), "{}", product.sku);
        assert!((2..=200).contains(&product.name.chars().count()));
        assert!((1..=30).contains(&product.short_name.chars().count()), "{}", product.short_name);
        let packs = product.presentations.iter().map(|pack| &pack.barcode);
        for code in product.barcode.iter().chain(packs).chain(&product.scale_plu) {
            assert!(codes.insert(code), "{code}");
        }
    }
    for code in codes.into_iter().filter(|code| code.len() != 5) {
        let digits = code.chars().rev().map(|digit| digit.to_digit(10).unwrap());
        let sum: u32 = digits.zip([1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
        assert_eq!(sum % 10, 0, "{code}");
        assert!(code.starts_with("779") || code.starts_with("1779"), "{code}");
    }
}

#[test]
fn prices_keep_to_their_bands_and_stock_policies_are_in_order() {
    for product in &DEMO.products {
        let category = DEMO.categories.iter().find(|category| category.code == product.category).unwrap();
        let (price, cost) = (product.sale_price.raw() * 100, product.acquisition_cost.raw());
        let margin_bp = (price - cost) * 10_000 / price;
        assert!(margin_bp >= category.margin_min_bp, "{} {margin_bp}", product.sku);
        assert_eq!(product.sale_price.raw() % 5_000, 0, "{}", product.sku);
        assert!(product.max_stock >= product.min_stock && product.reorder_point >= product.min_stock);
        for pack in product.presentations.iter().filter_map(|pack| pack.price.map(|price| (pack.units, price))) {
            assert!(pack.1.raw() < pack.0 * product.sale_price.raw() && pack.1.raw() * 100 > pack.0 * cost);
        }
    }
}

#[test]
fn the_twelve_bring_their_brands() {
    let shipped = crate::suppliers::shipped();
    for supplier in &DEMO.suppliers {
        let brought = |product: &&ProductPlan| product.supplies[0].supplier == supplier.code;
        assert!(DEMO.products.iter().filter(brought).count() >= 5, "{}", supplier.code);
        let (_, name, known) =
            shipped.iter().find(|(code, ..)| code == supplier.code).expect("every shop gets the twelve");
        assert_eq!(name, supplier.name);
        let brands = known.own_brands.iter().chain(&known.distributed_brands).flatten();
        for brand in brands {
            let any = DEMO
                .products
                .iter()
                .filter(brought)
                .any(|product| product.brand.starts_with(brand) || product.name.starts_with(brand));
            assert!(any, "{} {brand}", supplier.code);
        }
    }
    assert!(DEMO.products.iter().any(|product| product.supplies.len() > 1));
    assert!(
        DEMO.products.iter().flat_map(|product| &product.supplies).all(|supply| position(supply.supplier).is_some())
    );
}

#[test]
fn every_alias_belongs_to_a_product() {
    let aliases: Vec<&str> = DEMO.products.iter().flat_map(|product| product.aliases.clone()).collect();
    assert_eq!(aliases.len(), 12, "{aliases:?}");
}
