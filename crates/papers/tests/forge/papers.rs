//! Forged files: their bytes repeat, their layer of text says what the truth says, their QR carries the data of the law.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::forge::truth::{Kind, Truth};
use crate::forge::words::TaxIdStyle;
use crate::forge::{TUNING, document, qr, truth, words};

/// Papers of which the layer of text is read.
const READ: usize = 96;

#[test]
fn a_seed_is_a_paper_and_another_seed_is_another_one() {
    for seed in TUNING.take(64) {
        assert!(document(seed).pdf == document(seed).pdf, "seed {seed}");
        assert!(document(seed).pdf != document(seed + 1).pdf, "seed {seed}");
    }
}

#[test]
fn papers_have_one_line_to_thirty_on_one_page_or_more() {
    let papers: Vec<(usize, usize)> =
        TUNING.map(document).map(|paper| (paper.truth.lines.len(), paper.pages)).collect();
    assert!(papers.iter().all(|(lines, pages)| (1..=30).contains(lines) && (1..=4).contains(pages)));
    assert!([1, 30].iter().all(|lines| papers.iter().any(|paper| paper.0 == *lines)));
    assert!([1, 2].iter().all(|pages| papers.iter().any(|paper| paper.1 == *pages)));
}

/// `None` where the program is not installed.
fn text_of(pdf: &[u8]) -> Option<String> {
    let mut command = Command::new("pdftotext");
    let command = command.args(["-layout", "-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut program = command.spawn().ok()?;
    program.stdin.take().expect("its input is piped").write_all(pdf).expect("it reads all of its input");
    let output = program.wait_with_output().expect("it ends by itself");
    assert!(output.status.success(), "pdftotext refused a forged paper");
    Some(String::from_utf8(output.stdout).expect("it writes UTF-8"))
}

fn wanted(truth: &Truth) -> Vec<String> {
    let mut wanted = vec![truth.supplier.name.clone()];
    wanted.extend(truth.number.map(|(point, _)| format!("{point:05}")));
    wanted.extend(truth.number.map(|(_, number)| format!("{number:08}")));
    wanted.extend(truth.cae.map(|cae| cae.to_string()));
    wanted.extend(truth.totals.as_ref().map(|totals| words::pesos(totals.total)));
    wanted.extend(truth.lines.iter().filter_map(|line| line.subtotal).map(words::pesos));
    wanted.extend(truth.legend.map(str::to_owned));
    wanted
}

#[test]
fn the_layer_of_text_says_what_the_truth_says() {
    let mut wrapped = 0;
    for seed in TUNING.take(READ) {
        let forged = document(seed);
        let Some(text) = text_of(&forged.pdf) else {
            println!("SKIPPED: pdftotext is not installed (apt-get install poppler-utils)");
            return;
        };
        for words in wanted(&forged.truth) {
            assert!(text.contains(&words), "seed {seed}: {words} is not in\n{text}");
        }
        if let Some(tax_id) = forged.truth.supplier.tax_id {
            let styles = [TaxIdStyle::Dashed, TaxIdStyle::Plain].map(|style| words::tax_id(tax_id, style));
            assert!(styles.iter().any(|written| text.contains(written)), "seed {seed}: {styles:?} is not in\n{text}");
        }
        for line in &forged.truth.lines {
            let all = line.description.split(' ').all(|word| text.contains(word));
            assert!(all, "seed {seed}: {} is not in\n{text}", line.description);
            wrapped += u32::from(!text.contains(&line.description));
        }
    }
    assert!(wrapped > 0, "no description goes on in a second row");
}

/// Back from base64, without looking at how it was made.
fn decoded(base64: &str) -> String {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let sixes = base64.trim_end_matches('=').chars().map(|sign| alphabet.find(sign).expect("a sign of base64"));
    let bits: Vec<u8> = sixes.flat_map(|six| (0..6).rev().map(move |bit| (six >> bit & 1) as u8)).collect();
    let bytes = bits.chunks_exact(8).map(|eight| eight.iter().fold(0, |byte, bit| byte << 1 | bit)).collect();
    String::from_utf8(bytes).expect("JSON is text")
}

#[test]
fn a_fiscal_qr_carries_the_data_of_its_paper() {
    for seed in TUNING {
        let truth = truth(seed);
        let Some(url) = &truth.qr else { continue };
        let base64 = url.strip_prefix("https://www.afip.gob.ar/fe/qr/?p=").expect("the address of the law");
        let json: serde_json::Value = serde_json::from_str(&decoded(base64)).expect("JSON");
        assert_eq!(json["cuit"].as_u64(), truth.supplier.tax_id, "seed {seed}");
        assert_eq!(json["codAut"].as_u64(), truth.cae, "seed {seed}");
        assert_eq!(json["fecha"], truth.date.to_string(), "seed {seed}");
        assert_eq!(json["tipoCmp"].as_u64(), truth.code.map(u64::from), "seed {seed}");
        let (point, number) = truth.number.expect("what has a QR has a number");
        assert_eq!((json["ptoVta"].as_u64(), json["nroCmp"].as_u64()), (Some(point.into()), Some(number.into())));
        let total = truth.totals.expect("what has a QR has a total").total;
        let amount = json["importe"].to_string();
        let amount = gondola_ledger::Money::parse(amount.trim_end_matches(".0")).expect("an amount");
        assert_eq!(amount, total, "seed {seed}");
    }
}

#[test]
fn the_keys_of_the_qr_stand_in_the_order_of_the_law() {
    let truth = truth(0);
    let json = qr::data(&truth).expect("an invoice has a QR");
    let keys = "ver fecha cuit ptoVta tipoCmp nroCmp importe moneda ctz tipoDocRec nroDocRec tipoCodAut codAut";
    let places: Vec<Option<usize>> = keys.split(' ').map(|key| json.find(&format!("\"{key}\":"))).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{json}");
    assert!(!json.contains(' '), "{json}");
}

#[test]
fn a_paper_without_fiscal_value_has_neither_number_nor_qr() {
    for seed in TUNING {
        let truth = truth(seed);
        if matches!(truth.kind, Kind::Informal | Kind::PriceList) {
            assert_eq!((truth.number, truth.cae, truth.qr), (None, None, None), "seed {seed}");
        }
    }
}
