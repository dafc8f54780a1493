//! What training scripts leave beside tensors: names and settings, as plain values.

use serde_json::{Map, Number, Value as Plain};

use super::join;
use super::pickle::{Pickled, Value};

/// Under what names scripts keep settings.
const SETTINGS: [&str; 15] = [
    "args",
    "cfg",
    "config",
    "configs",
    "hparams",
    "hyper_parameters",
    "hyper_params",
    "meta",
    "model_args",
    "model_config",
    "model_kwargs",
    "opt",
    "options",
    "opts",
    "params",
];
/// How deep in a file such dicts are looked for, and how deep values in them are kept.
const MAX_DEPTH: usize = 4;
const MAX_KEPT_DEPTH: usize = 8;
/// The most dicts that are looked at, and the most values of each of their settings.
const MAX_DICTS: usize = 64;
const MAX_VALUES: usize = 4096;
/// The most bytes of texts. mmpretrain keeps all of a configuration in one.
const MAX_TEXT_BYTES: usize = 1 << 20;

/// What one dict of a file says beside the tensors in it.
#[derive(Clone)]
pub struct Beside {
    /// Where in the file the dict is, as the path of a state.
    pub path: String,
    pub said: Map<String, Plain>,
}

/// What each dict of a pickle says.
pub fn beside(pickled: &Pickled) -> Vec<Beside> {
    let mut reader = Reader {
        pickled,
        dicts: MAX_DICTS,
        left: 0,
        bytes: MAX_TEXT_BYTES,
        around: Vec::new(),
        found: Vec::new(),
    };
    reader.visit(pickled.value, "", 0);
    reader.found
}

struct Reader<'a> {
    pickled: &'a Pickled<'a>,
    /// How many dicts more are looked at, values of one setting, and bytes of texts.
    dicts: usize,
    left: usize,
    bytes: usize,
    /// The groups around a value: values may hold one another in circles.
    around: Vec<u32>,
    found: Vec<Beside>,
}

impl Reader<'_> {
    fn visit(&mut self, dict: Value, path: &str, depth: usize) {
        if !matches!(dict, Value::Dict(_)) || depth >= MAX_DEPTH {
            return;
        }
        let (mut said, mut dicts) = (Map::new(), Vec::new());
        for (key, value) in self.pickled.entries(dict) {
            self.left = MAX_VALUES;
            match value {
                Value::Text(..) => drop(self.plain(value, 0).map(|text| said.insert(key.into(), text))),
                _ if SETTINGS.contains(&key.as_ref()) => {
                    said.extend(self.plain(value, 0).map(|settings| (key.into(), settings)));
                }
                Value::Dict(_) => dicts.push((key, value)),
                _ => {}
            }
        }
        if !said.is_empty() {
            self.found.push(Beside { path: path.into(), said });
        }
        for (key, value) in dicts {
            if self.dicts > 0 {
                self.dicts -= 1;
                self.visit(value, &join(path, &key), depth + 1);
            }
        }
    }

    /// A value without its tensors; `None`: there is nothing that is kept.
    fn plain(&mut self, value: Value, depth: usize) -> Option<Plain> {
        self.left = self.left.checked_sub(1)?;
        if depth > MAX_KEPT_DEPTH || value.group().is_some_and(|group| self.around.contains(&group)) {
            return None;
        }
        let pickled = self.pickled;
        self.around.extend(value.group());
        let found = match value {
            Value::None => Some(Plain::Null),
            Value::Bool(yes) => Some(yes.into()),
            Value::Int(number) => Some(number.into()),
            Value::Float(number) => Number::from_f64(number).map(Plain::Number),
            Value::Text(..) => pickled.text(value).and_then(|text| {
                self.bytes = self.bytes.checked_sub(text.len())?;
                Some(Plain::from(text))
            }),
            // A class or a function, such as an activation's.
            Value::Global(_) => pickled.name(value).map(|name| last(&name).into()),
            Value::Tuple(_) | Value::List(_) => {
                Some(pickled.parts(value).iter().filter_map(|part| self.plain(*part, depth + 1)).collect())
            }
            Value::Dict(_) => Some(self.object(pickled.entries(value), depth)),
            Value::Object(_) => self.attributes(value, depth),
            _ => None,
        };
        if value.group().is_some() {
            self.around.pop();
        }
        found
    }

    /// An object as its entries and attributes, or as the name of its class where it has none.
    fn attributes(&mut self, object: Value, depth: usize) -> Option<Plain> {
        let pickled = self.pickled;
        let state = match pickled.parts(object).get(2) {
            // With slots it is the first of two.
            Some(&state @ Value::Tuple(_)) => pickled.parts(state).first().copied().unwrap_or(Value::None),
            Some(&state) => state,
            None => Value::None,
        };
        // OmegaConf's nodes.
        if let Some(held) = ["_content", "_val"].iter().find_map(|key| pickled.get(state, key)) {
            return self.plain(held, depth + 1);
        }
        match self.object(pickled.entries(object).chain(pickled.entries(state)), depth) {
            Plain::Object(found) if found.is_empty() => pickled.class(object).map(|name| last(&name).into()),
            found => Some(found),
        }
    }

    fn object<'b>(
        &mut self,
        entries: impl Iterator<Item = (std::borrow::Cow<'b, str>, Value)>,
        depth: usize,
    ) -> Plain {
        let kept = entries.filter_map(|(key, value)| Some((key.into_owned(), self.plain(value, depth + 1)?)));
        Plain::Object(kept.collect())
    }
}

/// The name of a class without its Python module.
fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}
