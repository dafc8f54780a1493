//! Class names.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::Result;
use crate::error::error;

/// How a column of names may be headed.
const NAMES: [&str; 9] =
    ["name", "names", "label", "labels", "class", "classes", "class_name", "label_name", "category"];

/// Class names in the order of their ids.
///
/// They come as JSON: a list of names; an object `{id: name}` or `{name: id}`, the latter torchvision's `class_to_idx`; Keras's
/// `imagenet_class_index.json`, `{id: [WordNet id, name]}`; or an object with one of these under `id2label`, `label2id` or
/// `class_to_idx`. Or they come as text: one name a line, or a table with ids. Commas, semicolons or tabs
/// separate its columns; it may have a header.
///
/// # Errors
/// [`is_weights`](crate::Error::is_weights): no names, or ids that are not 0 to the last without a gap.
///
/// ```
/// use cam_lucida::weights::labels;
///
/// assert_eq!(labels(r#"["cat", "dog"]"#)?, ["cat", "dog"]);
/// assert_eq!(labels(r#"{ "1": "dog", "0": "cat" }"#)?, ["cat", "dog"]);
/// assert_eq!(labels(r#"{ "dog": 1, "cat": 0 }"#)?, ["cat", "dog"]);
/// assert_eq!(labels(r#"{ "0": ["n02123045", "cat"], "1": ["n02084071", "dog"] }"#)?, ["cat", "dog"]);
/// assert_eq!(labels("cat\ndog\n")?, ["cat", "dog"]);
/// assert_eq!(labels("id,name\n1,dog\n0,cat\n")?, ["cat", "dog"]);
/// assert_eq!(labels(r#"{ "0": "cat", "2": "dog" }"#).unwrap_err().code(), "labels-gap");
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub fn labels(text: &str) -> Result<Vec<String>> {
    let trimmed = text.trim_start_matches('\u{feff}').trim();
    let names: Vec<String> = if trimmed.starts_with(['[', '{']) {
        let json: Json = serde_json::from_str(trimmed).map_err(|cause| {
            error!(
                Weights,
                "labels-json",
                "the labels are neither a JSON list of names nor a JSON object of ids and names ({cause})",
                cause
            )
            .with_source(cause)
        })?;
        json.names()?
    } else if let Ok(value @ (Value::Null | Value::Bool(_) | Value::Number(_))) =
        serde_json::from_str(trimmed)
    {
        return Err(error!(
            Weights,
            "labels-scalar",
            "the labels are the single value {value}; a list or table of names is expected",
            value
        ));
    } else {
        lines(trimmed)?
    };
    if names.is_empty() {
        return Err(error!(Weights, "labels-empty", "the labels file is empty; it should name each class"));
    }
    Ok(names)
}

/// The forms of names in JSON.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "a list of names, {id: name}, {name: id} or {id: [WordNet id, name]} is expected"
)]
enum Json {
    List(Vec<String>),
    Named(Pairs<String>),
    WordNet(Pairs<(String, String)>),
    Ids(Pairs<usize>),
    Within {
        #[serde(alias = "label2id", alias = "class_to_idx", alias = "idx_to_class")]
        id2label: Box<Json>,
    },
}

impl Json {
    fn names(self) -> Result<Vec<String>> {
        match self {
            Self::List(names) => Ok(names),
            Self::Named(names) => numbered(names.0.into_iter()),
            Self::WordNet(names) => numbered(names.0.into_iter().map(|(id, (_, name))| (id, name))),
            Self::Ids(ids) => by_id(ids.0.into_iter().map(|(name, id)| (id, name)).collect()),
            Self::Within { id2label } => id2label.names(),
        }
    }
}

/// The entries of a JSON object, also those whose key stands there twice: which of them counts nobody knows.
pub(super) struct Pairs<T>(pub Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

struct Entries<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
    type Value = Pairs<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Pairs<T>, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}

