//! Releases: the workflow refers to existing files, and its scripts work.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::files::{below, read, root};

const WORKFLOW: &str = ".github/workflows/release.yml";

/// The words of a text that are paths of the project.
fn paths(text: &str) -> Vec<String> {
    let is_path = |c: char| c.is_alphanumeric() || "._-/".contains(c);
    let words = text.split(|c| !is_path(c)).map(|word| word.trim_end_matches('.'));
    let ours =
        |word: &&str| [".ci/", "packaging/", "man/", "completions/", "docs/"].iter().any(|at| word.starts_with(at));
    words.filter(ours).map(str::to_owned).collect()
}

#[test]
fn files_that_a_release_names_are_there() {
    let scripts = below(".ci/release", "");
    assert!(scripts.len() >= 4, "{scripts:?}");
    let mut named = 0;
    for file in
        [WORKFLOW, "Dockerfile", "packaging/README.md"].iter().map(|&file| file.to_owned()).chain(scripts.clone())
    {
        for path in paths(&read(&file)) {
            named += 1;
            assert!(root(&path).exists(), "{file}: {path} is not there");
        }
    }
    assert!(named > 10, "{named}");
    for script in &scripts {
        assert!(read(WORKFLOW).contains(script.as_str()), "{script} is of no use");
        let mode = fs::metadata(root(script)).unwrap().permissions().mode();
        assert_eq!(mode & 0o111, 0o111, "{script} cannot be run");
    }
}

/// The version and the architectures of the image are defined in one place each.
#[test]
fn the_version_is_only_in_cargo_toml() {
    let version = env!("CARGO_PKG_VERSION");
    for file in [WORKFLOW, "Dockerfile"].iter().map(|&file| file.to_owned()).chain(below(".ci/release", "")) {
        assert!(!read(&file).contains(version), "{file} has the version {version}");
    }
    let output_text = run(&root("."), &["version"]);
    assert_eq!(String::from_utf8_lossy(&output_text.stdout), format!("{version}\n"));
    // The Dockerfile copies the files that the workflow puts there.
    let image = "image/${TARGETARCH}/tomcat-sessions";
    assert!(read("Dockerfile").contains(image));
    for arch in ["amd64", "arm64"] {
        let workflow = read(WORKFLOW);
        assert!(workflow.contains(&format!("arch: {arch}")) && workflow.contains(&format!("linux/{arch}")), "{arch}");
    }
    assert!(read(WORKFLOW).contains("\"target/$TARGET/dist/tomcat-sessions\" \"image/$ARCH/\""));
}

/// Runs a release script in a copy of the project.
fn run(project: &Path, words: &[&str]) -> Output {
    Command::new(project.join(".ci/release").join(words[0])).args(&words[1..]).output().unwrap()
}

/// A copy of the scripts and their input files, with these changelogs.
fn project(changelog: &str, of_debian: &str) -> TempDir {
    let dir = TempDir::new().unwrap();
    let folders = [".ci/release", "packaging/debian"];
    folders.iter().for_each(|folder| fs::create_dir_all(dir.path().join(folder)).unwrap());
    for file in below(".ci/release", "").iter().map(String::as_str).chain(["Cargo.toml"]) {
        fs::copy(root(file), dir.path().join(file)).unwrap();
    }
    fs::write(dir.path().join("CHANGELOG.md"), changelog).unwrap();
    fs::write(dir.path().join("packaging/debian/changelog"), of_debian).unwrap();
    dir
}

#[test]
fn a_tag_must_be_that_of_a_described_version() {
    let version = env!("CARGO_PKG_VERSION");
    let tag = format!("v{version}");
    let described = format!(
        "# Changelog\n\n## [Unreleased]\n\n- soon\n\n## [{version}] - 2026-12-01\n\n### Added\n\n- it\n\n## [0.0.1]\n\n- old\n"
    );
    let of_debian = format!("tomcat-sessions ({version}-1) unstable; urgency=medium\n");
    for (tag, changelog, of_debian, expected_text) in [
        (tag.as_str(), described.as_str(), of_debian.as_str(), None),
        ("v9.9.9", &described, &of_debian, Some("the tag is v9.9.9")),
        (version, &described, &of_debian, Some("the tag is")),
        (&tag, "## [Unreleased]\n", &of_debian, Some("CHANGELOG.md has no section")),
        (&tag, &described, "tomcat-sessions (0.0.1-1) unstable\n", Some("packaging/debian/changelog")),
    ] {
        let dir = project(changelog, of_debian);
        let done = run(dir.path(), &["version", tag]);
        let output_text = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.success(), expected_text.is_none(), "{tag}: {output_text}");
        assert!(output_text.contains(expected_text.unwrap_or_default()), "{tag}: {output_text}");
    }
    let dir = project(&described, &of_debian);
    let notes = run(dir.path(), &["notes", version]);
    assert_eq!(String::from_utf8_lossy(&notes.stdout), "### Added\n\n- it\n");
    let none = run(dir.path(), &["notes", "9.9.9"]);
    assert!(!none.status.success() && none.stdout.is_empty(), "{none:?}");
}

#[test]
fn the_archive_has_what_an_administrator_needs() {
    let (dir, again) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let binary = dir.path().join("built");
    fs::write(&binary, "a binary").unwrap();
    let pack = |to: &TempDir| {
        let done = run(&root("."), &["archive", binary.to_str().unwrap(), "some-target", to.path().to_str().unwrap()]);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap().trim_end().to_owned()
    };
    let archive = pack(&dir);
    let name = format!("tomcat-sessions-{}-some-target", env!("CARGO_PKG_VERSION"));
    assert!(archive.ends_with(&format!("/{name}.tar.gz")), "{archive}");
    assert_eq!(fs::read(&archive).unwrap(), fs::read(pack(&again)).unwrap(), "the same input gives the same bytes");
    let listed = Command::new("tar").args(["--list", "--verbose", "--file", &archive]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let line = |file: &str| {
        let end = format!(" {name}/{file}");
        listed
            .lines()
            .find(|line| line.ends_with(&end))
            .unwrap_or_else(|| panic!("{file} is not in the archive: {listed}"))
    };
    assert!(line("tomcat-sessions").starts_with("-rwxr-xr-x 0/0 "), "{}", line("tomcat-sessions"));
    let files = [below("man", ".1"), below("completions", ""), below("docs", ".md"), below("packaging/systemd", "")];
    for file in files.concat().iter().map(String::as_str).chain(["LICENSE-MIT", "LICENSE-APACHE", "README.md"]) {
        assert!(line(file).starts_with("-rw-r--r-- 0/0 "), "{}", line(file));
    }
}

/// The binary of these tests needs a C library.
#[test]
fn a_binary_that_needs_libraries_is_no_release() {
    let done = run(&root("."), &["smoke", env!("CARGO_BIN_EXE_tomcat-sessions")]);
    assert!(!done.status.success());
    let output_text = String::from_utf8_lossy(&done.stderr);
    assert!(output_text.contains("needs a dynamic linker"), "{output_text}");
}
