//! `gondola audit`: is the trail as it was written, and a copy of it that proves so without the shop.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use gondola_shop::audit::{Period, Report, report};
use gondola_shop::kernel::Text;
use gondola_shop::kernel::time::format_instant;
use gondola_store::audit::{self, Anchor, AuditFault, AuditHead, AuditReport, EntryRow, FaultKind, Walk};
use gondola_store::{Db, StoreError};
use gondola_vault::hex;
use serde_json::{Value, json};

use super::console::Console;
use super::{Exit, Global};
use crate::anchors::{self, Anchored};
use crate::start::{self, StartError};

/// Verify the audit trail, or write it to a file that verifies without the shop
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gondola audit verify\n  gondola audit verify --head 1200:9c1f…\n  \
                        gondola audit anchor --print\n  gondola audit report --period 7d\n  \
                        gondola audit export trail.jsonl\n  gondola audit verify --file trail.jsonl --anchor anchor.txt")]
pub struct Audit {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Walk the chain; exit 0 when nobody touched it, 1 with the places where somebody did
    Verify {
        /// A trail that was exported, instead of the shop's
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// The end of the chain as an earlier verification told it: it must still be there
        #[arg(long = "head", value_name = "PLACE:HASH")]
        heads: Vec<String>,
        /// A file with an anchor: it must be signed, by this shop where there is one, and still be there
        #[arg(long = "anchor", value_name = "FILE")]
        anchors: Vec<PathBuf>,
    },
    /// Verify the trail, then sign the end of its chain and keep it: in the shop, in audit.anchors_dir, on paper
    Anchor {
        /// Print the anchor as a short text for a receipt
        #[arg(long)]
        print: bool,
    },
    /// The figures of an hour, a day, a week or a month: how much, what failed, who, what was detected
    Report {
        /// 1h, 24h, 7d or 30d, until now
        #[arg(long, default_value = "24h", value_parser = ["1h", "24h", "7d", "30d"])]
        period: String,
    },
    /// Write every sealed entry to a file, one JSON document a line
    Export {
        /// The file, which must not exist
        file: PathBuf,
    },
}

impl Audit {
    /// Runs the command.
    pub async fn run(self, global: &Global, console: &Console) -> Result<Exit, StartError> {
        match self.what {
            What::Verify { file, heads, anchors } => verify(global, console, file, &heads, &anchors).await,
            What::Anchor { print } => anchor(global, console, print).await,
            What::Report { period } => {
                let period = Period::from_code(&period).context("the parser takes periods only")?;
                let db = open(global).await?;
                let figures = figures(&db, period).await;
                db.close().await;
                let facts = serde_json::to_value(figures.context("read the trail")?).context("write the report")?;
                console.answer(&facts, &in_words(&facts, console));
                Ok(Exit::Done)
            }
            What::Export { file } => {
                let db = open(global).await?;
                let written = export(&db, &file).await;
                db.close().await;
                let entries = written?;
                let words = format!("{}: {entries}", console.pick("Asientos", "Entries"));
                console.answer(&json!({"entries": entries, "file": file}), &words);
                Ok(Exit::Done)
            }
        }
    }
}

async fn open(global: &Global) -> Result<Db, StartError> {
    let settings = global.load()?.settings;
    start::open_existing(&settings, global.data_dir()).await
}

async fn figures(db: &Db, period: Period) -> Result<Report, StoreError> {
    let now = db.now();
    let mut rx = db.read().await?;
    let mut tx = rx.as_tx();
    gondola_store::take_time(&mut tx).await?;
    report(&mut tx, period, now, None).await
}

/// The figures a line each: what they are of, then how many.
fn in_words(facts: &Value, console: &Console) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut words = format!("{} – {}\n", text(&facts["from"]), text(&facts["to"]));
    let totals = [
        ("entries", console.pick("Asientos", "Entries")),
        ("failures", console.pick("Fallas y rechazos", "Failures and refusals")),
        ("actors", console.pick("Quiénes", "Who")),
        ("rows_read", console.pick("Filas que salieron", "Rows that went out")),
    ];
    for (name, title) in totals {
        words.push_str(&format!("{title}: {}\n", facts["totals"][name]));
    }
    let lists = [
        ("detections", ["detector", "severity", "found"], console.pick("Señales de alarma", "Detections")),
        ("failures", ["event", "reason", "times"], console.pick("Fallas y rechazos", "Failures and refusals")),
        ("actors", ["actor", "user", "entries"], console.pick("Quiénes", "Who")),
        ("events", ["event", "", "entries"], console.pick("Lo que más pasó", "What happened most")),
    ];
    for (list, [what, more, count], title) in lists {
        let lines = facts[list].as_array().into_iter().flatten();
        let line = |line: &Value| format!("  {} {}: {}\n", text(&line[what]), text(&line[more]), line[count]);
        let lines: String = lines.map(line).collect();
        if !lines.is_empty() {
            words.push_str(&format!("{title}\n{lines}"));
        }
    }
    words
}

