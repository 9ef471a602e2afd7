//! The product: one directory per feature, and its tables of contents. What the product serves,
//! and which statements it runs, is listed here and nowhere else.

#![allow(clippy::cmp_owned, reason = "templates compare with texts their compiler has made owned")]

pub mod accesses;
pub mod assistant;
pub mod audit;
pub mod catalogue;
pub mod counts;
pub mod demo;
pub mod home;
pub mod imports;
pub mod inflation;
pub mod inventory;
pub mod invoices;
pub mod kernel;
pub mod labels;
pub mod markups;
pub mod notebook;
pub mod payables;
pub mod people;
pub mod prices;
pub mod purchasing;
pub mod repricings;
pub mod reservations;
pub mod sale_lists;
pub mod scorecards;
pub mod stock;
pub mod supplier_lists;
pub mod suppliers;
pub mod transfers;

use axum::Router;
use gondola_store::protect::ColumnName;
use gondola_store::{Permission, Sql};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{Components, Info, License, OpenApi, OpenApiBuilder, RefOr, Schema};

use kernel::words::Word;
use kernel::{Access, App, Endpoint, Export, Face, Faces, OpClass, Place};

/// A feature: where it is served and its routes.
pub struct Feature {
    /// The directory's name.
    pub name: &'static str,
    /// The faces that offer it.
    pub faces: Faces,
    /// Its routes with their declarations.
    pub endpoints: fn() -> Vec<Endpoint>,
}

/// Every feature that serves routes.
pub const FEATURES: &[Feature] = &[
    Feature { name: "home", faces: Faces::Dashboard, endpoints: home::endpoints },
    Feature { name: "catalogue", faces: Faces::All, endpoints: catalogue::endpoints },
    Feature { name: "stock", faces: Faces::Deposito, endpoints: stock::endpoints },
    Feature { name: "imports", faces: Faces::Dashboard, endpoints: imports::endpoints },
    Feature { name: "reservations", faces: Faces::Deposito, endpoints: reservations::endpoints },
    Feature { name: "people", faces: Faces::Dashboard, endpoints: people::endpoints },
    Feature { name: "transfers", faces: Faces::Deposito, endpoints: transfers::endpoints },
    Feature { name: "audit", faces: Faces::Dashboard, endpoints: audit::endpoints },
    Feature { name: "accesses", faces: Faces::Dashboard, endpoints: accesses::endpoints },
    Feature { name: "counts", faces: Faces::Deposito, endpoints: counts::endpoints },
    Feature { name: "payables", faces: Faces::Negocio, endpoints: payables::endpoints },
    Feature { name: "invoices", faces: Faces::Negocio, endpoints: invoices::endpoints },
    Feature { name: "prices", faces: Faces::Negocio, endpoints: prices::endpoints },
    Feature { name: "repricings", faces: Faces::Negocio, endpoints: repricings::endpoints },
    Feature { name: "markups", faces: Faces::Negocio, endpoints: markups::endpoints },
    Feature { name: "sale_lists", faces: Faces::Negocio, endpoints: sale_lists::endpoints },
    Feature { name: "inflation", faces: Faces::Negocio, endpoints: inflation::endpoints },
    Feature { name: "labels", faces: Faces::Negocio, endpoints: labels::endpoints },
    Feature { name: "supplier_lists", faces: Faces::Negocio, endpoints: supplier_lists::endpoints },
    Feature { name: "scorecards", faces: Faces::Negocio, endpoints: scorecards::endpoints },
    Feature { name: "suppliers", faces: Faces::Negocio, endpoints: suppliers::endpoints },
    Feature { name: "notebook", faces: Faces::Negocio, endpoints: notebook::endpoints },
    Feature { name: "assistant", faces: Faces::Negocio, endpoints: assistant::endpoints },
    Feature { name: "purchasing", faces: Faces::Negocio, endpoints: purchasing::endpoints },
];

