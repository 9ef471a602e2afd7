//! Who an order is from: the shop's name, as it stands above the text that a supplier gets.

use gondola_store::settings::{self, PutSetting};
use gondola_store::{Actor, Db, Fail, StoreError, Tx};

const NAME: &str = "shop.name";

/// The shop's name, if it has one.
pub(super) async fn shop_name(tx: &mut Tx<'_>) -> Result<Option<String>, StoreError> {
    Ok(settings::find(tx, NAME).await?.filter(|name| !name.is_empty()))
}

/// Gives the shop the name that its settings say, or none. Texts of orders that were sent keep the name of their day.
///
/// # Errors
/// As [`Db::execute`].
pub async fn name_shop(db: &Db, name: Option<&str>) -> Result<(), Fail<std::convert::Infallible>> {
    let now = {
        let mut reader = db.read().await?;
        shop_name(&mut reader.as_tx()).await?
    };
    if now.as_deref() == name {
        return Ok(());
    }
    let put = PutSetting { key: NAME, value: name.unwrap_or_default().to_owned() };
    db.execute(&Actor::system("start"), None, put).await.map(drop)
}
