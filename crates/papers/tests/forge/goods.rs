//! What each supplier of forged papers sells: a name with the pack written as that supplier writes it, the units of a case,
//! and a price of one unit in centavos, of no particular day.

use super::truth::{Per, Rate};

/// Something that can stand on a line.
#[derive(Debug, Clone, Copy)]
pub struct Good {
    /// As the supplier writes it.
    pub name: &'static str,
    /// Units in a case.
    pub units: u32,
    /// Centavos of one unit, or of a kilogram.
    pub centavos: i64,
    /// Its VAT, from one registered taxpayer to another.
    pub rate: Rate,
    /// What loose goods are counted in; packed goods by the profile.
    pub per: Option<Per>,
}

const fn good(name: &'static str, units: u32, centavos: i64) -> Good {
    Good { name, units, centavos, rate: Rate::Full, per: None }
}

const fn reduced(name: &'static str, units: u32, centavos: i64) -> Good {
    Good { name, units, centavos, rate: Rate::Reduced, per: None }
}

const fn deposit(name: &'static str, units: u32, centavos: i64) -> Good {
    Good { name, units, centavos, rate: Rate::NotTaxed, per: None }
}

const fn exempt(name: &'static str, units: u32, centavos: i64) -> Good {
    Good { name, units, centavos, rate: Rate::Exempt, per: None }
}

const fn weighed(name: &'static str, centavos: i64) -> Good {
    Good { name, units: 1, centavos, rate: Rate::Reduced, per: Some(Per::Kilogram) }
}

const fn crated(name: &'static str, centavos: i64) -> Good {
    Good { name, units: 1, centavos, rate: Rate::Reduced, per: Some(Per::Case) }
}

/// The pack is in the name: units × content.
pub const FARGO: &[Good] = &[
    good("PAN LACTAL FARGO 12X560", 12, 285_000),
    good("PAN SALVADO FARGO 12X600", 12, 312_050),
    good("FIDEO TIRABUZON LUCCHETTI 20X500", 20, 135_000),
    good("FIDEO MOSTACHOL MATARAZZO 20X500", 20, 148_990),
    good("AGUA LEVITE POMELO 6X1500", 6, 124_500),
    good("JUGO BAGGIO MULTIFRUTA 8X1000", 8, 118_075),
    good("ACEITE NATURA GIRASOL 12X900", 12, 329_900),
    good("ACEITE NATURA 12X1500", 12, 534_600),
    good("TAPA EMPANADA DON VICENTE 20X330", 20, 96_040),
    good("CAFE CABRALES MOLIDO 12X250", 12, 412_300),
    good("CAFE ARLISTAN CLASICO 24X100", 24, 378_125),
    good("MANTECA PAULINA 20X200", 20, 264_850),
    good("CREMA ILOLAY 12X330", 12, 231_990),
    good("SALCHICHAS PALADINI 24X6", 24, 142_760),
    good("SALCHICHAS FELA 12X12", 12, 219_400),
    good("PATITAS GRANJA DEL SOL 10X400", 10, 487_215),
    good("HAMBURGUESA BARFY 12X4", 12, 398_000),
    good("PAPAS MCCAIN BASTON 8X720", 8, 455_100),
    good("MEDALLON VEGGIES ESPINACA 10X300", 10, 361_480),
    reduced("ÑOQUIS FRESCOS S/ENVASAR 10X500", 10, 158_300),
];

/// Sold by the unit, with four decimals.
pub const ACEITUMAR: &[Good] = &[
    good("NUEZ MARIPOSA EXTRA X 250 GR", 12, 432_198),
    good("ALMENDRA NON PAREIL X 200 GR", 12, 398_455),
    good("PASAS DE UVA RUBIAS X 500 GR", 12, 187_320),
    good("MANI TOSTADO S/SAL X 500 GR", 12, 121_906),
    good("SEMILLA DE CHIA X 250 GR", 12, 98_777),
    good("SEMILLAS DE GIRASOL PELADAS X 500", 12, 143_210),
    good("OREGANO ZORAIDA X 25 GR", 24, 43_515),
    good("PIMENTON DULCE EL RUEDO X 25 GR", 24, 51_190),
    good("AJI MOLIDO CUMANA X 25 GR", 24, 39_980),
    good("ACEITE OLIVA LAUR EXTRA VIRGEN 500 ML", 6, 1_245_631),
    good("ACEITE OLIVA TAU DELTA 250 ML", 6, 698_420),
    good("SALSA DE SOJA SAKANASHI 150 ML", 12, 162_345),
    good("SALSA CONTRAVIENTO AHUMADA 250 G", 12, 287_650),
    good("ACEITUNAS VERDES Nº 0 ACEITUMAR 330 G", 12, 214_079),
    good("CHOCOLART MANI CON CHOCOLATE X 80", 20, 109_250),
    good("FIDEOS DE ARROZ HEALTHY BOY 454 G", 12, 345_003),
    reduced("LENTEJAS SECAS X 400 GR", 20, 104_120),
    reduced("POROTO ALUBIA X 500 GR", 20, 97_345),
];