/// The places of the navigation, in their order.
pub const PLACES: &[Place] = &[
    Place { path: "/", key: "home.place", icon: "home", access: Access::Needs(Permission::ReadStock) },
    Place {
        path: "/products",
        key: "product.list_title",
        icon: "products",
        access: Access::Needs(Permission::ReadStock),
    },
    Place {
        path: "/stock/movements/new",
        key: "stock.record_short",
        icon: "movement",
        access: Access::NeedsOneOf(stock::MOVES),
    },
    Place { path: "/stock", key: "stock.title", icon: "stock", access: Access::Needs(Permission::ReadStock) },
    Place { path: "/decir", key: "assistant.title", icon: "check", access: Access::Needs(Permission::WriteNotebook) },
    Place { path: "/notebook", key: "notebook.title", icon: "edit", access: Access::Needs(Permission::ReadStock) },
    Place {
        path: "/purchase-orders",
        key: "order.title",
        icon: "supplier",
        access: Access::Needs(Permission::ReadPurchases),
    },
    Place { path: "/transfers", key: "transfer.title", icon: "transfer", access: Access::Needs(Permission::ReadStock) },
    Place {
        path: "/reservations",
        key: "reservation.title",
        icon: "clock",
        access: Access::Needs(Permission::ReadStock),
    },
    Place { path: "/counts", key: "count.title", icon: "count", access: Access::Needs(Permission::ReadStock) },
    Place {
        path: "/suppliers",
        key: "supplier.title",
        icon: "supplier",
        access: Access::Needs(Permission::ReadSuppliers),
    },
    Place {
        path: "/invoices",
        key: "invoice.title",
        icon: "file",
        access: Access::NeedsOneOf(&[Permission::ReadCost, Permission::LoadInvoices]),
    },
    Place { path: "/prices", key: "price.title", icon: "price", access: Access::Needs(Permission::ReadCost) },
    Place { path: "/labels", key: "label.title", icon: "print", access: Access::Needs(Permission::ReadCatalogue) },
    Place { path: "/imports", key: "import.title", icon: "import", access: Access::Needs(Permission::Import) },
    Place { path: "/people", key: "people.title", icon: "users", access: Access::Needs(Permission::ManagePeople) },
    Place { path: "/keys", key: "api_key.title", icon: "key", access: Access::Needs(Permission::ManageKeys) },
    Place { path: "/audit", key: "audit.title", icon: "info", access: Access::Needs(Permission::ReadAudit) },
    Place { path: "/account", key: "account.title", icon: "user", access: Access::Needs(Permission::OwnSession) },
];

/// Pages that are no place of their own, and the place that leads to them.
const BELONGING: &[(&str, &str)] = &[
    ("/goods-receipts", "/purchase-orders"),
    ("/inflation", "/prices"),
    ("/markups", "/prices"),
    ("/price-lists", "/suppliers"),
    ("/repricings", "/prices"),
    ("/sale-lists", "/prices"),
    ("/supplier-accounts", "/suppliers"),
    ("/supplier-claims", "/invoices"),
    ("/supplier-costs", "/suppliers"),
    ("/supplier-scorecards", "/suppliers"),
];

/// Every protected column. A rotation seals them again.
pub const PROTECTED: &[ColumnName] = &[
    catalogue::ACQUISITION_COST.name,
    people::EMAIL.name,
    people::PHONE.name,
    people::TOTP_SECRET.name,
    people::TOTP_PENDING.name,
    imports::KEPT_FILE,
    imports::BAD_ROW,
    imports::BEFORE.name,
    suppliers::TAX_ID.name,
    suppliers::CONTACT_NAME.name,
    suppliers::EMAIL.name,
    suppliers::PHONE.name,
    suppliers::ADDRESS.name,
    invoices::ORIGINAL.name,
    invoices::WORDS.name,
    invoices::PICTURE.name,
    supplier_lists::CELLS.name,
];

