//! Files that are generated and committed.

use std::path::Path;

/// With this in the environment, a test writes its file anew.
const WRITE: &str = "CAM_LUCIDA_WRITE";

/// Checks that `file` of the repository is what was `generated`; `tests` are those that `cargo test` has to run to write it.
pub fn assert_committed(file: &str, generated: &str, tests: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, generated).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == generated, "{file} is stale; run `{WRITE}=1 cargo test {tests}` to write it again");
}
