//! A file that is written whole or not at all. The project's own tools include this file, too.

use std::io::{self, Write};
use std::path::Path;

/// Writes `bytes` beside `path`, then moves them there. On failure nothing of them is left, and a file that was there stays.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".").suffix(".part");
    // A temporary file is its owner's alone; this one becomes as public as any new file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut part = builder.tempfile_in(folder)?;
    part.write_all(bytes)?;
    part.persist(path).map_err(|failed| failed.error)?;
    Ok(())
}