/// The names by ids that are texts, as JSON has them.
pub(super) fn numbered(names: impl Iterator<Item = (String, String)>) -> Result<Vec<String>> {
    let numbered = names.map(|(id, name)| match id.trim().parse() {
        Ok(id) => Ok((id, name)),
        Err(_) => Err(error!(
            Weights,
            "labels-id",
            "the labels have `{id}` in place of a class number; number the classes 0, 1, 2 and so on",
            id
        )),
    });
    by_id(numbered.collect::<Result<_>>()?)
}

/// One name a line, or a table.
fn lines(text: &str) -> Result<Vec<String>> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    for separator in ['\t', ';', ','] {
        if let Some(names) = table(&lines, separator) {
            return names;
        }
    }
    let is_header = |line: &&&str| NAMES.contains(&line.to_lowercase().as_str());
    let headed = usize::from(lines.len() > 1 && lines.first().filter(is_header).is_some());
    Ok(lines[headed..].iter().map(|line| unquoted(line)).collect())
}

/// The names of a table: one of its columns counts the classes. `None`: the lines are no table.
fn table(lines: &[&str], separator: char) -> Option<Result<Vec<String>>> {
    let rows: Vec<Vec<String>> =
        lines.iter().filter(|line| !line.is_empty()).map(|line| cells(line, separator)).collect();
    let width = rows.first()?.len();
    if width < 2 || rows.iter().any(|row| row.len() != width) {
        return None;
    }
    let is_counted = |rows: &[Vec<String>], column: usize| {
        !rows.is_empty() && rows.iter().all(|row| row[column].parse::<usize>().is_ok())
    };
    let counting = |rows: &[Vec<String>]| (0..width).find(|&column| is_counted(rows, column));
    let (header, rows, ids) = match (counting(&rows), counting(&rows[1..])) {
        (Some(ids), _) => (None, &rows[..], ids),
        (None, Some(ids)) => (rows.first(), &rows[1..], ids),
        (None, None) => return None,
    };
    let headed = header
        .and_then(|header| header.iter().position(|cell| NAMES.contains(&cell.to_lowercase().as_str())));
    let named = headed.filter(|&column| column != ids).or_else(|| {
        let is_wordnet =
            |text: &str| text.len() == 9 && text.starts_with('n') && text[1..].parse::<u32>().is_ok();
        (0..width).find(|&column| column != ids && !rows.iter().all(|row| is_wordnet(&row[column])))
    })?;
    let id = |row: &Vec<String>| row[ids].parse().unwrap_or(usize::MAX);
    Some(by_id(rows.iter().map(|row| (id(row), row[named].clone())).collect()))
}

/// The cells of a line; one in quotes may hold separators.
fn cells(line: &str, separator: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c == separator && !quoted => cells.push(String::new()),
            c => cells.last_mut().expect("there is a first").push(c),
        }
    }
    cells.iter().map(|cell| cell.trim().to_string()).collect()
}

fn unquoted(line: &str) -> String {
    line.strip_prefix('"').and_then(|line| line.strip_suffix('"')).unwrap_or(line).into()
}

/// The names of classes 0 to the last, each of which has one name.
fn by_id(names: Vec<(usize, String)>) -> Result<Vec<String>> {
    let mut ordered = BTreeMap::new();
    for (id, name) in names {
        if let Some(first) = ordered.insert(id, name.clone()) {
            return Err(error!(
                Weights,
                "labels-twice",
                "the labels name class {id} twice, `{first}` and `{second}`; give each class one name",
                id,
                first,
                second = name
            ));
        }
    }
    match ordered.keys().enumerate().find(|(i, id)| i != *id) {
        Some((missing, found)) => Err(error!(
            Weights,
            "labels-gap",
            "the labels name class {found}, but not class {missing}; name each class from 0 to the last",
            found,
            missing
        )),
        None => Ok(ordered.into_values().collect()),
    }
}
