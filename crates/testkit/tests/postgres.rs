//! The private PostgreSQL cluster and its databases, against the real server. What a shop keeps in
//! a database is tested elsewhere.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::TcpStream;

use gondola_testkit::postgres::{
    Cluster, Durability, database_from_template, fresh_database, postgres_url, template_database,
};
use sqlx::{Connection as _, PgConnection};

async fn count_products(url: &str) -> i64 {
    let mut database = PgConnection::connect(url).await.unwrap();
    sqlx::query_scalar("select count(*) from product").fetch_one(&mut database).await.unwrap()
}

async fn make_products(url: &str) {
    let mut database = PgConnection::connect(url).await.unwrap();
    sqlx::query("create table product as select 1 as id").execute(&mut database).await.unwrap();
    database.close().await.unwrap();
}

#[tokio::test]
async fn two_tests_never_see_each_others_tables() {
    let Some(server) = postgres_url() else { return };
    let (one, other) = (fresh_database(server).await.unwrap(), fresh_database(server).await.unwrap());
    assert_ne!(one, other);
    make_products(&one).await;
    make_products(&other).await;
}

#[tokio::test]
async fn a_template_is_prepared_once_however_many_ask() {
    let Some(server) = postgres_url() else { return };
    let name = format!("template_{}", std::process::id());
    let prepare = async |url: String| {
        make_products(&url).await;
        Ok(())
    };
    let all = tokio::join!(
        template_database(server, &name, prepare),
        template_database(server, &name, prepare),
        template_database(server, &name, prepare),
    );
    for outcome in [all.0, all.1, all.2] {
        outcome.unwrap();
    }
    let (one, other) = tokio::join!(database_from_template(server, &name), database_from_template(server, &name));
    assert_eq!(count_products(&one.unwrap()).await, 1);
    assert_eq!(count_products(&other.unwrap()).await, 1);
}

#[tokio::test]
async fn the_cluster_sorts_by_language_and_not_by_bytes() {
    let Some(server) = postgres_url() else { return };
    let mut database = PgConnection::connect(&fresh_database(server).await.unwrap()).await.unwrap();
    let sorted: Vec<String> =
        sqlx::query_scalar("select word from (values ('b'), ('A'), ('ñ'), ('o'), ('n')) as words (word) order by word")
            .fetch_all(&mut database)
            .await
            .unwrap();
    assert_eq!(sorted, ["A", "b", "n", "ñ", "o"]);
}

#[test]
fn a_dropped_cluster_leaves_neither_server_nor_folder() {
    if postgres_url().is_none() {
        return;
    }
    for durability in [Durability::Fast, Durability::Real] {
        let cluster = Cluster::start(durability).unwrap();
        let (port, folder) = (cluster.port(), cluster.folder().to_owned());
        assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
        drop(cluster);
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
        assert!(!folder.exists());
    }
}