/// The texts of the interface, by feature.
pub const WORDS: &[&[Word]] = &[
    kernel::words::WORDS,
    kernel::docs_page::WORDS,
    people::words::WORDS,
    home::words::WORDS,
    catalogue::words::WORDS,
    imports::words::WORDS,
    stock::words::WORDS,
    transfers::words::WORDS,
    counts::words::WORDS,
    reservations::words::WORDS,
    suppliers::words::WORDS,
    payables::words::WORDS,
    scorecards::words::WORDS,
    invoices::words::WORDS,
    prices::words::WORDS,
    repricings::words::WORDS,
    inflation::words::WORDS,
    markups::words::WORDS,
    sale_lists::words::WORDS,
    supplier_lists::words::WORDS,
    labels::words::WORDS,
    notebook::words::WORDS,
    assistant::words::WORDS,
    purchasing::words::WORDS,
    audit::words::WORDS,
    accesses::words::WORDS,
];

/// Every statement of the product, by feature, for the registry test.
pub fn statements() -> Vec<Sql> {
    let lists: &[&[Sql]] = &[
        &gondola_store::statements(),
        catalogue::sql::ALL,
        people::sql::ALL,
        stock::sql::ALL,
        demo::sql::ALL,
        imports::sql::ALL,
        reservations::sql::ALL,
        suppliers::sql::ALL,
        payables::sql::ALL,
        scorecards::sql::ALL,
        invoices::sql::ALL,
        prices::sql::ALL,
        repricings::sql::ALL,
        inflation::sql::ALL,
        markups::sql::ALL,
        sale_lists::sql::ALL,
        supplier_lists::sql::ALL,
        labels::sql::ALL,
        transfers::sql::ALL,
        counts::sql::ALL,
        notebook::sql::ALL,
        assistant::sql::ALL,
        purchasing::sql::ALL,
        audit::sql::ALL,
        accesses::sql::ALL,
    ];
    lists.concat()
}

/// Every list that goes out as a file.
pub fn exports() -> Vec<Export> {
    let endpoints = FEATURES.iter().flat_map(|feature| (feature.endpoints)());
    endpoints.filter_map(|endpoint| endpoint.export).collect()
}

/// The routes of one face, each behind its access check, without the outer layers.
pub fn router(face: Face) -> Router<App> {
    let features = FEATURES.iter().filter(|feature| feature.faces.include(face));
    let endpoints = features.flat_map(|feature| (feature.endpoints)());
    // Pages are for people, who come in by the dashboard; the agents serve programs.
    let served = endpoints.filter(|endpoint| face == Face::Dashboard || endpoint.class != OpClass::Page);
    served.fold(Router::new(), |router, endpoint| endpoint.mount(router))
}

/// The OpenAPI 3.1 document of one face, made from the handlers themselves.
pub fn openapi(face: Face) -> OpenApi {
    let mut document = OpenApiBuilder::new().info(info()).components(Some(Components::new())).build();
    for feature in FEATURES.iter().filter(|feature| feature.faces.include(face)) {
        for (schemas, paths) in (feature.endpoints)().into_iter().filter_map(|endpoint| endpoint.docs) {
            document.paths.merge(paths);
            document.components.get_or_insert_default().schemas.extend(schemas);
        }
    }
    document.components.get_or_insert_default().schemas.extend(kinds());
    kernel::docs::complete(&mut document);
    document
}

/// The kinds of value that parameters refer to.
fn kinds() -> impl Iterator<Item = (String, RefOr<Schema>)> {
    let features = [
        kernel::scalars::schemas(),
        catalogue::schemas(),
        stock::schemas(),
        counts::schemas(),
        transfers::schemas(),
        reservations::schemas(),
        notebook::schemas(),
        assistant::schemas(),
        purchasing::schemas(),
        people::schemas(),
        suppliers::schemas(),
        payables::schemas(),
        invoices::schemas(),
        prices::schemas(),
        repricings::schemas(),
        inflation::schemas(),
        markups::schemas(),
        sale_lists::schemas(),
        supplier_lists::schemas(),
        labels::schemas(),
        audit::schemas(),
    ];
    features.into_iter().flatten()
}

fn info() -> Info {
    let mut info = Info::new("Góndola", env!("CARGO_PKG_VERSION"));
    info.description = Some("A shop's catalogue, stock and prices. See docs/API.md.".to_owned());
    info.license = Some(License::new("Apache-2.0"));
    info
}

/// How programs authenticate: the `X-API-Key` header.
pub(crate) fn api_key_scheme() -> SecurityScheme {
    SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("X-API-Key")))
}
