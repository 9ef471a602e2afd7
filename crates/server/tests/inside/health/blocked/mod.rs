//! A fault: somebody else holds the database's write lock and does not give it back.

use gondola_store::Engine;
use gondola_store::sqlx::{self, Connection, PgConnection, SqliteConnection};
use gondola_testkit::TestShop;

/// A held lock.
pub enum Block {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Block {
    /// Takes what every write of this shop needs.
    pub async fn writes(shop: &TestShop) -> Self {
        match shop.db().engine() {
            Engine::Sqlite => {
                let mut connection = SqliteConnection::connect(shop.url()).await.unwrap();
                sqlx::query("begin immediate").execute(&mut connection).await.unwrap();
                Self::Sqlite(connection)
            }
            Engine::Postgres => {
                let mut connection = PgConnection::connect(shop.url()).await.unwrap();
                sqlx::raw_sql("begin; lock table settings in exclusive mode").execute(&mut connection).await.unwrap();
                Self::Postgres(connection)
            }
        }
    }

    /// Gives it back.
    pub async fn release(self) {
        match self {
            Self::Sqlite(connection) => connection.close().await.unwrap(),
            Self::Postgres(connection) => connection.close().await.unwrap(),
        }
    }
}
