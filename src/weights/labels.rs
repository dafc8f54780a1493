//! Class names.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::candidate::MAX_CLASSES;
use super::text;
use crate::Result;
use crate::error::error;

/// How a column of names may be headed.
const NAMES: [&str; 9] =
    ["name", "names", "label", "labels", "class", "classes", "class_name", "label_name", "category"];
/// How a column of ids may be headed.
const IDS: [&str; 9] =
    ["id", "ids", "index", "idx", "class_id", "class_index", "class_idx", "label_id", "label_index"];

/// Class names in the order of their ids.
///
/// They come as JSON: a list of names; an object `{id: name}` or `{name: id}`, the latter torchvision's `class_to_idx`; Keras's
/// `imagenet_class_index.json`, `{id: [WordNet id, name]}`; or an object with one of these under `id2label`, `label2id` or
/// `class_to_idx`, such as Hugging Face's `config.json`. Or they come as text: one name a line, with or without its id before it, or a
/// table. Commas, semicolons or tabs separate its columns; it may have a header, which tells ids from names that are numbers.
///
/// # Errors
/// [`is_weights`](crate::Error::is_weights): no names, or more than 100,000; a text of more than 4 MiB; ids that are not 0 to the last without a gap, or two columns that may be the ids.
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
    text::check("labels", text)?;
    // Old programs of the Mac end lines by a carriage return alone.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
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
        // One of them may be a header. Each takes more memory than it has bytes.
        check_count(trimmed.lines().count().saturating_sub(1))?;
        lines(trimmed)?
    };
    check_count(names.len())?;
    if names.is_empty() {
        return Err(error!(Weights, "labels-empty", "the labels file is empty; it should name each class"));
    }
    Ok(names)
}

/// Checks that there are no more names than a network may have classes.
fn check_count(names: usize) -> Result<()> {
    if names <= MAX_CLASSES {
        return Ok(());
    }
    Err(error!(
        Weights,
        "labels-count",
        "the labels name {found} classes; a network may have {classes}",
        found = names,
        classes = MAX_CLASSES
    ))
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
    Within(Within),
}

/// One of them, or two that say the same, among the other entries of a config.
#[derive(Deserialize)]
#[serde(try_from = "Parts")]
struct Within(Vec<Json>);

#[derive(Deserialize)]
struct Parts {
    id2label: Option<Json>,
    idx_to_class: Option<Json>,
    label2id: Option<Json>,
    class_to_idx: Option<Json>,
}

impl TryFrom<Parts> for Within {
    type Error = &'static str;

    fn try_from(parts: Parts) -> std::result::Result<Self, Self::Error> {
        let Parts { id2label, idx_to_class, label2id, class_to_idx } = parts;
        let found: Vec<_> = [id2label, idx_to_class, label2id, class_to_idx].into_iter().flatten().collect();
        if found.is_empty() { Err("no names") } else { Ok(Self(found)) }
    }
}

