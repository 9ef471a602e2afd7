//! An advisory, a licence, a crate from elsewhere and a lock file that does not fit are planted in a throw-away crate,
//! and the steps that CI runs must fail on them.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::{SNAPSHOT_PREFIX, advisories, licences_bans_sources};
use crate::install;
use crate::root;
use crate::run::{Outcome, Run, output};

/// A crate of ours that the throw-away one uses as well, so that it is on every machine that built us.
const USED: &str = "itoa";

/// The crate in `repository`, and the snapshot of the known advisories beside it.
struct Planted {
    folder: tempfile::TempDir,
}

impl Planted {
    /// A crate under this licence, and one advisory about every version of a crate.
    fn with(licence: &str, advised: &str) -> Self {
        let planted = Self { folder: tempfile::tempdir().unwrap() };
        let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
        let form = lock.lines().find(|line| line.starts_with("version = ")).unwrap();
        let is_used = |block: &&str| block.contains(&format!("name = \"{USED}\"\n"));
        let used = lock.split("\n\n").find(is_used).unwrap();
        let version = used.lines().find_map(|line| line.strip_prefix("version = ")).unwrap().replace('"', "");
        let manifest = format!(
            "[package]\nname = \"planted\"\nversion = \"0.1.0\"\nedition = \"2024\"\nlicense = \"{licence}\"\n\n\
             [dependencies]\n{USED} = \"={version}\"\n\n[workspace]\n"
        );
        let own = format!("[[package]]\nname = \"planted\"\nversion = \"0.1.0\"\ndependencies = [\n \"{USED}\",\n]\n");
        planted.write("repository/Cargo.toml", &manifest);
        planted.write("repository/Cargo.lock", &format!("{form}\n\n{used}\n\n{own}"));
        planted.write("repository/src/lib.rs", "//! Nothing.\n");
        planted.write("repository/deny.toml", &fs::read_to_string(root().join("deny.toml")).unwrap());
        planted.advise(advised);
        planted
    }

    fn advise(&self, advised: &str) {
        let id = "RUSTSEC-2026-9999";
        let facts = format!("[advisory]\nid = \"{id}\"\npackage = \"{advised}\"\ndate = \"2026-11-01\"\n");
        let text = format!("```toml\n{facts}\n[versions]\npatched = []\n```\n\n# Planted by a test\n\nIt is broken.\n");
        self.write(&format!("db/crates/{advised}/{id}.md"), &text);
        let archive = self.path(&format!("shared/data/{SNAPSHOT_PREFIX}2026-11-02.tar.xz"));
        fs::create_dir_all(archive.parent().unwrap()).unwrap();
        output(Command::new("tar").arg("-cJf").arg(archive).arg("-C").arg(self.path("db")).arg("crates")).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Puts a text in the place of another, which must be there.
    fn change(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "{from} in {name}: {text}");
        self.write(name, &text.replacen(from, to, 1));
    }

    /// The crate takes another one besides; the lock file does not know yet.
    fn take(&self, taken: &Taken) {
        let Taken { name, folder, wanted, settings, checksums, .. } = taken;
        let manifest =
            format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\nlicense = \"MIT\"\n");
        self.write(&format!("repository/{folder}/{name}/Cargo.toml"), &manifest);
        self.write(&format!("repository/{folder}/{name}/src/lib.rs"), "//! Nothing.\n");
        self.write(&format!("repository/{folder}/{name}/.cargo-checksum.json"), checksums);
        self.write("repository/.cargo/config.toml", settings);
        let dependency = format!("[dependencies]\n{name} = {{ version = \"=0.1.0\", {wanted} }}\n");
        self.change("repository/Cargo.toml", "[dependencies]\n", &dependency);
    }

    /// The lock file knows where it comes from.
    fn lock(&self, taken: &Taken) {
        let Taken { name, locked, .. } = taken;
        let block = format!("[[package]]\nname = \"{name}\"\nversion = \"0.1.0\"\n{locked}\n[[package]]\n");
        self.change("repository/Cargo.lock", "[[package]]\n", &block);
        self.change("repository/Cargo.lock", "dependencies = [\n", &format!("dependencies = [\n \"{name}\",\n"));
    }

    fn run(&self) -> Run {
        Run::new(self.path("repository"), false)
    }
}

/// A crate that lies beside what takes it, so that nothing is fetched from wherever it is said to come from.
struct Taken {
    name: &'static str,
    folder: &'static str,
    /// What the manifest says of where it comes from.
    wanted: &'static str,
    /// What Cargo is told of that place.
    settings: &'static str,
    checksums: &'static str,
    /// What the lock file says of where it came from.
    locked: &'static str,
}

/// A crate of ours.
const OWN: Taken =
    Taken { name: "beside", folder: ".", wanted: "path = \"beside\"", settings: "", checksums: "", locked: "" };

