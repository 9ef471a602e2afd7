//! What belongs to the process as a whole: its build, its resources as Linux tells them, its
//! database pool, its book. Exported by one face. Where `/proc` cannot be read, the number is absent.

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::AtomicU64;

use gondola_shop::PROTECTED;
use gondola_store::protect::{Operation, Rotation};
use gondola_store::{Copies, CopyCounts, Db, Redis};
use gondola_vault::OpenError;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, MetricEncoder};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::Registry;

use super::{ProcessNumbers, RoleLabels};

/// Clock ticks per second in `/proc`, the same on every Linux that Rust supports.
const TICKS_PER_SECOND: u64 = 100;

/// Registers the process's numbers; answers the one that the health report sets.
pub fn register(registry: &mut Registry, numbers: &ProcessNumbers<'_>) -> Family<RoleLabels, Gauge> {
    let ProcessNumbers { db, book, trail, keys, tls } = *numbers;
    registry.register_collector(Box::new(Process));
    let ours = registry.sub_registry_with_prefix("gondola");
    let build = Family::<BuildLabels, Gauge>::default();
    build.get_or_create(&BuildLabels::of(db)).set(1);
    ours.register("build_info", "Which program this is", build);
    let db_up = Family::<RoleLabels, Gauge>::default();
    drop(db_up.get_or_create(&RoleLabels { role: "primary" }));
    ours.register("db_up", "Whether the database answers: 1 or 0", db_up.clone());
    ours.register_collector(Box::new(Pool(db.clone())));
    ours.register_collector(Box::new(Protection(db.clone())));
    if db.redis().is_up().is_some() {
        ours.register_collector(Box::new(Shared(db.redis().clone())));
    }
    book.register(ours);
    trail.register(ours);
    keys.register(ours);
    tls.register(ours);
    db_up
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct BuildLabels {
    version: &'static str,
    revision: &'static str,
    db_backend: &'static str,
}

impl BuildLabels {
    fn of(db: &Db) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            revision: option_env!("GONDOLA_REVISION").unwrap_or("unknown"),
            db_backend: db.engine().name(),
        }
    }
}

struct Pool(Db);

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pool")
    }
}

impl Collector for Pool {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let (active, idle, most) = self.0.connections();
        let mut family =
            encoder.encode_descriptor("db_pool_connections", "Connections in the pool", None, MetricType::Gauge)?;
        for (state, count) in [("active", active), ("idle", idle), ("max", most)] {
            let labels = [("state", state)];
            ConstGauge::new(i64::from(count)).encode(family.encode_family(&labels)?)?;
        }
        Ok(())
    }
}

/// What was sealed and opened, and how far the newest key has come.
struct Protection(Db);

impl std::fmt::Debug for Protection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Protection")
    }
}

impl Collector for Protection {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let counts = self.0.tally().counts();
        // Every series is there from the start, so that the first failure is a rise and not a beginning.
        let mut results: BTreeMap<(Operation, &str, &str), u64> = BTreeMap::new();
        let mut failures: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        for table in PROTECTED.iter().map(|name| name.table) {
            for operation in [Operation::Encrypt, Operation::Decrypt, Operation::Rotate] {
                results.extend(["ok", "error"].map(|result| ((operation, table, result), 0)));
            }
            failures.extend(OpenError::ALL.map(|error| ((table, error.code()), 0)));
        }
        for ((operation, table, failure), count) in counts {
            let result = if failure.is_empty() { "ok" } else { "error" };
            *results.entry((operation, table, result)).or_default() += count;
            if !failure.is_empty() {
                *failures.entry((table, failure)).or_default() += count;
            }
        }
        let mut family = counters(&mut encoder, "crypto_operations", "Protected values sealed and opened")?;
        for ((operation, table, result), count) in &results {
            let operation = operation.code().to_ascii_lowercase();
            let labels = [("operation", operation.as_str()), ("table", *table), ("result", *result)];
            ConstCounter::new(*count).encode(family.encode_family(&labels)?)?;
        }
        let mut family = counters(&mut encoder, "decrypt_failures", "Protected values that did not open")?;
        for ((table, reason), count) in failures {
            ConstCounter::new(count).encode(family.encode_family(&[("table", table), ("reason", reason)])?)?;
        }
        let mut family = counters(&mut encoder, "protected_reads", "Protected values that were read")?;
        for ((_, table, _), count) in
            results.iter().filter(|((op, _, result), _)| (*op, *result) == (Operation::Decrypt, "ok"))
        {
            ConstCounter::new(*count).encode(family.encode_family(&[("table", *table)])?)?;
        }
        self.encode_keys(encoder)
    }
}

