//! The twelve suppliers that a new shop begins with: names, brands, specialities and exclusions, as the domain lists
//! them. From then on they are the shop's own to edit.

use super::Supplier;

/// One row of the table below, with its lists separated by commas.
struct Profile {
    code: &'static str,
    names: &'static str,
    own_brands: &'static str,
    distributed_brands: &'static str,
    specialities: &'static str,
    excluded: &'static str,
}

const NOBODY: Profile =
    Profile { code: "", names: "", own_brands: "", distributed_brands: "", specialities: "", excluded: "" };

/// Code of the wholesaler that gets what is nobody else's.
const DEFAULT: &str = "MAX";

const PROFILES: [Profile; 12] = [
    Profile {
        code: "BC",
        names: "Bodega Cedeira, Cedeira, Urrestarazu y Cedeira",
        distributed_brands: "Elementos, Santa Julia",
        specialities: "vino, fernet, whisky, vodka, ron, gin, licor, champagne",
        excluded: "cerveza",
        ..NOBODY
    },
    Profile {
        code: "CO",
        names: "Coca-Cola FEMSA, FEMSA, Coca-Cola, Coca",
        own_brands: "Coca-Cola",
        distributed_brands: "Sprite, Fanta, Aquarius, Ades, Cepita, Monster, Schweppes, Powerade",
        ..NOBODY
    },
    Profile {
        code: "Q",
        names: "Quilmes, Cervecería y Maltería Quilmes",
        own_brands: "Quilmes",
        distributed_brands: "Brahma, Stella Artois, Andes, Corona, Patagonia, Pepsi, 7up, Paso de los Toros, Gatorade, \
                             Glaciar, Eco de los Andes, Red Bull",
        specialities: "cerveza",
        // Patagonia and Andes are on the labels of wines too.
        excluded: "vino",
    },
    Profile {
        code: "FA",
        names: "Fargo, CPV",
        own_brands: "Fargo",
        distributed_brands: "Levité, Baggio, Natura, Lucchetti, Matarazzo, Don Vicente, Cabrales, Arlistán, Barfy, \
                             Friar, Granja del Sol, Veggies, McCain, Paulina, Ilolay, Jet Food, Paladini, Fela, \
                             Queso Pategrás",
        ..NOBODY
    },
    Profile {
        code: "LS",
        names: "La Serenísima, Mastellone",
        own_brands: "La Serenísima, Yogurísimo, Ser, Casancrem, Finlandia, Cremón, Cindor",
        // Finlandia is a spread here and a vodka elsewhere.
        excluded: "vodka",
        ..NOBODY
    },
    Profile {
        code: "ACE",
        names: "AceituMar, La Delfina",
        own_brands: "Aceitumar, La Delfina",
        distributed_brands: "Chocolart, Cris-Jor, Laur, Tau Delta, Cumaná, Zoraida, El Ruedo, Contraviento, Sakanashi, \
                             Shun Yuan, Healthy Boy, Marvavic",
        specialities: "frutos secos, semillas, especias, aceite gourmet",
        ..NOBODY
    },
    Profile {
        code: "TER",
        names: "Terramare, Terramare del Sur, Mondelez",
        own_brands: "Terrabusi",
        distributed_brands: "Oreo, Pepitos, Milka, Beldent, Infinit, Rhodesia, Tita, Tang, Clight",
        ..NOBODY
    },
    Profile {
        code: "LV", names: "La Virginia", own_brands: "La Virginia", specialities: "café, té, yerba", ..NOBODY
    },
    Profile { code: "FR", names: "Frutas y verduras", specialities: "fruta, verdura, hierba", ..NOBODY },
    Profile {
        code: "MU",
        names: "Multienvase",
        own_brands: "Multienvase",
        specialities: "descartables, bolsas, film",
        ..NOBODY
    },
    Profile {
        code: "GA",
        names: "La Galletera, Logismar",
        own_brands: "La Galletera, Galletitera",
        specialities: "galletitas sueltas, panadería local",
        ..NOBODY
    },
    Profile { code: DEFAULT, names: "Maxiconsumo", ..NOBODY },
];

/// The suppliers that a new shop begins with.
pub fn profiles() -> Vec<Supplier> {
    let list = |text: &str| text.split(", ").filter(|item| !item.is_empty()).map(str::to_owned).collect();
    let supplier = |profile: &Profile| Supplier {
        code: profile.code.to_owned(),
        names: list(profile.names),
        own_brands: list(profile.own_brands),
        distributed_brands: list(profile.distributed_brands),
        specialities: list(profile.specialities),
        excluded: list(profile.excluded),
        is_default: profile.code == DEFAULT,
    };
    PROFILES.iter().map(supplier).collect()
}
