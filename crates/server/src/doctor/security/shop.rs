//! What the shop's database tells about how well it is guarded: how passwords are hashed, whether protected columns
//! are sealed, whether the trail is as it was written. The book and the schema are in the other `shop`.

use std::path::Path;

use anyhow::Context as _;
use gondola_shop::PROTECTED;
use gondola_shop::inventory::{Kept, inventory};
use gondola_shop::people::{Password, console::weakly_hashed};
use gondola_store::audit::{Anchor, AuditReport};
use gondola_store::schema::Schema;
use gondola_store::{At, Db, take_time};

use super::Faults;
use crate::anchors::{known_anchors, verify};
use crate::doctor::{Diagnosis, State};

/// How old the last anchor may be where the trail goes on behind it: it is made every night.
const ANCHOR_AGE_MAX: At = 48 * 3_600 * 1_000_000;
/// Names that are told at most.
const NAMED_MAX: usize = 5;
/// One character short, one that everybody tries, and one that is fine.
const TOO_SHORT: &str = "yerba suave";
const TOO_COMMON: &str = "contraseña2026";
const FINE: &str = "yerba con cascarita";

/// The three checks, in their order.
pub async fn examine(db: &Db, anchors: Option<&Path>) -> [Diagnosis; 3] {
    let or_failed =
        |check, found: anyhow::Result<Diagnosis>| found.unwrap_or_else(|error| Diagnosis::failed(check, &error));
    [
        or_failed("password_policy", password_policy(db).await),
        or_failed("at_rest", at_rest(db).await),
        or_failed("audit", audit(db, anchors).await),
    ]
}

/// USR-1.
async fn password_policy(db: &Db) -> anyhow::Result<Diagnosis> {
    let mut faults = Faults::default();
    let refuses = |password: &str| Password::choose(password, "").is_err();
    if !refuses(TOO_SHORT) || !refuses(TOO_COMMON) || refuses(FINE) {
        faults.add(
            State::Critical,
            "este programa acepta contraseñas que cualquiera prueba: usá el que se publicó",
            "this program takes passwords that anybody tries: use the one that was released",
        );
    }
    let weak = weakly_hashed(db).await.context("read how passwords are hashed")?;
    if !weak.is_empty() {
        let (count, names) = (weak.len(), some_of(&weak));
        faults.add(
            State::Critical,
            format!("{count} contraseñas guardadas con menos de lo que va hoy: {names}"),
            format!("{count} passwords kept with less than today's: {names}"),
        );
    }
    let well = ("12 caracteres, ninguna común, Argon2id", "12 characters, none that is common, Argon2id");
    Ok(faults.into_diagnosis(
        "password_policy",
        well,
        [
            "Que entren una vez, o dales otra contraseña: gondola user password NOMBRE.",
            "Have them log in once, or give them another password: gondola user password NAME.",
        ],
    ))
}

/// ENC-15, ENC-6, ENC-7.
async fn at_rest(db: &Db) -> anyhow::Result<Diagnosis> {
    let mut faults = Faults::default();
    let columns = {
        let mut rx = db.read().await?;
        inventory(&Schema::read(&mut rx.as_tx()).await.context("read the schema")?)
    };
    let open = columns.iter().filter(|entry| entry.kept == Kept::Unprotected);
    let open: Vec<String> = open.map(|entry| format!("{}.{}", entry.table, entry.column)).collect();
    if !open.is_empty() {
        let names = some_of(&open);
        faults.add(State::Critical, format!("columnas sin proteger: {names}"), format!("unprotected columns: {names}"));
    }
    for (name, values) in db.values_without_key(PROTECTED).await.context("look at sealed values")? {
        let (table, column) = (name.table, name.column);
        faults.add(
            State::Critical,
            format!("{table}.{column}: {values} valores que ninguna clave en uso abre, o sin sellar"),
            format!("{table}.{column}: {values} values that no key in use opens, or that are not sealed"),
        );
    }
    let well = ("lo protegido está sellado", "what is protected is sealed");
    Ok(faults.into_diagnosis("at_rest", well, [
        "Mirá cuáles: gondola encryption inventory. Si alguien las agregó, sacalas; lo que no abre, de la última copia.",
        "See which: gondola encryption inventory. If somebody added them, take them out; what does not open, from the last backup.",
    ]))
}

/// AUD-2, AUD-7.
async fn audit(db: &Db, folder: Option<&Path>) -> anyhow::Result<Diagnosis> {
    let mut faults = Faults::default();
    let known = known_anchors(db, folder).await.context("read the anchors")?;
    let trail = verify(db, &[], &known).await.context("walk the trail")?;
    let accesses = {
        let mut rx = db.read().await?;
        let mut tx = rx.as_tx();
        take_time(&mut tx).await?;
        gondola_store::protect::verify(&mut tx).await.context("walk the log of accesses")?
    };
    for (es, en, report) in [("el registro", "the trail", &trail), ("los accesos", "the accesses", &accesses)] {
        if let Some(fault) = report.faults.first() {
            let at = fault.position;
            faults.add(State::Critical, format!("alguien tocó {es} en {at}"), format!("somebody touched {en} at {at}"));
        }
    }
    anchored(&trail, &known, db.now(), &mut faults);
    let missing = db.missing_triggers().await.context("list the triggers")?;
    if !missing.is_empty() {
        let names = some_of(&missing);
        faults.add(
            State::Critical,
            format!("faltan resguardos de la base: {names}"),
            format!("guards of the database are gone: {names}"),
        );
    }
    let entries = trail.entries;
    let (es, en) = (format!("{entries} asientos, nadie los tocó"), format!("{entries} entries, nobody touched them"));
    Ok(faults.into_diagnosis("audit", (&es, &en), [
        "Mirá dónde: gondola audit verify. Firmá la punta: gondola audit anchor. Los resguardos vuelven con la última copia.",
        "See where: gondola audit verify. Sign its end: gondola audit anchor. Guards come back with the last backup.",
    ]))
}

/// Whether the end of the trail was signed lately. A trail where nothing happened since needs no newer anchor.
fn anchored(trail: &AuditReport, known: &[Anchor], now: At, faults: &mut Faults) {
    let Some(last) = known.iter().max_by_key(|anchor| (anchor.head.position, anchor.at)) else {
        if trail.entries > 0 {
            let (es, en) = ("la punta del registro no se firmó nunca", "the end of the trail was never signed");
            faults.add(State::Warn, es, en);
        }
        return;
    };
    if last.head != trail.head && now - last.at > ANCHOR_AGE_MAX {
        let days = (now - last.at) / (24 * 3_600 * 1_000_000);
        faults.add(
            State::Warn,
            format!("la última ancla es de hace {days} días"),
            format!("the last anchor is {days} days old"),
        );
    }
}

fn some_of(names: &[String]) -> String {
    let more = if names.len() > NAMED_MAX { ", …" } else { "" };
    let shown: Vec<&str> = names.iter().take(NAMED_MAX).map(String::as_str).collect();
    shown.join(", ") + more
}
