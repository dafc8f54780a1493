//! A folder that one run writes into at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use crate::Failure;
use crate::files::cannot_write;
use crate::terminal;

/// Keeps other runs of this program out of a folder until it is dropped.
///
/// On Unix the folder itself is locked, so that no file is left behind. Other systems open no folders; there a hidden file in it is
/// locked, and stays: who removed it could let in two others. Where a file system has no locks, as some that are on other machines, a
/// note says so: files still appear whole, but two runs may mix theirs.
pub struct FolderLock {
    _locked: Option<File>,
}

/// The file that is locked in place of its folder. It ends as what is not finished does, so that a folder with no other is vacant.
const FILE: &str = ".cam-lucida-lock.part";

impl FolderLock {
    /// Makes the folder if it is not there, and waits for its turn.
    pub fn wait(folder: &Path) -> Result<Self, Failure> {
        let opened = Self::open(folder)?;
        let locked = opened.lock();
        Ok(Self { _locked: told(folder, locked.map(|()| opened)) })
    }

    /// Makes the folder if it is not there; refuses it while another run works there.
    pub fn claim(folder: &Path) -> Result<Self, Failure> {
        let opened = Self::open(folder)?;
        match opened.try_lock() {
            Ok(()) => Ok(Self { _locked: Some(opened) }),
            Err(TryLockError::WouldBlock) => Err(format!(
                "another run of cam-lucida is writing into {}; wait for it, or choose another --output-dir",
                folder.display()
            )
            .into()),
            Err(TryLockError::Error(error)) => Ok(Self { _locked: told(folder, Err(error)) }),
        }
    }

    fn open(folder: &Path) -> Result<File, Failure> {
        std::fs::create_dir_all(folder).map_err(|error| cannot_write(folder, error))?;
        let opened = if cfg!(unix) { File::open(folder) } else { open_file(folder) };
        opened.map_err(|error| cannot_write(folder, error))
    }
}

/// The file of a folder that is locked in its place.
fn open_file(folder: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).open(folder.join(FILE))
}

/// What is locked; where nothing can be, that is told.
fn told(folder: &Path, locked: io::Result<File>) -> Option<File> {
    locked
        .inspect_err(|error| {
            let folder = folder.display();
            terminal::tell(format!(
                "note: {folder} cannot be locked ({error}), so no other run of cam-lucida may write into it meanwhile"
            ));
        })
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_locked_for_one_at_a_time_as_a_folder_is() {
        let folder = tempfile::tempdir().unwrap();
        for open in [open_file, |folder: &Path| File::open(folder)] {
            let [first, second] = [open(folder.path()).unwrap(), open(folder.path()).unwrap()];
            first.try_lock().unwrap();
            assert!(matches!(second.try_lock(), Err(TryLockError::WouldBlock)));
            drop(first);
            second.try_lock().unwrap();
        }
        assert!(crate::models::check_vacant(folder.path()).is_ok(), "the file makes it no model's folder");
    }

    #[test]
    fn a_folder_that_is_claimed_is_refused_until_it_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let claimed = FolderLock::claim(folder.path()).unwrap();
        let refused = FolderLock::claim(folder.path()).err().unwrap().to_string();
        assert!(refused.contains("another run of cam-lucida"), "{refused}");
        drop(claimed);
        assert!(FolderLock::claim(folder.path()).is_ok());
    }
}
