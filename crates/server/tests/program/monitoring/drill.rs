//! The drill with certificates of one hour: renewed again and again, as a timer would, while the faces are asked,
//! Prometheus collects and Alertmanager is told, over connections with certificates on both ends.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use gondola_vault::certificates::{Facts, read_all};

use super::deployment::{Deployment, FACES, until};
use super::webhook::Webhook;
use super::{all_up, renew, serve, targets, text};
use crate::tls_client::Client;

const HOUR_S: i64 = 3_600;
/// How often the timer strikes in a drill.
const RENEWALS: usize = 3;
/// Between two requests, each on a connection of its own.
const BETWEEN: Duration = Duration::from_millis(20);
/// So many requests go between two renewals.
const REQUESTS_MIN: usize = 60;
/// Who shows a certificate here.
const DOORS: [&str; 5] = ["dashboard", "deposito", "negocio", "prometheus", "alertmanager"];

/// Somebody with the certificate of Prometheus who asks the faces in turn until this is dropped.
struct Asking {
    client: Arc<Mutex<Client>>,
    stop: Arc<AtomicBool>,
    good: Arc<AtomicUsize>,
    failures: Arc<Mutex<Vec<String>>>,
    thread: Option<JoinHandle<()>>,
}

impl Asking {
    fn begin(client: Client, faces: [SocketAddr; 3]) -> Self {
        let client = Arc::new(Mutex::new(client));
        let (stop, good, failures) = (Arc::default(), Arc::default(), Arc::default());
        let mut asking = Self { client, stop, good, failures, thread: None };
        let (client, stop) = (Arc::clone(&asking.client), Arc::clone(&asking.stop));
        let (good, failures) = (Arc::clone(&asking.good), Arc::clone(&asking.failures));
        asking.thread = Some(thread::spawn(move || {
            for face in faces.into_iter().cycle() {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let client = client.lock().unwrap().clone();
                match client.get(face, "/health/live") {
                    Ok(answer) if answer.starts_with("HTTP/1.1 200 ") => drop(good.fetch_add(1, Ordering::Relaxed)),
                    other => failures.lock().unwrap().push(format!("{face}: {other:?}")),
                }
                thread::sleep(BETWEEN);
            }
        }));
        asking
    }

    /// Shows that client's certificate from now on.
    fn with(&self, client: Client) {
        *self.client.lock().unwrap() = client;
    }

    fn good(&self) -> usize {
        self.good.load(Ordering::Relaxed)
    }

    fn failures(&self) -> Vec<String> {
        self.failures.lock().unwrap().clone()
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // One that panicked was told by its thread.
            let _ = thread.join();
        }
    }
}

/// Every certificate but the authority's, as the files have them.
fn certificates(deployment: &Deployment) -> BTreeMap<String, Facts> {
    let files = fs::read_dir(deployment.folder().join("tls")).unwrap().map(|entry| entry.unwrap().path());
    let certificates = files.filter(|file| file.extension().is_some_and(|end| end == "crt"));
    let facts = certificates.map(|file| {
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, read_all(&fs::read(file).unwrap()).unwrap().swap_remove(0))
    });
    facts.filter(|(name, _)| name != "ca").collect()
}

/// What is counted under a name at one of the two programs, whatever it is counted by.
fn count(deployment: &Deployment, address: SocketAddr, name: &str) -> f64 {
    let numbers = deployment.ask(address, "/metrics").unwrap();
    let of_name =
        numbers.lines().filter_map(|line| line.strip_prefix(name)).filter(|rest| rest.starts_with([' ', '{']));
    let counts: Vec<f64> = of_name.map(|rest| rest.rsplit(' ').next().unwrap().parse().unwrap()).collect();
    assert!(!counts.is_empty(), "nobody counts {name}");
    counts.iter().sum()
}

/// How often Prometheus collected, by job.
fn scrapes(deployment: &Deployment) -> BTreeMap<String, u64> {
    let jobs = deployment.query("count_over_time(up[1h])").into_iter();
    jobs.map(|sample| (text(&sample["metric"]["job"]), text(&sample["value"][1]).parse().unwrap())).collect()
}

