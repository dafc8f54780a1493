//! Class names.

use std::collections::BTreeMap;

use crate::Result;
use crate::error::error;

/// Class names in the order of their ids, from a JSON list, a JSON object `{id: name}`, or text with one name a line.
///
/// # Errors
/// [`is_weights`](crate::Error::is_weights): no names, or ids that are not 0 to the last without a gap.
///
/// ```
/// use cam_lucida::weights::labels;
///
/// assert_eq!(labels(r#"["cat", "dog"]"#)?, ["cat", "dog"]);
/// assert_eq!(labels(r#"{ "1": "dog", "0": "cat" }"#)?, ["cat", "dog"]);
/// assert_eq!(labels("cat\ndog\n")?, ["cat", "dog"]);
/// assert_eq!(labels(r#"{ "0": "cat", "2": "dog" }"#).unwrap_err().code(), "labels-gap");
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub fn labels(text: &str) -> Result<Vec<String>> {
    let trimmed = text.trim_start_matches('\u{feff}').trim();
    let unreadable = |cause: serde_json::Error| {
        error!(
            Weights,
            "labels-json",
            "the labels are neither a JSON list of names nor a JSON object of ids and names ({cause})",
            cause
        )
        .with_source(cause)
    };
    let names: Vec<String> = if trimmed.starts_with('[') {
        serde_json::from_str(trimmed).map_err(unreadable)?
    } else if trimmed.starts_with('{') {
        in_order(serde_json::from_str(trimmed).map_err(unreadable)?)?
    } else {
        trimmed.lines().map(|line| line.trim().to_string()).collect()
    };
    if names.is_empty() {
        return Err(error!(Weights, "labels-empty", "the labels file is empty; it should name each class"));
    }
    Ok(names)
}

/// The names of classes 0 to the last, none of which may be missing.
pub(super) fn in_order(by_id: BTreeMap<usize, String>) -> Result<Vec<String>> {
    match by_id.keys().enumerate().find(|(i, id)| i != *id) {
        Some((missing, found)) => Err(error!(
            Weights,
            "labels-gap", "the labels name class {found}, but not class {missing}", found, missing
        )),
        None => Ok(by_id.into_values().collect()),
    }
}
