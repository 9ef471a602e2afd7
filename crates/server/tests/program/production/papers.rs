//! What suppliers are and send, as it is looked for where a shop's data lies: their CUIT and how they are reached, an invoice's
//! file with the words and the picture that were taken of it, and the cells of a price list.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::production::https::Caller;
use crate::production::search::Canary;

/// CUIT as people write it, who is asked for, mail, telephone and where they are.
const SUPPLIER: [&str; 5] = [
    "30-71659824-8",
    "Macachín Tordillo",
    "pedidos.tordillo@correo.example",
    "+54 9 341 5836-1947",
    "Pasaje del Macá 7183, Bragado",
];
/// What stands in an invoice's file alone, and what is read of it as well.
const IN_THE_FILE: &str = "Carancho al pie del archivo";
const READ_OF_IT: &str = "Chingolocuartofacturado";
/// A cell of a price list in a column that means nothing.
const IN_THE_LIST: &str = "Golondrina al costado";
/// Bytes of a picture that are looked for.
const PIECE: usize = 48;
/// Nothing here takes longer, unless it never comes.
const PATIENCE: Duration = Duration::from_secs(120);

/// A supplier with a price list and an invoice; what must not be found anywhere.
pub fn of_suppliers(program: &Caller) -> Vec<Canary> {
    let [tax_id, contact_name, email, phone, address] = SUPPLIER;
    let supplier = json!({"code": "TOR", "name": "Tordillo", "tax_id": tax_id, "contact_name": contact_name, "email": email,
        "phone": phone, "address": address});
    program.with("idempotency-key", "proveedor-1").post("/api/v1/suppliers", &supplier).expect(201);
    let kept = program.get("/api/v1/suppliers/TOR").expect(200).json();
    for field in ["tax_id", "contact_name", "email", "phone", "address"] {
        assert_eq!(kept[field], supplier[field]);
    }
    let list = format!("Código;Descripción;Precio;Apunte\nZ1;Rosado;100;{IN_THE_LIST}\n");
    program.send("POST /api/v1/suppliers/TOR/price-lists", "text/csv", list.as_bytes()).expect(201);
    let pieces = an_invoice_is_read(program);
    let plain = tax_id.replace('-', "");
    let texts = [tax_id, &plain, contact_name, email, phone, address, IN_THE_FILE, READ_OF_IT, IN_THE_LIST];
    texts.into_iter().map(Canary::text).chain(pieces).collect()
}

/// An invoice comes in and is read in the background; a piece of its picture, where there are programs that read.
fn an_invoice_is_read(program: &Caller) -> Option<Canary> {
    let sent = program.send("POST /api/v1/invoices", "application/pdf", &invoice()).expect(201).json();
    let path = format!("/api/v1/invoices/{}", sent["id"].as_str().unwrap());
    let began = Instant::now();
    let seen = || program.get(&path).expect(200).json();
    let read = loop {
        let invoice: Value = seen();
        if invoice["state"] != "pending" {
            break invoice;
        }
        assert!(began.elapsed() < PATIENCE, "it is never read: {invoice}");
        std::thread::sleep(Duration::from_millis(100));
    };
    if read["note"] == "paper_tool_missing" {
        eprintln!("SKIPPED what is read of an invoice: the programs that read are not installed");
        return None;
    }
    assert_eq!((&read["state"], &read["pages"]), (&json!("extracted"), &json!(1)), "{read}");
    let file = program.get(&format!("{path}/file")).expect(200);
    assert!(file.text().contains(IN_THE_FILE) && file.text().contains(READ_OF_IT));
    let picture = program.get(&format!("{path}/pages/1")).expect(200);
    let telling = |piece: &&[u8]| piece.iter().collect::<BTreeSet<_>>().len() > PIECE / 2;
    let piece = picture.bytes().windows(PIECE).find(telling).expect("a picture is not all alike");
    Some(Canary::bytes("a piece of a page's picture", piece))
}

/// The smallest invoice that is one, as a PDF.
fn invoice() -> Vec<u8> {
    let lines =
        ["FACTURA A", "Punto de venta: 00003 Comp. Nro: 00001234", "Fecha: 20/11/2026", READ_OF_IT, "Total: 35.090,00"];
    let text: String = lines
        .iter()
        .enumerate()
        .map(|(at, line)| format!("BT /F1 10 Tf 50 {} Td ({line}) Tj ET\n", 780 - at * 20))
        .collect();
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>".to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{text}endstream", text.len()),
    ];
    let (mut file, mut places) = (format!("%PDF-1.4\n% {IN_THE_FILE}\n"), String::new());
    for (at, object) in objects.iter().enumerate() {
        places.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    let start = file.len();
    file.push_str(&format!(
        "xref\n0 6\n0000000000 65535 f \n{places}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    ));
    file.into_bytes()
}
