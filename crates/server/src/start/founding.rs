//! A new shop gets its places, categories and units once: the setting says that a first start got that far. Its name
//! is what the settings of whoever serves say.

use anyhow::Context as _;
use gondola_store::settings::{self, PutSetting};
use gondola_store::{Actor, Db};

use crate::config::ShopName;

const FOUNDED: &str = "shop.founded";

/// Founds the shop unless a start before did. Founding is the same twice.
///
/// # Errors
/// When the database fails; the next start begins again.
pub async fn found_once(db: &Db) -> anyhow::Result<()> {
    let mut rx = db.read().await?;
    let founded = settings::find(&mut rx.as_tx(), FOUNDED).await?;
    drop(rx);
    if founded.is_some() {
        return Ok(());
    }
    gondola_shop::catalogue::found_shop(db).await.context("found the shop")?;
    let put = PutSetting { key: FOUNDED, value: "1".to_owned() };
    db.execute(&Actor::system("start"), None, put).await.map_err(|fail| anyhow::anyhow!("remember it: {fail:?}"))?;
    Ok(())
}

/// Calls the shop what the settings call it. Who serves says so, and no other command: those may be run where the
/// setting is not there.
///
/// # Errors
/// When the database fails.
pub async fn name_shop(db: &Db, name: Option<&ShopName>) -> anyhow::Result<()> {
    let name = name.map(|name| name.0.as_str());
    gondola_shop::purchasing::name_shop(db, name).await.map_err(|fail| anyhow::anyhow!("name the shop: {fail:?}"))
}