/// Cases within cases: A×B×C, or A×C.
pub const TERRAMARE: &[Good] = &[
    good("OREO 3X12X118", 36, 180_000),
    good("OREO BAÑADA 20X140", 20, 231_450),
    good("PEPITOS 3X12X119", 36, 176_300),
    good("TERRABUSI VARIEDADES 2X9X390", 18, 298_775),
    good("MILKA LECHE 10X150", 10, 512_300),
    good("MILKA OREO 10X100", 10, 389_990),
    good("BELDENT MENTA 12X20X10", 240, 41_200),
    good("BELDENT INFINIT 8X12X26", 96, 112_800),
    good("RHODESIA 4X36X22", 144, 38_650),
    good("TITA 4X36X19", 144, 35_115),
    good("TANG NARANJA 20X18", 20, 36_420),
    good("TANG MANZANA 20X18", 20, 36_420),
    good("CLIGHT POMELO 20X8", 20, 44_890),
    good("CERALITAS 2X12X212", 24, 143_605),
    good("LINCOLN 3X12X153", 36, 121_340),
];

/// Units per case have a column of their own.
pub const GALLETERA: &[Good] = &[
    good("BIZCOCHO AGRIDULCE", 24, 75_000),
    good("GALLETITAS SURTIDAS", 12, 184_250),
    good("PEPAS MEMBRILLO", 24, 91_300),
    good("ANILLOS GLASEADOS", 20, 88_475),
    good("SCON DE QUESO", 18, 120_990),
    good("TALITAS SALADAS", 30, 64_120),
    good("PALMERITAS", 24, 98_215),
    good("BUDIN VAINILLA", 12, 176_540),
    good("BUDIN MARMOLADO", 12, 181_060),
    good("GRISINES CON SALVADO", 30, 58_905),
    good("TOSTADAS DE ARROZ", 20, 79_330),
    good("MARINERAS", 24, 71_840),
    reduced("BIZCOCHOS SUELTOS SIN ENVASAR", 10, 132_700),
];

/// The wholesaler's everything.
pub const MAXICONSUMO: &[Good] = &[
    good("ARROZ GALLO ORO 1 KG", 10, 189_990),
    good("ARROZ MOLTO L.FINO 1 KG", 10, 128_950),
    good("LAVANDINA AYUDIN 2 L", 8, 164_300),
    good("LAVANDINA ESENCIAL 4 L", 4, 210_500),
    good("DETERGENTE MAGISTRAL LIMON 500 ML", 15, 198_745),
    good("SERVILLETAS SUSSEX X 70", 24, 58_320),
    good("PAPEL HIGIENICO HIGIENOL PLUS X4", 10, 231_990),
    good("ROLLO COCINA ESENCIAL X3", 8, 142_015),
    good("PURE DE TOMATE MOLTO 520 G", 12, 68_490),
    good("TOMATE PERITA LA CAMPAGNOLA 400 G", 24, 92_780),
    good("AZUCAR LEDESMA 1 KG", 10, 114_260),
    good("SAL FINA CELUSAL 500 G", 20, 71_850),
    good("YERBA PLAYADITO 1 KG", 10, 398_700),
    good("MERMELADA ARCOR DURAZNO 454 G", 12, 156_405),
    good("MAYONESA HELLMANNS 475 G", 12, 187_140),
    good("VINAGRE MENOYO ALCOHOL 1 L", 12, 79_995),
    good("JABON DOVE ORIGINAL 90 G", 48, 87_600),
    good("SHAMPOO SEDAL RIZOS 340 ML", 12, 321_450),
    good("PAPAS FRITAS PAY 45 G", 24, 64_210),
    good("ATUN LA CAMPAGNOLA NATURAL 170 G", 24, 243_875),
    good("DULCE DE LECHE ILOLAY 400 G", 12, 201_330),
    good("POLENTA PRESTOPRONTA 500 G", 20, 83_960),
    good("GALLETITAS SURTIDO BAGLEY 390 G", 18, 204_115),
    good("ENCENDEDOR BIC MAXI", 50, 69_900),
    good("PILAS AA DURACELL X4", 12, 412_080),
    reduced("HARINA BLANCAFLOR 1 KG", 10, 104_630),
    reduced("HARINA 000 MORIXE 1 KG", 10, 72_415),
    reduced("LENTEJAS EGRAN 400 G", 12, 118_205),
    reduced("GARBANZOS EGRAN 400 G", 12, 126_540),
    reduced("POROTOS ALUBIA EGRAN 400 G", 12, 109_985),
];