async fn verify(
    global: &Global,
    console: &Console,
    file: Option<PathBuf>,
    heads: &[String],
    files: &[PathBuf],
) -> Result<Exit, StartError> {
    let Some(mut known) = heads.iter().map(|text| text.parse().ok()).collect::<Option<Vec<AuditHead>>>() else {
        let es = "--head va como PUESTO:HUELLA, tal como lo dijo una verificación.";
        console.refusal("bad_head", &Text::new(es, "--head is PLACE:HASH, as a verification told it."));
        return Ok(Exit::Wrong);
    };
    let anchors = match files.iter().map(|file| anchors::read_file(file)).collect::<anyhow::Result<Vec<Anchor>>>() {
        Ok(anchors) => anchors,
        Err(error) => {
            let (es, en) = (format!("No es un ancla: {error:#}."), format!("That is no anchor: {error:#}."));
            console.refusal("bad_anchor", &Text::new(es, en));
            return Ok(Exit::Wrong);
        }
    };
    let (report, accesses) = match file {
        Some(file) => {
            known.extend(anchors.iter().map(|anchor| anchor.head));
            let mut report = of_file(&file, &known)?;
            let unsigned = anchors.iter().filter(|anchor| !anchor.is_signed());
            report.faults.extend(unsigned.map(anchors::forged));
            (report, None)
        }
        None => {
            let settings = global.load()?.settings;
            let db = start::open_existing(&settings, global.data_dir()).await?;
            let report = of_shop(&db, &known, anchors.clone(), settings.audit_anchors_dir.as_deref()).await;
            let accesses = of_accesses(&db).await;
            db.close().await;
            (report?, Some(accesses.context("walk the log of accesses")?))
        }
    };
    tell(&report, accesses.as_ref(), &anchors, console);
    let sound = report.faults.is_empty() && accesses.is_none_or(|accesses| accesses.faults.is_empty());
    Ok(if sound { Exit::Done } else { Exit::Attention })
}

/// The chain of accesses to protected data.
async fn of_accesses(db: &Db) -> Result<AuditReport, StoreError> {
    let mut rx = db.read().await?;
    let mut tx = rx.as_tx();
    gondola_store::take_time(&mut tx).await?;
    gondola_store::protect::verify(&mut tx).await
}

/// The shop's chain against what was given and the last anchors that were kept.
async fn of_shop(
    db: &Db,
    heads: &[AuditHead],
    mut anchors: Vec<Anchor>,
    folder: Option<&Path>,
) -> anyhow::Result<AuditReport> {
    anchors.extend(anchors::known_anchors(db, folder).await?);
    anchors::verify(db, heads, &anchors).await
}

async fn anchor(global: &Global, console: &Console, print: bool) -> Result<Exit, StartError> {
    let settings = global.load()?.settings;
    let db = start::open_existing(&settings, global.data_dir()).await?;
    let done = anchors::verify_and_anchor(&db, settings.audit_anchors_dir.as_deref()).await;
    db.close().await;
    let Anchored { report, anchor } = done?;
    let Some(anchor) = anchor else {
        tell(&report, None, &[], console);
        return Ok(Exit::Attention);
    };
    let text = anchors::write(&anchor);
    let words = format!(
        "{}: {}\n{}: {}\n",
        console.pick("Ancla", "Anchor"),
        anchor.head,
        console.pick("Código de control", "Check code"),
        anchors::check_code(&anchor)
    );
    let facts = json!({
        "position": anchor.head.position, "hash": hex(&anchor.head.hash), "at": format_instant(anchor.at),
        "key": hex(&anchor.key), "signature": hex(&anchor.signature), "check": anchors::check_code(&anchor), "text": text,
    });
    console.answer(&facts, if print { &text } else { &words });
    Ok(Exit::Done)
}

