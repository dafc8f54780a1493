//! A folder that one run writes into at a time.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::Failure;
use crate::files::cannot_write;

/// Keeps other runs of this program out of a folder until it is dropped.
///
/// The folder itself is locked, so that no file is left behind. Where a system or its file system locks no folders, as on
/// Windows, files still appear whole, but two runs may mix theirs.
pub struct FolderLock {
    _folder: Option<File>,
}

impl FolderLock {
    /// Makes the folder if it is not there, and waits for its turn.
    pub fn wait(folder: &Path) -> Result<Self, Failure> {
        let opened = Self::open(folder)?;
        let folder = opened.filter(|folder| folder.lock().is_ok());
        Ok(Self { _folder: folder })
    }

    /// Makes the folder if it is not there; refuses it while another run works there.
    pub fn claim(folder: &Path) -> Result<Self, Failure> {
        let Some(opened) = Self::open(folder)? else { return Ok(Self { _folder: None }) };
        match opened.try_lock() {
            Ok(()) => Ok(Self { _folder: Some(opened) }),
            Err(TryLockError::WouldBlock) => Err(format!(
                "another run of cam-lucida is writing into {}; wait for it, or choose another --output-dir",
                folder.display()
            )
            .into()),
            Err(TryLockError::Error(_)) => Ok(Self { _folder: None }),
        }
    }

    fn open(folder: &Path) -> Result<Option<File>, Failure> {
        std::fs::create_dir_all(folder).map_err(|error| cannot_write(folder, error))?;
        Ok(File::open(folder).ok())
    }
}