/// Bottles, on a list of prices.
pub const CEDEIRA: &[Good] = &[
    good("ELEMENTOS MALBEC 750", 6, 876_543),
    good("SANTA JULIA CHENIN DULCE 750", 6, 512_339),
    good("FERNET BRANCA 750", 12, 1_187_305),
    good("FERNET BRANCA 1000", 12, 1_498_720),
    good("FERNET 1882 750", 12, 745_116),
    good("ALMA MORA CABERNET SAUVIGNON", 6, 498_275),
    good("DON DAVID TORRONTES", 6, 834_090),
    good("DON VALENTIN LACRADO", 6, 512_830),
    good("ETCHART PRIVADO TORRONTES", 6, 432_604),
    good("FINCA LA LINDA MALBEC", 6, 912_745),
    good("LATITUD 33 MALBEC", 6, 456_018),
    good("LOPEZ TINTO 750", 6, 543_926),
    good("LUIGI BOSCA DE SANGRE", 6, 2_145_387),
    good("MICHEL TORINO COLECCION", 6, 478_230),
    good("NOVECENTO RAICES", 6, 387_491),
    good("PERRO CALLEJERO BLEND", 6, 1_024_560),
    good("RUTINI CABERNET MALBEC", 6, 2_387_118),
    good("TRUMPETER MALBEC", 6, 1_198_642),
    good("VASCO VIEJO TINTO 1125", 6, 298_305),
    good("CHANDON EXTRA BRUT 750", 6, 1_654_902),
    good("MONT REIMS BRUT", 6, 487_655),
    good("BEEFEATER GIN 700", 6, 2_876_411),
    good("BOMBAY SAPPHIRE 750", 6, 3_124_870),
    good("JOHNNIE WALKER RED LABEL 750", 12, 2_543_198),
    good("WHITE HORSE 1000", 12, 1_765_024),
    good("ABSOLUT 700", 6, 1_987_336),
    good("SMIRNOFF 700", 6, 876_112),
    good("BACARDI CARTA BLANCA 750", 6, 1_345_789),
    good("CAMPARI 750", 6, 798_450),
    good("GANCIA 950", 6, 512_067),
];

/// The Coca-Cola line.
pub const SOFT_DRINKS: &[Good] = &[
    good("COCA COLA 2.25 L PET", 8, 287_340),
    good("COCA COLA 1.5 L PET", 8, 214_905),
    good("COCA COLA ZERO 2.25 L PET", 8, 287_340),
    good("COCA COLA RET 2 L", 9, 198_275),
    good("COCA COLA LATA 354 CC", 6, 98_560),
    good("SPRITE 2.25 L PET", 8, 276_115),
    good("FANTA NARANJA 1.5 L PET", 8, 203_480),
    good("SCHWEPPES TONICA 1.5 L", 6, 221_930),
    good("AQUARIUS PERA 1.5 L", 6, 187_425),
    good("CEPITA NARANJA 1 L", 8, 201_060),
    good("ADES NATURAL 1 L", 8, 312_770),
    good("MONSTER ENERGY 473 CC", 6, 243_815),
    good("POWERADE MOUNTAIN BLAST 500 CC", 12, 154_390),
    deposit("CAJON PLASTICO + ENVASES RET 2 L", 1, 1_800_000),
];

/// Beer and the Pepsi line.
pub const BEER: &[Good] = &[
    good("QUILMES CLASICA RET 1 L", 12, 176_480),
    good("BRAHMA RET 1 L", 12, 168_215),
    good("STELLA ARTOIS LATA 473 CC", 24, 187_930),
    good("ANDES ORIGEN RUBIA RET 1 L", 12, 221_345),
    good("ANDES ORIGEN IPA LATA 473 CC", 24, 198_070),
    good("CORONA 330 CC", 24, 243_605),
    good("PATAGONIA AMBER LAGER 730 CC", 6, 412_990),
    good("PEPSI 2.25 L PET", 8, 243_150),
    good("7UP 1.5 L PET", 8, 187_265),
    good("PASO DE LOS TOROS POMELO 1.5 L", 6, 193_740),
    good("GATORADE MANZANA 500 CC", 6, 143_580),
    good("ECO DE LOS ANDES 1.5 L", 6, 98_430),
    good("RED BULL 250 CC", 24, 231_900),
    deposit("ENVASE RETORNABLE 1 L", 12, 60_000),
];