impl Protection {
    /// How far the newest key has come, once the keys were looked at.
    #[expect(clippy::float_arithmetic, reason = "a ratio of rows; no money is near")]
    fn encode_keys(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let (keys, Rotation { rows, done }) = self.0.tally().keys();
        if keys.is_empty() {
            return Ok(());
        }
        let help = "Values sealed with a key";
        let mut family = encoder.encode_descriptor("encryption_key_rows", help, None, MetricType::Gauge)?;
        for key in &keys {
            let id = key.id.to_string();
            ConstGauge::new(signed(key.rows)).encode(family.encode_family(&[("key_id", id.as_str())])?)?;
        }
        let newest = keys.iter().map(|key| key.created_at).max().unwrap_or_default();
        let mut family = encoder.encode_descriptor("secret_age_seconds", "Age of a secret", None, MetricType::Gauge)?;
        let age = ConstGauge::new((self.0.now() - newest).max(0) / 1_000_000);
        age.encode(family.encode_family(&[("kind", "field_key")])?)?;
        let ratio = ConstGauge::new(if rows == 0 { 1.0 } else { done as f64 / rows as f64 });
        encode(
            &mut encoder,
            "key_rotation_progress_ratio",
            "Share of protected values that the newest key sealed",
            &ratio,
        )
    }
}

fn counters<'e>(
    encoder: &'e mut DescriptorEncoder<'_>,
    name: &'e str,
    help: &str,
) -> Result<MetricEncoder<'e>, std::fmt::Error> {
    encoder.encode_descriptor(name, help, None, MetricType::Counter)
}

/// What a Redis is to this process, where one is configured.
struct Shared(Redis);

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shared")
    }
}

impl Collector for Shared {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let up = ConstGauge::new(i64::from(self.0.is_up() == Some(true)));
        encode(&mut encoder, "redis_up", "Whether Redis answers: 1 or 0", &up)?;
        let Some(CopyCounts { hits, misses, bypasses }) = self.0.copy_counts() else { return Ok(()) };
        let mut family = encoder.encode_descriptor("cache_requests", "Copies asked for", None, MetricType::Counter)?;
        for (result, count) in [("bypass", bypasses), ("hit", hits), ("miss", misses)] {
            let labels = [("cache", Copies::Sessions.name()), ("result", result)];
            ConstCounter::new(count).encode(family.encode_family(&labels)?)?;
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Process;

impl Collector for Process {
    #[expect(clippy::float_arithmetic, reason = "the format's CPU seconds have fractions; no money is near")]
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
        if let (Some(user), Some(system)) = (stat_field(&stat, 14), stat_field(&stat, 15)) {
            let seconds = (user + system) as f64 / TICKS_PER_SECOND as f64;
            let metric: Counter<f64, AtomicU64> = Counter::default();
            metric.inc_by(seconds);
            encode(&mut encoder, "process_cpu_seconds", "CPU time used", &metric)?;
        }
        if let (Some(boot), Some(ticks)) = (boot_time(), stat_field(&stat, 22)) {
            let started = ConstGauge::new(signed(boot + ticks / TICKS_PER_SECOND));
            encode(&mut encoder, "process_start_time_seconds", "When the process started, Unix time", &started)?;
        }
        if let Some(bytes) = resident_bytes() {
            let gauge = ConstGauge::new(signed(bytes));
            encode(&mut encoder, "process_resident_memory_bytes", "Memory in use", &gauge)?;
        }
        if let Ok(open) = fs::read_dir("/proc/self/fd") {
            let gauge = ConstGauge::new(signed(open.count() as u64));
            encode(&mut encoder, "process_open_fds", "Open files and sockets", &gauge)?;
        }
        if let Some(most) = files_max() {
            encode(&mut encoder, "process_max_fds", "Most files and sockets", &ConstGauge::new(signed(most)))?;
        }
        Ok(())
    }
}

fn encode(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    metric: &impl EncodeMetric,
) -> Result<(), std::fmt::Error> {
    metric.encode(encoder.encode_descriptor(name, help, None, metric.metric_type())?)
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Field `number` of `/proc/self/stat`, counted from 1 as its manual does. The program's name, in
/// parentheses, may contain spaces.
fn stat_field(stat: &str, number: usize) -> Option<u64> {
    let after_name = stat.rsplit_once(')')?.1;
    after_name.split_whitespace().nth(number - 3)?.parse().ok()
}

fn boot_time() -> Option<u64> {
    line_value(&fs::read_to_string("/proc/stat").ok()?, "btime")
}

fn resident_bytes() -> Option<u64> {
    let kilobytes = line_value(&fs::read_to_string("/proc/self/status").ok()?, "VmRSS:")?;
    kilobytes.checked_mul(1024)
}

fn files_max() -> Option<u64> {
    line_value(&fs::read_to_string("/proc/self/limits").ok()?, "Max open files")
}

/// The first number after `name` on its line.
fn line_value(text: &str, name: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_name_with_spaces_does_not_shift_the_fields() {
        let fields = (1..=50).map(|n| n.to_string()).collect::<Vec<_>>();
        let stat = format!("1 (a b) c) {}", fields[2..].join(" "));
        assert_eq!(stat_field(&stat, 14), Some(14));
        assert_eq!(stat_field(&stat, 22), Some(22));
        assert_eq!(stat_field("", 14), None);
    }

    #[test]
    fn a_line_is_found_by_its_name() {
        assert_eq!(line_value("VmPeak:\t 1 kB\nVmRSS:\t 12 kB\n", "VmRSS:"), Some(12));
        assert_eq!(
            line_value("Max open files            1024                 4096  files", "Max open files"),
            Some(1024)
        );
        assert_eq!(line_value("", "btime"), None);
    }
}
