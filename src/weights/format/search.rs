//! Where in a pickle tensors are: every dict of tensors, and every module, to some depth.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::pickle::{Pickled, Value};
use super::script::{self, Settings};
use super::state::{SavedModule, State};
use super::tensor::Resolver;
use super::{MAX_TENSORS, join, shortened};
use crate::Result;
use crate::error::error;

/// How deep in a file a state may be.
const MAX_DEPTH: usize = 4;
/// How many states are looked at: those with the most tensors.
const MAX_STATES: usize = 24;
/// The longest name of a module, in bytes.
const MAX_NAME_BYTES: usize = 200;
/// What makes a module of torch.fx.
const GRAPH: &str = "torch.fx.graph_module.reduce_graph_module";
/// What torch.compile makes of a module: a call with the plain one.
const COMPILED: &str = "torch._dynamo.eval_frame.OptimizedModule";
/// How an array of NumPy is made.
const ARRAYS: [&str; 2] = ["numpy._core.multiarray._reconstruct", "numpy.core.multiarray._reconstruct"];
/// The most functions of a module that are kept, and the longest name of one.
const MAX_FUNCTIONS: usize = 8;
const MAX_FUNCTION_NAME: usize = 60;
/// The most modules of which settings are kept: ten times those of the largest network.
const MAX_MODULES: usize = 10_000;

/// A state whose tensors are still values of the pickle.
struct Draft<'a> {
    path: String,
    tensors: Vec<(Cow<'a, str>, Value)>,
    class: Option<String>,
    modules: Vec<SavedModule>,
    joined: bool,
}

/// Every state of a pickle. `code` gives TorchScript's files of code.
///
/// # Errors
/// [`is_weights`](crate::Error::is_weights) when there is none.
pub fn states(resolver: &mut Resolver, code: &dyn Fn(&str) -> Option<String>) -> Result<Vec<State>> {
    let pickled = resolver.pickled;
    let mut search = Search {
        pickled,
        code,
        classes: HashMap::new(),
        seen: HashSet::new(),
        around: Vec::new(),
        found: Vec::new(),
        arrays: None,
        steps: 0,
        modules: 0,
    };
    search.visit(search.plain(pickled.value), "", 0);
    let (mut drafts, arrays) = (search.found, search.arrays);
    // Stable: of as many tensors, the first comes first.
    drafts.sort_by_key(|draft| std::cmp::Reverse(draft.tensors.len()));
    if let (true, Some(name)) = (drafts.is_empty(), arrays) {
        return Err(error!(
            Weights,
            "numpy-arrays",
            "this PyTorch file holds arrays of NumPy, such as `{name}`, and no tensors: save them as tensors, torch.save({{name: torch.from_numpy(array) for name, array in state.items()}}, path)",
            name
        ));
    }
    if drafts.is_empty() {
        return Err(none(pickled));
    }
    if drafts.iter().any(|draft| draft.tensors.len() > MAX_TENSORS) {
        return Err(error!(
            Weights,
            "tensor-count",
            "this PyTorch file has more than {max} tensors; save the state dict of one network",
            max = MAX_TENSORS
        ));
    }
    drafts.truncate(MAX_STATES);
    Ok(drafts.into_iter().map(|draft| resolve(resolver, draft)).collect())
}

fn resolve(resolver: &mut Resolver, draft: Draft) -> State {
    let Draft { path, tensors: values, class, modules, joined } = draft;
    let (mut tensors, mut damaged) = (Vec::new(), None);
    for (name, value) in values {
        match resolver.entry(&name, value) {
            Ok(entry) => tensors.push((name.into(), entry)),
            Err(error) => drop(damaged.get_or_insert(error)),
        }
    }
    State { path, tensors, class, modules, ordered: true, joined, damaged }
}

fn none(pickled: &Pickled) -> crate::Error {
    let keys = pickled.entries(pickled.value).map(|(key, _)| shortened(&key, 40));
    let keys: Vec<String> = keys.take(8).collect();
    let found: String = match (pickled.value, keys.as_slice()) {
        (Value::Dict(_), []) => "an empty dict".into(),
        (Value::Dict(_), keys) => format!("a dict of {}", keys.join(", ")),
        _ => "something other than a dict".into(),
    };
    error!(
        Weights,
        "no-state-dict",
        "this PyTorch file holds {found} but no state dict, up to {depth} dicts deep; save it with torch.save(model.state_dict(), path)",
        found,
        depth = MAX_DEPTH
    )
}

struct Search<'a> {
    pickled: &'a Pickled<'a>,
    code: &'a dyn Fn(&str) -> Option<String>,
    /// What the code of TorchScript's classes says.
    classes: HashMap<String, Settings>,
    /// The groups that were visited, each once: values may hold one another in circles.
    seen: HashSet<u32>,
    /// The groups of the modules around the one that is collected, for the same reason.
    around: Vec<u32>,
    found: Vec<Draft<'a>>,
    /// The name of the first array that stands in a tensor's place.
    arrays: Option<String>,
    /// The values that were looked at; a module may be part of many.
    steps: usize,
    /// The modules whose settings were kept.
    modules: usize,
}

