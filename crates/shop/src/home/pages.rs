//! The home page. What it counts and lists is decided by the stock feature.

use askama::Template;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use axum::routing::get;
use gondola_ledger::Level;
use gondola_store::Permission;

use crate::kernel::numbers::{show_count, show_money};
use crate::kernel::page::show;
use crate::kernel::time::day_start;
use crate::kernel::{Access, App, Caller, Chrome, Endpoint, LimitGroup, Link, Problem, Reader};
use crate::stock::{self, CategoryStanding, MovementRow, ProductRow};
use crate::{counts, invoices, labels, prices, reservations, transfers};

/// Products that need care shown at once.
const URGENT_MAX: i64 = 10;
/// Movements of today shown at once.
const MOVEMENTS_MAX: i64 = 20;

/// The page's route.
pub fn endpoints() -> Vec<Endpoint> {
    let read = Access::Needs(Permission::ReadStock);
    vec![Endpoint::page(Method::GET, "/", get(home), read, LimitGroup::General)]
}

/// How many products stand at a level.
struct Tile {
    level: &'static str,
    count: i64,
    share: Segment,
}

/// A level's part of the shelf, in products.
struct Segment {
    from: i64,
    width: i64,
}

/// A thing people do often.
struct QuickAction {
    href: &'static str,
    key: &'static str,
    icon: &'static str,
    access: Permission,
}

/// Something that waits for somebody: where it is, what it is, how much.
struct Waiting {
    href: &'static str,
    key: &'static str,
    icon: &'static str,
    count: String,
}

const QUICK: [QuickAction; 6] = [
    QuickAction {
        href: "/stock/movements/new?kind=receipt",
        key: "what.receipt",
        icon: "plus",
        access: Permission::Receive,
    },
    QuickAction {
        href: "/stock/movements/new?kind=waste",
        key: "what.waste",
        icon: "minus",
        access: Permission::Waste,
    },
    QuickAction {
        href: "/stock/movements/new?kind=transfer",
        key: "what.transfer",
        icon: "transfer",
        access: Permission::MoveStock,
    },
    QuickAction { href: "/stock/movements/new?kind=sale", key: "what.sale", icon: "price", access: Permission::Sell },
    QuickAction { href: "/transfers/restock", key: "restock.place", icon: "products", access: Permission::ReadStock },
    QuickAction { href: "/stock/lots?within=7", key: "home.expiring", icon: "clock", access: Permission::ReadStock },
];

impl Tile {
    /// The level's icon.
    fn icon(&self) -> String {
        format!("level-{}", self.level)
    }

    /// The key of the level's name.
    fn word(&self) -> String {
        format!("level.{}", self.level)
    }

    /// The key of what the level means.
    fn note(&self) -> String {
        format!("home.note_{}", self.level)
    }

    fn shown(&self) -> String {
        show_count(self.count)
    }
}

/// A category of which too much is low.
struct CriticalCategory {
    href: String,
    name: String,
    /// How many of its products are low or worse.
    short: String,
}

impl CriticalCategory {
    fn of(chrome: &Chrome, standing: &CategoryStanding) -> Self {
        Self {
            href: Link::to("/products").with("category", &standing.code).with("low", "yes").href(),
            name: standing.name.clone(),
            short: chrome.tv("home.critical_short", show_count(standing.short)),
        }
    }
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    chrome: &'a Chrome,
    tiles: Vec<Tile>,
    total: i64,
    value: Option<String>,
    quick: Vec<&'static QuickAction>,
    waiting: Vec<Waiting>,
    critical: Vec<CriticalCategory>,
    urgent: Vec<ProductRow>,
    movements: Vec<MovementRow>,
    may_say: bool,
}

impl HomePage<'_> {
    fn shown_total(&self) -> String {
        show_count(self.total)
    }
}

/// `GET /`.
async fn home(State(app): State<App>, chrome: Chrome, Caller(actor): Caller) -> Result<Response, Problem> {
    let chrome = chrome.titled("home.title");
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let worth = reader.sees_cost() && reader.location().is_none();
    let counts = stock::level_counts(&mut reader).await?;
    let urgent = stock::urgent(&mut reader, URGENT_MAX).await?;
    let categories = stock::category_standings(&mut reader.tx()).await?;
    let midnight = day_start(app.db.day_of(app.db.now()), &app.zone);
    let page = HomePage {
        total: counts.iter().map(|(_, count)| count).sum(),
        tiles: tiles(&counts),
        value: if worth { Some(show_money(stock::stock_value(&mut reader).await?)) } else { None },
        waiting: waiting(&app, &chrome, &mut reader).await?,
        quick: QUICK.iter().filter(|action| chrome.may(action.access)).collect(),
        critical: categories
            .iter()
            .filter(|standing| standing.is_critical())
            .map(|standing| CriticalCategory::of(&chrome, standing))
            .collect(),
        urgent: urgent.iter().map(|standing| ProductRow::of(&chrome, standing)).collect(),
        movements: stock::latest(&app, &chrome, &mut reader, midnight, MOVEMENTS_MAX).await?,
        may_say: chrome.may(Permission::WriteNotebook),
        chrome: &chrome,
    };
    show(&chrome, &page)
}