/// So much goes on after a renewal: requests, scrapes of every target, and alerts on their way.
fn goes_on(deployment: &Deployment, asking: &Asking) {
    let told = || count(deployment, deployment.prometheus, "prometheus_notifications_sent_total");
    let (good, scraped, sent) = (asking.good(), scrapes(deployment), told());
    let enough = || asking.good() >= good + REQUESTS_MIN;
    until("requests are answered", &(true, Vec::new()), || (enough(), asking.failures()));
    until("alerts are sent", &true, || told() > sent);
    until("every target is scraped", &true, || {
        let now = scrapes(deployment);
        scraped.iter().all(|(job, count)| now.get(job).is_some_and(|now| now > count))
    });
}

/// Nothing failed that Prometheus and Alertmanager did.
fn nothing_failed(deployment: &Deployment) {
    let lowest = deployment.query("min_over_time(up[1h])").into_iter();
    let lowest: BTreeMap<_, _> =
        lowest.map(|sample| (text(&sample["metric"]["job"]), text(&sample["value"][1]))).collect();
    assert_eq!(lowest, all_up(), "a scrape failed");
    for (address, name) in [
        (deployment.prometheus, "prometheus_notifications_errors_total"),
        (deployment.prometheus, "prometheus_notifications_dropped_total"),
        (deployment.alertmanager, "alertmanager_notifications_failed_total"),
    ] {
        assert!(count(deployment, address, name) < 1.0, "{name}");
    }
}

/// TLS-5: 0 failed requests, scrapes and notifications; the authority is left alone.
#[test]
fn certificates_of_one_hour_are_renewed_again_and_again_and_nothing_fails() {
    let Some(deployment) = Deployment::made_with(&["--hours", "1"]) else { return };
    let running = serve(&deployment);
    let faces = FACES.map(|face| running.addresses[face]);
    deployment.place(faces);
    // On a machine that compiles at the same time an answer may take longer than two seconds.
    for what in ["scrape_interval", "scrape_timeout"] {
        deployment.change("prometheus/prometheus.yml", &format!("{what}: 2s"), &format!("{what}: 6s"));
    }
    let webhook = Webhook::listen();
    fs::write(deployment.folder().join("alertmanager/slack-url"), format!("{}\n", webhook.url)).unwrap();
    let _alertmanager = deployment.start_alertmanager();
    let _prometheus = deployment.start_prometheus();
    until("every target is up", &all_up(), || targets(&deployment));
    assert!(text(&webhook.next()["attachments"][0]["title"]).starts_with("ALERTA · CertificateCritical"));

    let authority =
        || ["tls/ca.crt", "ca/ca.crt", "ca/ca.key"].map(|file| fs::read(deployment.folder().join(file)).unwrap());
    let authority_before = authority();
    let asking = Asking::begin(deployment.own_client(), faces);
    let addresses = DOORS.map(|door| match door {
        "prometheus" => deployment.prometheus,
        "alertmanager" => deployment.alertmanager,
        face => running.addresses[face],
    });
    for _ in 0..RENEWALS {
        let before = certificates(&deployment);
        assert!(
            before.len() > DOORS.len() && before.values().all(|facts| facts.not_after - facts.not_before == HOUR_S)
        );
        renew(&deployment, &["--hours", "1"]);
        let after = certificates(&deployment);
        assert!(before.iter().all(|(name, facts)| after[name].serial != facts.serial), "all of them were renewed");
        for (door, address) in DOORS.into_iter().zip(addresses) {
            until(door, &after[door].serial, || deployment.own_client().serial(address).unwrap());
        }
        asking.with(deployment.own_client());
        goes_on(&deployment, &asking);
    }
    assert_eq!(authority(), authority_before);
    // Back to a year, which ends the alert: what was told at the beginning is told to be over.
    renew(&deployment, &[]);
    while !text(&webhook.next()["attachments"][0]["title"]).starts_with("RESUELTA · CertificateCritical") {}
    goes_on(&deployment, &asking);
    nothing_failed(&deployment);
}
