//! Notes of a weight file that was converted: the converted file no longer leads to them, so its card keeps them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::config::CONFIG;
use crate::error::error;
use crate::{Note, Result, printable};

/// The notes that a card may keep, by their codes, with the names of their arguments.
const KEPT: [(&str, &[&str]); 14] = [
    ("checkpoint-network", &["name", "at", "title"]),
    ("head-activations", &["layers"]),
    ("head-first", &["before", "first"]),
    ("head-pooling", &["inputs", "channels"]),
    ("head-pooling-parts", &["inputs", "channels", "pooled"]),
    ("head-without-bias", &[]),
    ("matched-by-order", &["title"]),
    ("module-code", &["modules"]),
    ("module-unknown", &["classes", "title"]),
    ("module-window", &["name", "kernel"]),
    ("network-behind", &["before", "title"]),
    ("order-shifted", &["found", "wanted", "title"]),
    ("relu-assumed", &["head"]),
    ("shortcut-average", &[]),
];

/// A note in a `config.json`.
#[derive(Deserialize)]
pub struct Noted {
    code: String,
    message: String,
    #[serde(default)]
    arguments: BTreeMap<String, String>,
}

/// Whether a card keeps such a note.
pub fn is_kept(note: &Note) -> bool {
    KEPT.iter().any(|(code, _)| *code == note.code())
}

/// The note that an entry of a card stands for.
///
/// # Errors
/// [`is_weights`](crate::Error::is_weights) when no card keeps such a note.
pub fn to_note(noted: Noted) -> Result<Note> {
    let Noted { code, message, mut arguments } = noted;
    let Some((code, names)) = KEPT.iter().find(|(known, _)| *known == code) else {
        return Err(error!(
            Weights,
            "card-noted",
            "{file}: `noted` has the code `{code}`; only {known} are known. Remove the entry",
            file = CONFIG,
            code,
            known = KEPT.map(|(code, _)| code).join(", ")
        ));
    };
    let mut argument = |name: &&'static str| (*name, printable(arguments.remove(*name).unwrap_or_default()));
    let arguments = names.iter().map(&mut argument).collect();
    Ok(Note::kept(code, printable(&message), arguments))
}
