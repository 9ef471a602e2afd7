//! Prometheus and Alertmanager, the real programs with the shipped files of `ops/`: what a face tells arrives at the
//! webhook over mutual TLS, and nobody else gets in anywhere. What the files say by themselves is in `shipped`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod deployment;
mod drill;
mod shipped;
mod webhook;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::SocketAddr;
use std::time::Duration;

use crate::process::{Running, connect, run};
use crate::production::versions::speaks_nothing_old;
use deployment::{Deployment, FACES, until};
use gondola_store::{Clock, SystemClock};
use gondola_vault::certificates::{Authority, Issued, KeyKind, Wanted};
use serde_json::Value;
use webhook::Webhook;

const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);
const DAY_US: i64 = 24 * 3600 * 1_000_000;

/// The three faces, which let nobody through without a certificate.
fn serve(deployment: &Deployment) -> Running {
    let required = FACES.map(|face| format!("tls.{face}_clients=required"));
    let settings = ["tls.enabled=true", "log.level=warn"].into_iter().chain(required.iter().map(String::as_str));
    let arguments: Vec<&str> = settings.flat_map(|setting| ["--set", setting]).collect();
    Running::start(deployment.folder(), &arguments)
}

fn renew(deployment: &Deployment, arguments: &[&str]) {
    let renewed = run(deployment.folder(), &[&["tls", "renew"], arguments].concat());
    assert_eq!(renewed.status.code(), Some(0), "{renewed:?}");
}

/// What Prometheus thinks of each of its targets: `1` or `0` by job.
fn targets(deployment: &Deployment) -> BTreeMap<String, String> {
    let jobs = deployment.query("up").into_iter();
    jobs.map(|sample| (text(&sample["metric"]["job"]), text(&sample["value"][1]))).collect()
}