impl<'a> Search<'a> {
    fn visit(&mut self, value: Value, path: &str, depth: usize) {
        let Some(group) = value.group() else { return };
        if depth > MAX_DEPTH
            || matches!(value, Value::Tensor(_) | Value::Persistent(_))
            || !self.seen.insert(group)
        {
            return;
        }
        if self.is_module(value) {
            let (mut tensors, mut modules) = (Vec::new(), Vec::new());
            self.collect(value, "", &mut tensors, &mut modules);
            if tensors.iter().any(|(_, value)| matches!(value, Value::Tensor(_))) {
                let class = self.pickled.class(value);
                self.found.push(Draft { path: path.into(), tensors, class, modules, joined: false });
            }
            return;
        }
        let entries = self.entries(value);
        let tensors = direct(&entries);
        if self.arrays.is_none() {
            let array =
                entries.iter().find(|(name, value)| name.ends_with(".weight") && self.is_array(*value));
            self.arrays = array.map(|(name, _)| shortened(name, 80));
        }
        if !tensors.is_empty() {
            self.found.push(Draft {
                path: path.into(),
                tensors,
                class: None,
                modules: Vec::new(),
                joined: false,
            });
        }
        // `{"backbone": …, "head": …}` may be one network.
        let parts: Vec<_> =
            entries.iter().map(|(name, value)| (name, direct(&self.entries(*value)))).collect();
        if parts.iter().filter(|(_, tensors)| !tensors.is_empty()).count() > 1 {
            let tensors = parts.into_iter().flat_map(|(part, tensors)| {
                tensors.into_iter().map(move |(name, value)| (format!("{part}.{name}").into(), value))
            });
            self.found.push(Draft {
                path: path.into(),
                tensors: tensors.collect(),
                class: None,
                modules: Vec::new(),
                joined: true,
            });
        }
        for (name, value) in entries {
            self.visit(value, &shortened(&join(path, &name), 200), depth + 1);
        }
    }

    /// The parts of a value by their names: entries, items by their places, attributes.
    fn entries(&self, value: Value) -> Vec<(Cow<'a, str>, Value)> {
        let pickled = self.pickled;
        let mut entries = match value {
            Value::Dict(_) => pickled.entries(value).collect(),
            Value::List(_) | Value::Tuple(_) => {
                let parts = pickled.parts(value).iter().enumerate();
                parts.map(|(place, value)| (place.to_string().into(), *value)).collect()
            }
            Value::Object(_) => {
                pickled.entries(value).chain(pickled.entries(self.attributes(value))).collect()
            }
            _ => Vec::new(),
        };
        entries.iter_mut().for_each(|(_, value)| *value = self.plain(*value));
        entries
    }

    /// The module that a compiled one was made of; anything else as it is.
    fn plain(&self, value: Value) -> Value {
        let Value::Object(_) = value else { return value };
        match *self.pickled.parts(value) {
            [callable, arguments, Value::None, ..]
                if self.pickled.name(callable).as_deref() == Some(COMPILED) =>
            {
                self.pickled.parts(arguments).first().copied().unwrap_or(value)
            }
            _ => value,
        }
    }

    fn is_array(&self, value: Value) -> bool {
        matches!(value, Value::Object(_))
            && self.pickled.class(value).is_some_and(|class| ARRAYS.contains(&class.as_str()))
    }

    /// The dict of an object's attributes.
    fn attributes(&self, object: Value) -> Value {
        if self.is_graph(object) {
            let arguments = self.pickled.parts(object).get(1).map_or(&[][..], |all| self.pickled.parts(*all));
            return arguments.first().copied().unwrap_or(Value::None);
        }
        match self.pickled.parts(object).get(2) {
            // With slots it is the first of two.
            Some(&state @ Value::Tuple(_)) => {
                self.pickled.parts(state).first().copied().unwrap_or(Value::None)
            }
            Some(&state) => state,
            None => Value::None,
        }
    }

    /// Whether an object is a module of PyTorch, or of TorchScript, where modules hold tensors and modules alike.
    fn is_module(&self, value: Value) -> bool {
        let Value::Object(_) = value else { return false };
        let attributes = self.attributes(value);
        self.pickled.get(attributes, "_modules").is_some() || self.is_script(value)
    }

    /// Whether an object is a module of torch.fx, which is made anew from its attributes and code.
    fn is_graph(&self, value: Value) -> bool {
        self.pickled.class(value).is_some_and(|class| class == GRAPH)
    }