impl Json {
    fn names(self) -> Result<Vec<String>> {
        match self {
            Self::List(names) => Ok(names),
            Self::Named(names) => numbered(names.0.into_iter()),
            Self::WordNet(names) => numbered(names.0.into_iter().map(|(id, (_, name))| (id, name))),
            Self::Ids(ids) => by_id(ids.0.into_iter().map(|(name, id)| (id, name)).collect()),
            Self::Within(Within(parts)) => {
                let mut all = parts.into_iter().map(Self::names).collect::<Result<Vec<_>>>()?;
                let first = all.remove(0);
                match all.iter().flatten().zip(first.iter().cycle()).find(|(other, name)| other != name) {
                    None if all.iter().all(|other| other.len() == first.len()) => Ok(first),
                    differing => Err(error!(
                        Weights,
                        "labels-differ",
                        "the labels say two things of the classes (`{name}` and `{other}`), as `id2label` and `label2id`; leave one of them out",
                        name = differing.map_or("", |(_, name)| name),
                        other = differing.map_or("", |(other, _)| other)
                    )),
                }
            }
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
    if let Some(names) = led_by_ids(&lines) {
        return names;
    }
    let is_header = |line: &&&str| NAMES.contains(&line.to_lowercase().as_str());
    let headed = usize::from(lines.len() > 1 && lines.first().filter(is_header).is_some());
    Ok(lines[headed..].iter().map(|line| unquoted(line)).collect())
}

/// The names of lines such as `0: cat` or `0 cat`, whose numbers count the classes in any order. `None`: they do not.
fn led_by_ids(lines: &[&str]) -> Option<Result<Vec<String>>> {
    let split = |line: &&str| {
        let (id, name) = line.split_once(|c: char| c == ':' || c.is_whitespace())?;
        Some((id.parse().ok()?, name.trim_start_matches(':').trim().to_string()))
    };
    let names: Vec<(usize, String)> = lines.iter().map(split).collect::<Option<_>>()?;
    let ids: Vec<usize> = names.iter().map(|(id, _)| *id).collect();
    counts(&ids).then(|| by_id(names))
}

/// Whether these are 0 to the last, in any order.
fn counts(ids: &[usize]) -> bool {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.iter().enumerate().all(|(i, id)| i == *id)
}

/// The names of a table: one of its columns counts the classes, or its header tells the names. `None`: the lines are no table.
fn table(lines: &[&str], separator: char) -> Option<Result<Vec<String>>> {
    let rows: Vec<Vec<String>> =
        lines.iter().filter(|line| !line.is_empty()).map(|line| cells(line, separator)).collect();
    let width = rows.first()?.len();
    if width < 2 || rows.iter().any(|row| row.len() != width) {
        return None;
    }
    let numbers = |rows: &[Vec<String>], column: usize| -> Option<Vec<usize>> {
        let numbers = rows.iter().map(|row| row[column].parse().ok()).collect::<Option<Vec<_>>>()?;
        (!numbers.is_empty()).then_some(numbers)
    };
    let numbered = |rows: &[Vec<String>]| -> Vec<(usize, Vec<usize>)> {
        (0..width).filter_map(|column| Some((column, numbers(rows, column)?))).collect()
    };
    let (header, rows, counting) = match (numbered(&rows), numbered(&rows[1..])) {
        (found, _) if !found.is_empty() => (None, &rows[..], found),
        (_, found) => (rows.first(), &rows[1..], found),
    };
    let headed = |heads: &[&str], but: Option<usize>| {
        let is_head = |(column, cell): (usize, &String)| {
            (heads.contains(&cell.to_lowercase().as_str()) && Some(column) != but).then_some(column)
        };
        header.and_then(|header| header.iter().enumerate().find_map(is_head))
    };
    let ids = match (headed(&IDS, None), &counting[..]) {
        (_, []) => {
            let names = headed(&NAMES, None)?;
            return Some(Ok(rows.iter().map(|row| row[names].clone()).collect()));
        }
        (Some(column), _) if counting.iter().any(|(known, _)| *known == column) => column,
        (_, [(column, _)]) => *column,
        (_, [(first, _), ..]) => {
            let whole: Vec<_> = counting.iter().filter(|(_, ids)| counts(ids)).collect();
            match whole[..] {
                [] => *first,
                [(column, _)] => *column,
                [(column, ids), (_, same), ..] if ids == same => *column,
                _ => {
                    return Some(Err(error!(
                        Weights,
                        "labels-columns",
                        "several columns of the labels count the classes, so that it is not clear which are the ids; add a header, such as id and name"
                    )));
                }
            }
        }
    };
    let named = headed(&NAMES, Some(ids)).or_else(|| {
        let is_wordnet = |text: &str| text.strip_prefix('n').is_some_and(|rest| rest.parse::<u32>().is_ok());
        let others = || (0..width).filter(|&column| column != ids);
        others().find(|&column| !rows.iter().all(|row| is_wordnet(&row[column]))).or_else(|| others().next())
    })?;
    let id = |row: &Vec<String>| row[ids].parse().unwrap_or(usize::MAX);
    Some(by_id(rows.iter().map(|row| (id(row), row[named].clone())).collect()))
}

/// The cells of a line; one in quotes may hold separators, and quotes, each twice.
fn cells(line: &str, separator: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let (mut quoted, mut chars) = (false, line.chars().peekable());
    while let Some(c) = chars.next() {
        let is_first = cells.last().is_some_and(|cell| cell.trim().is_empty());
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cells.last_mut().expect("there is a first").push('"');
            }
            '"' if quoted || is_first => quoted = !quoted,
            c if c == separator && !quoted => cells.push(String::new()),
            c => cells.last_mut().expect("there is a first").push(c),
        }
    }
    cells.iter().map(|cell| cell.trim().to_string()).collect()
}

fn unquoted(line: &str) -> String {
    let within = line.strip_prefix('"').and_then(|line| line.strip_suffix('"'));
    within.map_or_else(|| line.into(), |within| within.replace("\"\"", "\""))
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