/// What it thinks when all is well.
fn all_up() -> BTreeMap<String, String> {
    FACES.into_iter().chain(["prometheus", "alertmanager"]).map(|job| (job.to_owned(), "1".to_owned())).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The alerts about what expires: which, of what, and whether it fires already.
fn about_what_expires(deployment: &Deployment) -> BTreeSet<[String; 3]> {
    let alerts = deployment.query("ALERTS").into_iter().map(|sample| sample["metric"].clone());
    let alerts = alerts.filter(|labels| labels["alertname"] != "ServiceDown");
    let of = |labels: &Value| text(&labels["name"]) + &text(&labels["scope"]);
    alerts.map(|labels| [text(&labels["alertname"]), of(&labels), text(&labels["alertstate"])]).collect()
}

/// An API key with so many days left.
fn make_key(deployment: &Deployment, scope: &str, days: i64) {
    let last = jiff::Timestamp::from_microsecond(SystemClock.now() + days * DAY_US).unwrap();
    let last = last.strftime("%Y-%m-%d").to_string();
    let made = run(deployment.folder(), &["key", "create", "--name", scope, "--scope", scope, "--expires", &last]);
    assert_eq!(made.status.code(), Some(0), "{made:?}");
}

/// TLS-2, TLS-7, TLS-8: from the face by way of Prometheus and Alertmanager to whoever is told, every connection
/// between them with certificates on both ends. Five days are critical, twenty are a warning once an hour has passed.
/// KEY-6: so is an API key in its last week.
#[test]
fn a_certificate_of_five_days_is_told_at_the_webhook_and_so_is_its_renewal() {
    let Some(deployment) = Deployment::new() else { return };
    renew(&deployment, &["--service", "negocio", "--hours", "120"]);
    renew(&deployment, &["--service", "deposito", "--hours", "480"]);
    make_key(&deployment, "read", 5);
    make_key(&deployment, "write", 10);
    let running = serve(&deployment);
    deployment.place(FACES.map(|face| running.addresses[face]));
    let webhook = Webhook::listen();
    fs::write(deployment.folder().join("alertmanager/slack-url"), format!("{}\n", webhook.url)).unwrap();
    let _alertmanager = deployment.start_alertmanager();
    let _prometheus = deployment.start_prometheus();
    until("every target is up", &all_up(), || targets(&deployment));

    let message = webhook.next();
    let told = &message["attachments"][0];
    assert_eq!(message["channel"], "#gondola-critical", "{message}");
    assert_eq!(told["title"], "ALERTA · CertificateCritical · critical · dashboard", "{message}");
    let words = text(&told["text"]);
    for part in ["<!here>", "El certificado de negocio vence en menos de una semana", "4d 23h", "AR-23"] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert!(!words.contains("deposito"), "twenty days are not critical: {words}");
    let expected = [
        ["CertificateCritical", "negocio", "firing"],
        ["CertificateExpiring", "negocio", "pending"],
        ["CertificateExpiring", "deposito", "pending"],
        ["SecretRotationDue", "read", "pending"],
    ];
    until("the alerts", &expected.map(|alert| alert.map(str::to_owned)).into(), || about_what_expires(&deployment));

    renew(&deployment, &["--service", "negocio"]);
    let message = webhook.next();
    assert_eq!(
        message["attachments"][0]["title"], "RESUELTA · CertificateCritical · critical · dashboard",
        "{message}"
    );
}

/// TLS-2: a face that shows the certificate of another one, though it is ours too, is not the one that was meant.
#[test]
fn a_face_that_shows_the_certificate_of_another_is_not_scraped() {
    let Some(deployment) = Deployment::new() else { return };
    let running = serve(&deployment);
    deployment.place(["deposito", "dashboard", "negocio"].map(|face| running.addresses[face]));
    let _alertmanager = deployment.start_alertmanager();
    let _prometheus = deployment.start_prometheus();
    let swapped = [("alertmanager", "1"), ("dashboard", "0"), ("deposito", "0"), ("negocio", "1"), ("prometheus", "1")];
    let swapped = swapped.map(|(job, up)| (job.to_owned(), up.to_owned())).into();
    until("the two that were swapped are down", &swapped, || targets(&deployment));
    let targets = deployment.ask(deployment.prometheus, "/api/v1/targets?state=active").unwrap();
    for name in ["dashboard", "deposito"] {
        assert!(targets.contains(&format!(", not {name}\"")), "the name was what was wrong: {targets}");
    }
}

/// TLS-2, TLS-4, TLS-7: one cause each at both doors; who belongs gets in.
#[test]
fn prometheus_and_alertmanager_let_nobody_in_who_does_not_belong() {
    let Some(deployment) = Deployment::new() else { return };
    let nowhere: SocketAddr = ([127, 0, 0, 1], 1).into();
    deployment.place([nowhere; 3]);
    let _alertmanager = deployment.start_alertmanager();
    let _prometheus = deployment.start_prometheus();
    let (now, ours) = (SystemClock.now(), deployment.authority());
    let (others, _) = Authority::found("another", KeyKind::P256, YEAR, now).unwrap();
    let wanted =
        |client: bool| Wanted { name: "edge", hosts: &[], server: !client, client, kind: KeyKind::P256, valid: YEAR };
    let causes = [
        ("no certificate", None),
        ("another authority", Some(others.issue(&wanted(true), now).unwrap())),
        ("expired", Some(ours.issue(&wanted(true), now - 400 * DAY_US).unwrap())),
        ("not valid yet", Some(ours.issue(&wanted(true), now + DAY_US).unwrap())),
        ("not for clients", Some(ours.issue(&wanted(false), now).unwrap())),
    ];
    let good = ours.issue(&wanted(true), now).unwrap();
    for (door, address) in [("prometheus", deployment.prometheus), ("alertmanager", deployment.alertmanager)] {
        let ask = |shown: Option<&Issued>| {
            let client = deployment.client();
            let client = shown.map_or(client.clone(), |shown| client.showing(shown));
            [client.clone().only_1_2(), client.only_1_3()].map(|client| client.get(address, "/-/ready"))
        };
        for (cause, shown) in &causes {
            for answer in ask(shown.as_ref()) {
                assert!(answer.is_err(), "{door}, {cause}: {answer:?}");
            }
        }
        for answer in ask(Some(&good)) {
            assert!(answer.as_ref().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200 ")), "{door}: {answer:?}");
        }
        let plain = crate::process::get_if_answered(address, "/-/ready");
        assert!(plain.starts_with("HTTP/1.0 400 ") || plain.starts_with("HTTP/1.1 400 "), "{door}: {plain}");
    }
}

/// TLS-4: each shows a certificate of RSA here, with which suites without forward secrecy could be spoken.
#[test]
fn prometheus_and_alertmanager_speak_no_old_version_and_no_suite_without_forward_secrecy() {
    let Some(deployment) = Deployment::new() else { return };
    let nowhere: SocketAddr = ([127, 0, 0, 1], 1).into();
    deployment.place([nowhere; 3]);
    let (authority, hosts) = (deployment.authority(), ["127.0.0.1".to_owned()]);
    for name in ["prometheus", "alertmanager"] {
        let wanted = Wanted { name, hosts: &hosts, server: true, client: true, kind: KeyKind::Rsa4096, valid: YEAR };
        let Issued { certificate, key } = authority.issue(&wanted, SystemClock.now()).unwrap();
        for (end, text) in [("crt", certificate), ("key", key)] {
            fs::write(deployment.folder().join(format!("tls/{name}.{end}")), text).unwrap();
        }
    }
    let _alertmanager = deployment.start_alertmanager();
    let _prometheus = deployment.start_prometheus();
    for (door, address) in [("Prometheus", deployment.prometheus), ("Alertmanager", deployment.alertmanager)] {
        speaks_nothing_old(door, &deployment.own_client(), || connect(address));
    }
}