/// What waits for whoever looks, what is wrong first.
async fn waiting(app: &App, chrome: &Chrome, reader: &mut Reader) -> Result<Vec<Waiting>, Problem> {
    let mut all = Vec::new();
    if reader.sees_cost() {
        all.extend(priced(app, reader).await?);
    }
    if chrome.may(Permission::ReadCatalogue) {
        let late = labels::late(&mut reader.tx(), app.db.now()).await?;
        all.push(("/labels", "home.labels_late", "print", late));
    }
    if chrome.may(Permission::EditInvoices) {
        all.push(("/invoices?state=extracted", "home.invoices_to_check", "file", invoices::to_check(reader).await?));
    }
    all.push(("/transfers", "home.on_the_road", "transfer", transfers::on_the_road(reader).await?));
    all.push(("/counts", "home.open_counts", "count", counts::open_counts(reader).await?));
    all.push(("/reservations", "home.kept", "clock", reservations::kept(reader).await?));
    let some = all.into_iter().filter(|(.., count)| *count > 0);
    Ok(some.map(|(href, key, icon, count)| Waiting { href, key, icon, count: show_count(count) }).collect())
}

/// Where something that waits is, what it is, its icon, and how much.
type Found = (&'static str, &'static str, &'static str, i64);

/// Prices that somebody should look at: for whoever sees costs.
async fn priced(app: &App, reader: &mut Reader) -> Result<[Found; 3], Problem> {
    let now = app.db.now();
    let status = prices::status_on(&mut reader.tx(), app.db.day_of(now)).await?;
    let today = prices::Today { status, now, stale_after: app.stale_after };
    let prices::Warnings { losing, stale } = prices::warnings(reader, &today).await?;
    Ok([
        ("/prices?only=loss_risk", "home.losing", "alert", losing),
        ("/prices?only=notable", "home.costs_moved", "price", prices::notable_changes(reader).await?),
        ("/prices?only=stale", "home.stale", "clock", stale),
    ])
}

/// The levels in their order, worst first; the ones that are rare show only when there are some.
fn tiles(counts: &[(String, i64)]) -> Vec<Tile> {
    let mut from = 0;
    let mut tiles = Vec::new();
    for level in Level::ALL.map(Level::code) {
        let count = counts.iter().find(|(code, _)| code == level).map_or(0, |(_, count)| *count);
        if count > 0 || level != Level::Negative.code() {
            tiles.push(Tile { level, count, share: Segment { from, width: count } });
        }
        from += count;
    }
    tiles
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;
    use crate::kernel::html::assert_sound;
    use gondola_store::Role;

    #[test]
    fn the_home_page_is_sound_full_and_empty() {
        for (lang, full) in [(Lang::Es, true), (Lang::En, true), (Lang::Es, false)] {
            let chrome = Chrome::sample(lang, Some(Role::Admin), "/");
            let standing = CategoryStanding { code: "LAC".into(), name: "Lácteos".into(), products: 20, short: 5 };
            let counts = [("low".to_owned(), 3), ("normal".to_owned(), 2_001)];
            let page = HomePage {
                chrome: &chrome,
                tiles: tiles(if full { &counts } else { &[] }),
                total: if full { 2_004 } else { 0 },
                value: full.then(|| "$ 1,00".to_owned()),
                quick: QUICK.iter().collect(),
                waiting: if full {
                    vec![Waiting { href: "/counts", key: "home.kept", icon: "count", count: "2".to_owned() }]
                } else {
                    Vec::new()
                },
                critical: if full { vec![CriticalCategory::of(&chrome, &standing)] } else { Vec::new() },
                urgent: if full { vec![ProductRow::sample()] } else { Vec::new() },
                movements: if full { vec![MovementRow::sample(None, None)] } else { Vec::new() },
                may_say: full,
            };
            assert_sound("home", &page.render().expect("the page renders"));
        }
    }

    #[test]
    fn every_level_but_the_impossible_one_has_a_tile_and_its_part_of_the_shelf() {
        let tiles = tiles(&[("low".to_owned(), 3), ("normal".to_owned(), 7)]);
        assert_eq!(tiles.len(), 6);
        let normal = tiles.iter().find(|tile| tile.level == "normal").expect("a tile per level");
        assert_eq!((normal.share.from, normal.share.width), (3, 7));
    }
}