/// A crate of another registry, which has `vendor` stand in for it.
const OF_A_REGISTRY: Taken = Taken {
    name: "elsewhere",
    folder: "vendor",
    wanted: "registry = \"other\"",
    settings: "[registries.other]\nindex = \"https://crates.example/index\"\n\n\
        [source.other]\nregistry = \"https://crates.example/index\"\nreplace-with = \"vendored\"\n\n\
        [source.vendored]\ndirectory = \"vendor\"\n",
    checksums: "{\"files\":{},\"package\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}",
    locked: "source = \"registry+https://crates.example/index\"\n\
        checksum = \"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"\n",
};

/// A crate of a Git repository, likewise.
const OF_A_REPOSITORY: Taken = Taken {
    name: "elsewhere",
    folder: "vendor",
    wanted: "git = \"https://git.example/elsewhere\", rev = \"0123456789abcdef0123456789abcdef01234567\"",
    settings: "[source.\"git+https://git.example/elsewhere\"]\ngit = \"https://git.example/elsewhere\"\n\
        rev = \"0123456789abcdef0123456789abcdef01234567\"\nreplace-with = \"vendored\"\n\n\
        [source.vendored]\ndirectory = \"vendor\"\n",
    checksums: "{\"files\":{}}",
    locked: "source = \"git+https://git.example/elsewhere?rev=0123456789abcdef0123456789abcdef01234567\
        #0123456789abcdef0123456789abcdef01234567\"\n",
};

/// Whether there is a cargo-deny; the step `tests` installs it.
fn has_cargo_deny() -> bool {
    let there = install::has_cargo_deny();
    if !there {
        assert!(!Run::is_ci(), "cargo-deny is required in CI");
        eprintln!("SKIPPED what is planted in a crate: cargo xtask test dependencies installs cargo-deny");
    }
    there
}

/// SUP-2: the step fails on a crate with a known vulnerability, and on nothing else.
#[test]
fn a_planted_advisory_fails_the_step() {
    if !has_cargo_deny() {
        return;
    }
    assert_eq!(advisories(&mut Planted::with("MIT", "nothing-of-ours").run()).unwrap(), Outcome::Passed);
    let failure = advisories(&mut Planted::with("MIT", USED).run()).unwrap_err();
    assert!(failure.to_string().contains("cargo"), "{failure:#}");
}

/// SUP-2: the step fails on a licence that is not on the list.
#[test]
fn a_planted_licence_fails_the_step() {
    if !has_cargo_deny() {
        return;
    }
    assert_eq!(licences_bans_sources(&mut Planted::with("MIT", USED).run()).unwrap(), Outcome::Passed);
    let failure = licences_bans_sources(&mut Planted::with("GPL-3.0-only", USED).run()).unwrap_err();
    assert!(failure.to_string().contains("cargo"), "{failure:#}");
}

/// SUP-2: the step fails on a crate of another registry or of a repository, until that place is on the list.
#[test]
fn a_planted_crate_from_elsewhere_fails_the_step() {
    if !has_cargo_deny() {
        return;
    }
    let places = [
        (OF_A_REGISTRY, "allow-registry = [", "allow-registry = [\"https://crates.example/index\", "),
        (OF_A_REPOSITORY, "[sources]\n", "[sources]\nallow-git = [\"https://git.example/elsewhere\"]\n"),
    ];
    for (taken, list, allowing) in places {
        let planted = Planted::with("MIT", USED);
        planted.take(&taken);
        planted.lock(&taken);
        let failure = licences_bans_sources(&mut planted.run()).unwrap_err();
        assert!(failure.to_string().contains("cargo"), "{failure:#}");
        planted.change("repository/deny.toml", list, allowing);
        assert_eq!(licences_bans_sources(&mut planted.run()).unwrap(), Outcome::Passed, "{}", taken.wanted);
    }
}

/// PEN-1 A06: the step fails where the lock file does not fit the manifest, until it does.
#[test]
fn a_lock_file_that_does_not_fit_fails_the_step() {
    if !has_cargo_deny() {
        return;
    }
    let planted = Planted::with("MIT", USED);
    planted.take(&OWN);
    let failure = licences_bans_sources(&mut planted.run()).unwrap_err();
    assert!(failure.to_string().contains("cargo"), "{failure:#}");
    planted.lock(&OWN);
    assert_eq!(licences_bans_sources(&mut planted.run()).unwrap(), Outcome::Passed);
}

/// SUP-2: without the snapshot nobody is told that nothing is known.
#[test]
fn advisories_without_a_snapshot_fail_ci_and_are_skipped_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let told = match advisories(&mut Run::new(folder.path().into(), false)) {
        Ok(Outcome::Passed) => panic!("passed without a snapshot"),
        Ok(Outcome::Skipped(reason)) if !Run::is_ci() => reason,
        Ok(Outcome::Skipped(_)) => panic!("skipped in CI"),
        Err(failure) if Run::is_ci() => format!("{failure:#}"),
        Err(failure) => panic!("failed on a developer's machine: {failure:#}"),
    };
    assert!(told.contains("no shared/data/rustsec-advisory-db-"), "{told}");
}
