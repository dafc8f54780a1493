//! Class names.

use std::collections::BTreeMap;

use crate::{Error, Result};

/// Class names in the order of their ids, from a JSON list, a JSON object `{id: name}`, or text with one a line.
///
/// # Errors
/// [`is_weights`](Error::is_weights): no names, or ids that are not 0 to the last without a gap.
pub fn labels(text: &str) -> Result<Vec<String>> {
    let trimmed = text.trim_start_matches('\u{feff}').trim();
    let unreadable = |error| {
        Error::weights(format!("the labels are no JSON list of names or object of id and name ({error})"))
    };
    let names: Vec<String> = if trimmed.starts_with('[') {
        serde_json::from_str(trimmed).map_err(unreadable)?
    } else if trimmed.starts_with('{') {
        in_order(serde_json::from_str(trimmed).map_err(unreadable)?)?
    } else {
        trimmed.lines().map(|line| line.trim().to_string()).collect()
    };
    if names.is_empty() {
        return Err(Error::weights("the labels file is empty; it should name each class"));
    }
    Ok(names)
}

/// The names of classes 0 to the last, of which none may be missing.
pub(super) fn in_order(by_id: BTreeMap<usize, String>) -> Result<Vec<String>> {
    match by_id.keys().enumerate().find(|(i, id)| i != *id) {
        Some((expected, id)) => {
            Err(Error::weights(format!("the labels name class {id}, but not class {expected}")))
        }
        None => Ok(by_id.into_values().collect()),
    }
}