/// What comes in the cold van.
pub const DAIRY: &[Good] = &[
    exempt("LECHE ENTERA SACHET 1 L", 12, 142_300),
    good("LECHE PROTEIN BOTELLA 1 L", 6, 243_980),
    good("LECHE LARGA VIDA DESCREMADA 1 L", 12, 187_465),
    good("YOGURISIMO FRUTILLA 500 G", 6, 198_720),
    good("YOGURISIMO CON CEREALES 159 G", 12, 132_055),
    good("SER VAINILLA 190 G", 8, 104_890),
    good("CASANCREM LIGHT 290 G", 12, 265_340),
    good("FINLANDIA QUESO 290 G", 12, 312_115),
    good("MANTECA LA SERENISIMA 200 G", 20, 276_980),
    good("CREMA DE LECHE 200 CC", 24, 187_230),
    good("CREMON DOBLE CREMA X KG", 4, 987_650),
    good("CINDOR CHOCOLATADA 1 L", 8, 254_410),
    good("DULCE DE LECHE COLONIAL 400 G", 12, 231_575),
];

/// Coffee, tea and yerba.
pub const COFFEE: &[Good] = &[
    good("CAFE LA VIRGINIA TORRADO 500 G", 12, 765_430),
    good("CAFE LA VIRGINIA INSTANTANEO 170 G", 12, 654_210),
    good("TE LA VIRGINIA X 50 SAQ", 24, 143_215),
    good("TE DIGESTIVO X 25 SAQ", 24, 109_870),
    good("MATE COCIDO X 50 SAQ", 24, 154_905),
    good("YERBA LA VIRGINIA 500 G", 20, 198_330),
    good("CAPUCCINO CLASICO 155 G", 12, 287_640),
    good("EDULCORANTE LIQUIDO 250 CC", 12, 176_055),
    good("PIMIENTA NEGRA MOLIDA 25 G", 24, 87_160),
    good("AZAFRAN SOBRES X 12", 10, 243_720),
];

/// Disposables.
pub const PACKAGING: &[Good] = &[
    good("BOLSA CAMISETA 40X50 X 100", 20, 187_340),
    good("BOLSA RESIDUO 45X60 X 10", 50, 43_275),
    good("BOLSA CONSORCIO 80X110 X 10", 30, 121_960),
    good("ROLLO FILM 38 CM X 300 M", 4, 876_530),
    good("BANDEJA PLASTICA 105 X 100", 10, 432_185),
    good("VASO DESCARTABLE 180 CC X 100", 25, 276_490),
    good("CUCHARITA HELADO X 100", 20, 98_705),
    good("PAPEL ALUMINIO 30 CM X 5 M", 24, 132_815),
    good("SERVILLETA BARRA X 1000", 6, 354_060),
    good("PRECINTO PLASTICO X 100", 10, 165_230),
];

/// By weight, or by the crate.
pub const PRODUCE: &[Good] = &[
    weighed("BANANA ECUADOR", 215_000),
    weighed("TOMATE REDONDO", 180_000),
    weighed("PAPA BLANCA", 65_000),
    weighed("CEBOLLA", 72_500),
    weighed("ZANAHORIA", 68_000),
    weighed("MANZANA ROJA", 198_000),
    weighed("PERA WILLIAMS", 176_500),
    weighed("LIMON", 134_000),
    weighed("ZAPALLO ANCO", 89_500),
    weighed("MORRON ROJO", 365_000),
    crated("LECHUGA CRIOLLA CAJON", 1_450_000),
    crated("ESPINACA JAULA", 1_200_000),
    crated("NARANJA JUGO CAJON", 1_850_000),
    crated("MANDARINA CAJON", 1_675_000),
    crated("ACELGA JAULA", 980_000),
];

/// From the oven of a neighbour.
pub const BAKERY: &[Good] = &[
    good("Prepizza chica", 1, 132_000),
    good("Prepizza grande", 1, 187_500),
    good("Pan de hamburguesa x4", 1, 154_000),
    good("Pan de pancho x6", 1, 148_500),
    good("Alfajor de maicena", 1, 65_000),
    good("Tortas negras x6", 1, 212_000),
    good("Pan dulce con frutas 500 g", 1, 543_000),
    good("Rosquitas x12", 1, 176_250),
];