fn of_file(file: &Path, known: &[AuditHead]) -> anyhow::Result<AuditReport> {
    let named = || file.display().to_string();
    let mut walk = Walk::default();
    for line in BufReader::new(File::open(file).with_context(named)?).lines() {
        let row: EntryRow = serde_json::from_str(&line.with_context(named)?).with_context(named)?;
        walk.step(&row, known);
    }
    Ok(walk.finish(known))
}

async fn export(db: &Db, file: &Path) -> anyhow::Result<u64> {
    let named = || file.display().to_string();
    let mut writer = BufWriter::new(File::create_new(file).with_context(named)?);
    let mut rx = db.read().await?;
    let mut tx = rx.as_tx();
    gondola_store::take_time(&mut tx).await?;
    let (mut entries, mut failed) = (0, None);
    audit::each_sealed(&mut tx, |row| {
        entries += 1;
        if failed.is_none() {
            let line = serde_json::to_string(&row).expect("an entry is plain values");
            failed = writeln!(writer, "{line}").err();
        }
        Ok(())
    })
    .await?;
    failed.map_or(Ok(()), Err).with_context(named)?;
    writer
        .into_inner()
        .map_err(std::io::IntoInnerError::into_error)
        .and_then(|file| file.sync_all())
        .with_context(named)?;
    Ok(entries)
}

fn faults_of(report: &AuditReport) -> Vec<Value> {
    let fault = |AuditFault { position, kind }: &AuditFault| json!({"position": position, "kind": kind.code()});
    report.faults.iter().map(fault).collect()
}

fn tell(report: &AuditReport, accesses: Option<&AuditReport>, anchors: &[Anchor], console: &Console) {
    let sound = report.faults.is_empty() && accesses.is_none_or(|accesses| accesses.faults.is_empty());
    let head = report.head.to_string();
    let facts = json!({
        "ok": sound, "entries": report.entries, "waiting": report.waiting,
        "waiting_since": report.waiting_since.map(format_instant), "head": head, "faults": faults_of(report),
        "accesses": accesses.map(|accesses| json!({
            "entries": accesses.entries, "waiting": accesses.waiting, "faults": faults_of(accesses),
        })),
        "anchors": anchors.iter().map(|anchor| json!({
            "position": anchor.head.position, "at": format_instant(anchor.at), "key": hex(&anchor.key),
        })).collect::<Vec<_>>(),
    });
    let mut words = format!("{}: {}\n", console.pick("Asientos", "Entries"), report.entries);
    if report.waiting > 0 {
        let waiting = console.pick("Esperan su sello", "Waiting for their seal");
        words.push_str(&format!("{waiting}: {}\n", report.waiting));
    }
    words.push_str(&format!("{}: {head}\n", console.pick("Punta de la cadena", "Head of the chain")));
    for anchor in anchors {
        let (kept, key) = (console.pick("Ancla", "Anchor"), console.pick("clave", "key"));
        let (position, at) = (anchor.head.position, format_instant(anchor.at));
        words.push_str(&format!("{kept}: {position}, {at}, {key} {}\n", hex(&anchor.key)));
    }
    if let Some(accesses) = accesses {
        words.push_str(&format!("{}: {}\n", console.pick("Accesos anotados", "Accesses noted"), accesses.entries));
    }
    words.push_str(if sound {
        console.pick("Nadie tocó el registro.\n", "Nobody touched the trail.\n")
    } else {
        console.pick("Alguien tocó el registro:\n", "Somebody touched the trail:\n")
    });
    for AuditFault { position, kind } in report.faults.iter().chain(accesses.iter().flat_map(|log| &log.faults)) {
        let what = match kind {
            FaultKind::Edited => console.pick("cambiado", "edited"),
            FaultKind::Unlinked => console.pick("no sigue al anterior", "does not follow the one before"),
            FaultKind::Misplaced => console.pick("falta o sobra", "missing or there twice"),
            FaultKind::CutOff => console.pick("cortado", "cut off"),
            FaultKind::Forged => console.pick("el ancla no es de este negocio", "the anchor is not this shop's"),
        };
        words.push_str(&format!("  {position}: {what}\n"));
    }
    console.answer(&facts, &words);
}