    fn is_script(&self, value: Value) -> bool {
        self.pickled.class(value).is_some_and(|class| class.starts_with("__torch__."))
    }

    /// What a module says of itself.
    fn saved(&mut self, module: Value, name: &str) -> SavedModule {
        let attributes = self.attributes(module);
        let modules = if self.is_script(module) {
            self.entries(attributes)
        } else {
            self.pickled.get(attributes, "_modules").map_or(Vec::new(), |dict| self.entries(dict))
        };
        let (mut numbers, mut texts) = (Vec::new(), Vec::new());
        for key in SavedModule::SETTINGS {
            let Some(value) = self.pickled.get(attributes, key) else { continue };
            if let Some(found) = self.pickled.numbers(value) {
                numbers.push((key, found));
            } else if let Some(found) = self.pickled.text(value) {
                texts.push((key, shortened(found, 20)));
            }
        }
        if let Some(class) = self.pickled.class(module).filter(|_| self.is_script(module)) {
            let code = self.code;
            let told = self.classes.entry(class).or_insert_with_key(|class| {
                let Some((file, name)) = script::place(class) else { return Settings::default() };
                code(&file).map_or_else(Settings::default, |code| script::settings(&code, name))
            });
            let known: Vec<&str> = numbers.iter().map(|(key, _)| *key).collect();
            numbers.extend(told.numbers.iter().filter(|(key, _)| !known.contains(key)).cloned());
            texts.extend(told.texts.iter().cloned());
        }
        let is_code = |key: &&str| {
            let found = self.pickled.get(attributes, key).filter(|found| *found != Value::None);
            found.is_some_and(|found| !key.ends_with("_hooks") || !self.entries(found).is_empty())
        };
        let functions = self.entries(attributes).into_iter().filter(|(key, _)| !key.starts_with('_'));
        let functions = functions.filter_map(|(key, value)| {
            Some((shortened(&key, MAX_FUNCTION_NAME), self.pickled.function(value)?))
        });
        SavedModule {
            name: name.into(),
            class: match self.pickled.class(module) {
                Some(class) if class == GRAPH => "torch.fx.GraphModule".into(),
                class => class.unwrap_or_else(|| "an unnamed class".into()),
            },
            is_leaf: !modules.iter().any(|(_, value)| self.is_module(*value)),
            children: None,
            functions: functions.take(MAX_FUNCTIONS).collect(),
            numbers,
            texts,
            code: SavedModule::CODE.into_iter().filter(is_code).collect(),
        }
    }

    /// The tensors of a module and of those in it, as `state_dict` names them, and what these modules say of themselves. Gives the
    /// place of the first among `modules`, where it is kept.
    fn collect(
        &mut self,
        module: Value,
        scope: &str,
        tensors: &mut Vec<(Cow<'a, str>, Value)>,
        modules: &mut Vec<SavedModule>,
    ) -> Option<usize> {
        let place = (scope.len() <= MAX_NAME_BYTES && self.modules < MAX_MODULES).then(|| {
            self.modules += 1;
            modules.push(self.saved(module, scope));
            modules.len() - 1
        });
        self.around.extend(module.group());
        let mut children = Some(Vec::new());
        let attributes = self.attributes(module);
        let of = |key: &str| self.pickled.get(attributes, key).map_or(Vec::new(), |dict| self.entries(dict));
        let entries = if self.is_script(module) {
            self.entries(attributes)
        } else {
            [of("_parameters"), of("_buffers"), of("_modules")].concat()
        };
        for (name, value) in entries {
            self.steps += 1;
            if self.steps > 2 * MAX_TENSORS {
                children = None;
                break;
            }
            let name: Cow<str> = join(scope, &name).into();
            if value.group().is_some_and(|group| self.around.contains(&group)) {
                children = None; // it holds itself, so nothing computes it
            } else if self.is_module(value) {
                let child = self.collect(value, &name, tensors, modules);
                children = children.zip(child).map(|(mut children, child)| {
                    children.push(child);
                    children
                });
            } else if is_tensor(value) {
                tensors.push((name, value));
            }
        }
        self.around.pop();
        if let Some(place) = place {
            modules[place].children = children;
        }
        place
    }
}

fn is_tensor(value: Value) -> bool {
    matches!(value, Value::Tensor(_) | Value::Object(_))
}

/// The tensors of a dict, and what stands in their place, such as a list of numbers; nothing if there are none.
fn direct<'a>(entries: &[(Cow<'a, str>, Value)]) -> Vec<(Cow<'a, str>, Value)> {
    if !entries.iter().any(|(_, value)| matches!(value, Value::Tensor(_))) {
        return Vec::new();
    }
    let in_place = |name: &str| name.ends_with(".weight") || name.ends_with(".bias");
    entries.iter().filter(|(name, value)| is_tensor(*value) || in_place(name)).cloned().collect()
}
