//! Whether time tells what an answer does not: where a secret differs (KEY-3), and whether an account exists (USR-2).
//! These are measurements and no tests, for machines differ from hour to hour.

use std::hint::black_box;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use super::load::{Call, Client};
use super::program::{Program, ask};
use super::say;

/// Comparisons timed of each kind.
const SAMPLES: usize = 100_000;
/// Comparisons per sample: one alone is shorter than the clock's tick.
const AT_ONCE: usize = 64;
/// Accounts that exist, and as many names that do not.
const ACCOUNTS: usize = 40;

/// Everything.
pub async fn run() {
    comparison();
    accounts().await;
}

/// Digests whose first or last byte differs, in an order that nothing foresees.
fn comparison() {
    let kept = [7_u8; 32];
    let (mut first, mut last) = (kept, kept);
    first[0] ^= 1;
    last[31] ^= 1;
    let mut draws = gondola_vault::sha256(b"order");
    let mut took: [Vec<f64>; 2] = [Vec::with_capacity(SAMPLES), Vec::with_capacity(SAMPLES)];
    while took.iter().any(|samples| samples.len() < SAMPLES) {
        draws = gondola_vault::sha256(&draws);
        for bit in draws.iter().map(|byte| usize::from(byte & 1)) {
            let other = if bit == 0 { &first } else { &last };
            let began = Instant::now();
            for _ in 0..AT_ONCE {
                black_box(gondola_vault::same(black_box(&kept), black_box(other)));
            }
            took[bit].push(began.elapsed().as_secs_f64());
        }
    }
    let [first, last] = took.map(|samples| Moments::of(middle(samples)));
    let t = (first.mean - last.mean) / (first.variance / first.count + last.variance / last.count).sqrt();
    let value = format!("t = {t:+.2}");
    say("digests that differ in the first or the last byte", value, format!("{SAMPLES} of each (wanted |t| < 4.5)"));
}

/// Without the slowest tenth: what the machine did meanwhile is no property of the program.
fn middle(mut samples: Vec<f64>) -> Vec<f64> {
    samples.sort_by(f64::total_cmp);
    samples.truncate(samples.len() * 9 / 10);
    samples
}

struct Moments {
    count: f64,
    mean: f64,
    variance: f64,
}

impl Moments {
    fn of(samples: Vec<f64>) -> Self {
        let count = samples.len() as f64;
        let mean = samples.iter().sum::<f64>() / count;
        let variance = samples.iter().map(|sample| (sample - mean).powi(2)).sum::<f64>() / (count - 1.0);
        Self { count, mean, variance }
    }
}

/// Wrong passwords of accounts that exist and of names that do not, in turns.
async fn accounts() {
    let folder = tempfile::tempdir().expect("a folder");
    for number in 0..ACCOUNTS {
        ask(folder.path(), &["user", "add", &format!("persona{number}"), "--role", "cashier"]);
    }
    let program = Program::start(folder.path(), "serve", &[], &[]);
    let mut took = [Vec::new(), Vec::new()];
    for number in 0..ACCOUNTS {
        // Each pair comes from a neighbour of its own: one alone would have to wait after the twentieth log-in.
        let neighbour = Ipv4Addr::new(127, 0, 1, u8::try_from(number).expect("few accounts"));
        let mut client = Client::connect_from(neighbour, program.address, "").await;
        for (samples, name) in took.iter_mut().zip(["persona", "fantasma"]) {
            let body = format!("username={name}{number}&password=no+es+la+clave+{number}");
            let began = Instant::now();
            let (status, answer) = client.form(&Call { method: "POST", path: "/login".to_owned(), body }).await;
            samples.push(began.elapsed());
            assert_eq!(status, 401, "{}", String::from_utf8_lossy(&answer));
        }
    }
    let [known, unknown] = took.map(median);
    let apart = known.abs_diff(unknown).as_secs_f64() * 1000.0;
    let beside = format!("{known:.1?} and {unknown:.1?} (wanted under 10 ms)");
    say("a log-in of somebody and of nobody, medians", format!("{apart:.1} ms apart"), beside);
}

fn median(mut samples: Vec<Duration>) -> Duration {
    samples.sort();
    samples[samples.len() / 2]
}
