//! Creates files and directories that only their owner can read, regardless of the umask and of existing files.
//! Everything that this program creates is created here; `tests/cli/created_files.rs` verifies it.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempDir};

/// Permissions of a file.
const OWNER: u32 = 0o600;
/// Permissions of a file that others may read.
const READABLE: u32 = 0o644;
/// Permissions of a directory.
const OWNER_DIRECTORY: u32 = 0o700;

/// Creates a file with a random name next to `path`, to be renamed to `path` when it is complete; it is removed if it
/// is dropped before.
///
/// # Errors
/// If the directory is not writable.
pub fn beside(path: &Path) -> io::Result<NamedTempFile> {
    random_name(path, OWNER)
}

/// As [`beside`]; others may read the file if the umask allows it.
///
/// # Errors
/// As [`beside`].
pub fn readable_beside(path: &Path) -> io::Result<NamedTempFile> {
    random_name(path, READABLE)
}

fn random_name(path: &Path, mode: u32) -> io::Result<NamedTempFile> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // The name may have the maximum length of the file system, and is extended here.
    let prefix = format!(".{}.", name.chars().take(60).collect::<String>());
    let mut builder = tempfile::Builder::new();
    builder.permissions(Permissions::from_mode(mode)).prefix(&prefix).suffix(".part").tempfile_in(folder(path))
}

/// Creates a file without a name, which disappears when it is closed.
///
/// # Errors
/// If the directory is missing or not writable.
pub fn unnamed(dir: &Path) -> io::Result<File> {
    // The error does not contain the random name of the file.
    fs::metadata(dir)?;
    tempfile::tempfile_in(dir)
}

/// Creates a directory with a random name in TMPDIR; it is removed with its contents when it is dropped.
///
/// # Errors
/// If TMPDIR is not writable.
pub fn temporary_directory() -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.permissions(Permissions::from_mode(OWNER_DIRECTORY)).prefix("tomcat-sessions.").tempdir()
}

/// Creates a directory and its missing parents.
///
/// # Errors
/// If one cannot be created, or its name is in use.
pub fn directory(dir: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(OWNER_DIRECTORY).create(dir)
}

/// Creates a file that does not exist.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`], also for a symbolic link, wherever it leads.
pub fn new(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(OWNER).open(path)
}

/// Opens or creates the file `NAME.lock`, to be locked; its contents are kept.
///
/// # Errors
/// If it cannot be opened, or is a link or not a regular file.
pub fn lock_file(path: &Path) -> io::Result<File> {
    own(OpenOptions::new().write(true).truncate(false), path)
}

/// Opens or creates a file for appending.
///
/// # Errors
/// As [`lock_file`].
pub fn append(path: &Path) -> io::Result<File> {
    own(OpenOptions::new().append(true), path)
}

fn own(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    let options = options.create(true).mode(OWNER);
    let file = options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK).open(path).map_err(|error| {
        match error.raw_os_error() {
            Some(libc::ELOOP) => io::Error::other("it is a symbolic link"),
            Some(libc::ENXIO) => not_regular(),
            _ => error,
        }
    })?;
    regular(file)
}

/// Opens a file for reading. Pipes and devices are refused, because reading them could block or never end.
///
/// # Errors
/// If it cannot be opened, or is not a regular file.
pub fn open_regular(path: &Path) -> io::Result<File> {
    regular(OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path)?)
}

/// The path with `.lock` appended.
pub fn lock_path(path: &Path) -> PathBuf {
    let mut lock = path.to_owned().into_os_string();
    lock.push(".lock");
    PathBuf::from(lock)
}

/// Tells whether every account on this machine can read a file: by its own permissions, and those of its directories.
pub fn others_may_read(path: &Path) -> bool {
    let Ok(path) = path.canonicalize() else { return false };
    let allows = |path: &Path, mode| fs::metadata(path).is_ok_and(|about| about.permissions().mode() & mode == mode);
    path.is_file() && allows(&path, 0o004) && path.ancestors().skip(1).all(|folder| allows(folder, 0o001))
}

/// The directory of a path.
pub fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn regular(file: File) -> io::Result<File> {
    if file.metadata()?.is_file() { Ok(file) } else { Err(not_regular()) }
}

fn not_regular() -> io::Error {
    io::Error::other("it is not a regular file")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::os::unix::fs::symlink;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn created_files_are_readable_by_the_owner_only() {
        let dir = temporary_directory().unwrap();
        assert_eq!(mode(dir.path()), 0o700);
        let path = dir.path().join("a/b/file");
        directory(&dir.path().join("a/b")).unwrap();
        assert_eq!((mode(&dir.path().join("a")), mode(&dir.path().join("a/b"))), (0o700, 0o700));
        assert_eq!(mode(beside(&path).unwrap().path()), 0o600);
        drop(new(&path).unwrap());
        drop(lock_file(&lock_path(&path)).unwrap());
        assert_eq!((mode(&path), mode(&lock_path(&path))), (0o600, 0o600));
        assert!(!others_may_read(&path));
        assert_eq!(new(&path).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    }

    #[test]
    fn a_file_is_readable_by_others_only_if_its_directories_are() {
        let dir = temporary_directory().unwrap();
        let path = dir.path().join("file");
        new(&path).unwrap();
        for (of_file, of_dir, open) in [
            (0o644, 0o755, true),
            (0o604, 0o711, true),
            (0o640, 0o755, false),
            (0o644, 0o750, false),
            (0o600, 0o755, false),
        ] {
            fs::set_permissions(&path, Permissions::from_mode(of_file)).unwrap();
            fs::set_permissions(dir.path(), Permissions::from_mode(of_dir)).unwrap();
            assert_eq!(others_may_read(&path), open, "{of_file:o} in {of_dir:o}");
        }
        assert!(!others_may_read(&dir.path().join("missing")) && !others_may_read(dir.path()));
    }

    #[test]
    fn links_and_pipes_are_not_opened() {
        let dir = temporary_directory().unwrap();
        let (target, link) = (dir.path().join("target"), dir.path().join("link"));
        new(&target).unwrap().write_all(b"kept").unwrap();
        symlink(&target, &link).unwrap();
        assert!(lock_file(&link).unwrap_err().to_string().contains("symbolic link"));
        assert_eq!(new(&link).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        lock_file(&target).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"kept");
        open_regular(&link).unwrap();
        assert!(open_regular(Path::new("/dev/null")).is_err() && open_regular(dir.path()).is_err());
        assert!(lock_file(Path::new("/dev/null")).is_err());
    }
}
