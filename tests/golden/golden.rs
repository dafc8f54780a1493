//! A golden file of PyTorch's logits and raw maps, and how far ours are from them.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor, TensorData};
use cam_lucida::Problem;
use cam_lucida::cam::{self, Decomposition, Explainer, Forward, Merge, Preset, Settings, Target, Weighting};
use cam_lucida::network::{Architecture, Network};
use cam_lucida::random::Random;
use cam_lucida::weights::Hashed;
use safetensors::SafeTensors;

/// Largest deviation of a logit, in parts of the largest.
pub const LOGITS: f32 = 1e-4;
/// Largest deviation of a map, in parts of its largest value.
pub const MAP: f32 = 1e-3;
/// What has the picture's resolution is stored at every fifth pixel.
const STRIDE: usize = 5;

/// One network's golden file.
pub struct Golden {
    network: Box<dyn Network>,
    pictures: Tensor<4>,
    expected: HashMap<String, (Vec<usize>, Vec<f32>)>,
    /// The two classes that are explained.
    pub classes: Vec<usize>,
    /// How far f32 is from f64 in PyTorch itself, for the maps where that is much: no engine can do better.
    round_off: HashMap<String, f32>,
    settings: HashMap<String, BTreeMap<String, f64>>,
    /// What each method was checked against.
    pub references: BTreeMap<String, String>,
}

/// What a key of the file names: `<layer>[+<layer>]|<method>[:preset][@target][#wrapper]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Variant {
    /// One layer, or several joined by `+`.
    pub layers: String,
    /// The method with its preset, target and wrapper.
    pub method: String,
}

impl Golden {
    /// The file `tests/golden/<path>` of the network called `name`.
    pub fn open(name: &str, path: &str, device: &Device) -> Self {
        let network = Architecture::named(name).unwrap().load(&mut Hashed { classes: 10 }, device).unwrap();
        let (mut input, _) = read(&folder().join("input.safetensors"));
        let (shape, values) = input.remove("input").unwrap();
        let (expected, metadata) = read(&folder().join(path));
        let json = |key: &str| metadata.get(key).cloned().unwrap_or_else(|| "{}".into());
        Self {
            network,
            pictures: Tensor::from_data(TensorData::new(values, shape), device),
            expected,
            classes: metadata["classes"].split(',').map(|class| class.parse().unwrap()).collect(),
            round_off: serde_json::from_str(&json("round_off")).unwrap(),
            settings: serde_json::from_str(&json("options")).unwrap(),
            references: serde_json::from_str(&json("references")).unwrap(),
        }
    }

    /// Everything that the file has maps of, in order.
    pub fn variants(&self) -> Vec<Variant> {
        let mut variants: Vec<Variant> = self.expected.keys().filter_map(|key| variant(key)).collect();
        variants.sort();
        variants.dedup();
        variants
    }

    /// The largest deviation of our maps of each variant, in parts of each map's largest value, and how much is allowed.
    ///
    /// A single-pass method gets all pictures and classes in one batch, and one picture and class in another. Other
    /// methods get the first picture and all classes.
    pub fn deviations(&self) -> Vec<(Variant, f32, f32)> {
        let mut passes: BTreeMap<(String, String), Vec<Variant>> = BTreeMap::new();
        let mut found = Vec::new();
        for variant in self.variants() {
            let run = VariantRun::new(&variant);
            if run.is_single_pass() {
                let pass = (variant.layers.clone(), run.target.to_string());
                passes.entry(pass).or_default().push(variant);
            } else {
                let maps = self.explain(&run, &variant);
                let (deviation, allowed) = self.compare(&variant, 0, &self.classes, maps);
                found.push((variant, deviation, allowed));
            }
        }
        for variants in passes.into_values() {
            let pictures = self.expected[&variants[0].key(self.classes[0])].0[0];
            let batch = self.map_layers(&variants, pictures, &self.classes);
            let alone = self.map_layers(&variants, 1, &self.classes[..1]);
            for ((variant, batch), alone) in variants.into_iter().zip(batch).zip(alone) {
                let (deviation, allowed) = worse(batch, alone);
                found.push((variant, deviation, allowed));
            }
        }
        let maps = self.expected.keys().filter(|key| variant(key).is_some()).count();
        assert_eq!(found.len() * self.classes.len(), maps, "every map of the file is compared");
        found
    }

    /// How far the sums of the channels' parts, each a weight times an activation, are from the file's maps: for each variant
    /// of a method that is a weighted sum, as [`deviations`](Self::deviations) gives it.
    pub fn deviations_of_sums(&self) -> Vec<(Variant, f32, f32)> {
        let mut found = Vec::new();
        for variant in self.variants() {
            let run = VariantRun::new(&variant);
            if !run.method.is_weighted_sum() || run.layers.len() > 1 || run.wrapper.is_some() {
                continue;
            }
            let sum = |&class: &usize| {
                let explainer = self.explainer(&run, &variant);
                let x = self.pictures.clone().slice_dim(0, 0..1);
                let forward = explainer.forward(x.clone(), 1);
                sum_of_parts(pollster::block_on(explainer.decompose(x, forward, class)).unwrap())
            };
            let maps = Tensor::cat(self.classes.iter().map(sum).collect(), 0);
            let (deviation, allowed) = self.compare(&variant, 0, &self.classes, maps);
            found.push((variant, deviation, allowed));
        }
        found
    }

    /// Single-pass variants of one layer and target.
    fn map_layers(&self, variants: &[Variant], pictures: usize, classes: &[usize]) -> Vec<(f32, f32)> {
        let first = VariantRun::new(&variants[0]);
        let x = self.pictures.clone().slice_dim(0, 0..pictures);
        let forward = Forward::run(self.network.as_ref(), x, &first.layers, classes.len(), true);
        let layer = forward
            .explain(&classes.repeat(pictures), first.target, Problem::SingleLabel, None)
            .unwrap()
            .remove(0);
        let deviation = |variant: &Variant| {
            let run = VariantRun::new(variant);
            let mut layer = layer.clone();
            layer.preset = run.preset;
            let maps = run.method.map_layer(&layer).expect("one pass is enough").unwrap();
            let maps: Tensor<4> = maps.unsqueeze_dim(1);
            let rows = classes.len();
            let compare = |picture: usize| {
                let maps = maps.clone().slice_dim(0, picture * rows..(picture + 1) * rows);
                self.compare(variant, picture, classes, maps)
            };
            (0..pictures).map(compare).reduce(worse).expect("at least one picture")
        };
        variants.iter().map(deviation).collect()
    }

    /// The largest deviation of a logit, in parts of the largest, if the file has them; the most probable class is
    /// checked on the way.
    pub fn deviation_of_logits(&self) -> Option<f32> {
        let (shape, expected) = self.expected.get("logits")?;
        let pictures = self.pictures.clone().slice_dim(0, 0..shape[0]);
        let found = values(self.network.forward(pictures, &mut Default::default()));
        for (found, expected) in found.chunks(shape[1]).zip(expected.chunks(shape[1])) {
            assert_eq!(top(found), top(expected), "top-1");
        }
        Some(deviation(&found, expected))
    }

    /// Our maps of the first picture, a row for each class.
    fn explain(&self, run: &VariantRun, variant: &Variant) -> Tensor<4> {
        let x = self.pictures.clone().slice_dim(0, 0..1);
        let explainer = self.explainer(run, variant);
        let forward = explainer.forward(x.clone(), self.classes.len());
        pollster::block_on(explainer.explain(x, forward, &self.classes)).unwrap().remove(0).maps
    }

    fn explainer<'a>(&'a self, run: &VariantRun<'a>, variant: &Variant) -> Explainer<'a> {
        let settings = self.settings.get(&variant.method).cloned().unwrap_or_default();
        let settings: Settings = settings.into_iter().collect();
        let merge = run.wrapper.and_then(|wrapper| wrapper.parse::<Merge>().ok());
        Explainer::new(self.network.as_ref(), run.layers.clone(), &[run.method])
            .merge(merge.unwrap_or_default())
            .smooth(run.wrapper == Some("smooth"))
            .target(run.target)
            .preset(run.preset.map(|preset| preset.name))
            .settings(&settings)
            .random(|_| Box::new(Injected { draws: 0 }))
    }

    /// `found` `[classes, c, h, w]` against a picture of the file: the largest deviation and what is allowed, of the
    /// class that takes the larger part of it.
    fn compare(&self, variant: &Variant, picture: usize, classes: &[usize], found: Tensor<4>) -> (f32, f32) {
        let compare = |(row, &class): (usize, &usize)| {
            let key = variant.key(class);
            let (shape, expected) = &self.expected[&key];
            let length = expected.len() / shape[0];
            let expected = &expected[picture * length..][..length];
            let found = found.clone().slice_dim(0, row..row + 1);
            let [_, _, h, w] = found.dims();
            let whole = shape[shape.len() - 2..] == [h, w];
            let found = if whole { values(found) } else { thinned(found) };
            assert!(found.iter().all(|value| value.is_finite()), "{key}: not finite");
            let allowed = MAP.max(4.0 * self.round_off.get(&key).copied().unwrap_or(0.0));
            (deviation(&found, expected), allowed)
        };
        classes.iter().enumerate().map(compare).reduce(worse).expect("at least one class")
    }
}

impl Variant {
    fn key(&self, class: usize) -> String {
        format!("{}|{}|{class}", self.layers, self.method)
    }
}

/// A variant, parsed.
struct VariantRun<'a> {
    layers: Vec<&'a str>,
    method: &'static cam::Method,
    preset: Option<Preset>,
    target: Target,
    wrapper: Option<&'a str>,
}

impl<'a> VariantRun<'a> {
    fn is_single_pass(&self) -> bool {
        self.method.is_single_pass() && self.layers.len() == 1 && self.wrapper.is_none()
    }

    fn new(variant: &'a Variant) -> Self {
        let split = |text: &'a str, at| text.split_once(at).map_or((text, None), |(a, b)| (a, Some(b)));
        let (rest, wrapper) = split(&variant.method, '#');
        let (rest, target) = split(rest, '@');
        let (method, preset) = split(rest, ':');
        let method = cam::method(method).unwrap();
        let named = |name| *method.presets.iter().find(|preset| preset.name == name).unwrap();
        Self {
            layers: variant.layers.split('+').collect(),
            method,
            preset: preset.map(named),
            target: target.map_or(Target::Logit, |target| target.parse().unwrap()),
            wrapper,
        }
    }
}

/// Numbers that PyTorch was given too: draw `i` is a hash of `noise <i>`, of unit variance or in 0..1.
struct Injected {
    draws: usize,
}

impl Injected {
    fn draw(&mut self, count: usize) -> Vec<f32> {
        let name = format!("noise {}", self.draws);
        self.draws += 1;
        Hashed::uniform(&name, &[count], 1.0)
    }
}

impl Random for Injected {
    fn normal(&mut self, count: usize) -> Vec<f32> {
        self.draw(count).into_iter().map(|v| v * 3.0_f32.sqrt()).collect()
    }

    fn uniform(&mut self, count: usize) -> Vec<f32> {
        self.draw(count).into_iter().map(|v| (v + 1.0) / 2.0).collect()
    }
}

/// `ReLU(Σ_k w_k A_k)` `[1, 1, h, w]`, added up number by number.
fn sum_of_parts(Decomposition { layer, weighting, .. }: Decomposition) -> Tensor<4> {
    let [_, k, h, w] = layer.activations.dims();
    let device = layer.activations.device();
    let activations = values(layer.activations);
    let (weights, of_each_pixel) = match weighting {
        Weighting::Channels(weights) => (values(weights), false),
        Weighting::Pixels(weights) => (values(weights), true),
    };
    let part = |channel: usize, pixel: usize| {
        let at = channel * h * w + pixel;
        f64::from(weights[if of_each_pixel { at } else { channel }]) * f64::from(activations[at])
    };
    let sum = |pixel: usize| (0..k).map(|channel| part(channel, pixel)).sum::<f64>().max(0.0) as f32;
    Tensor::from_data(TensorData::new((0..h * w).map(sum).collect(), [1, 1, h, w]), &device)
}

fn variant(key: &str) -> Option<Variant> {
    let (layers, rest) = key.split_once('|')?;
    let (method, _) = rest.rsplit_once('|')?;
    Some(Variant { layers: layers.into(), method: method.into() })
}

/// The one that takes the larger part of what is allowed.
fn worse(a: (f32, f32), b: (f32, f32)) -> (f32, f32) {
    if a.0 / a.1 >= b.0 / b.1 { a } else { b }
}

/// The largest difference, in parts of the largest expected value.
pub fn deviation(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    let largest = expected.iter().fold(f32::MIN_POSITIVE, |max, value| max.max(value.abs()));
    found.iter().zip(expected).fold(0.0_f32, |max, (found, value)| max.max((found - value).abs())) / largest
}

/// Every fifth row and column.
fn thinned(map: Tensor<4>) -> Vec<f32> {
    let [_, c, h, w] = map.dims();
    let all = values(map);
    let at = |channel: usize, row: usize, column: usize| all[(channel * h + row) * w + column];
    let rows = move |channel| (0..h).step_by(STRIDE).map(move |row| (channel, row));
    let pixels = (0..c).flat_map(rows);
    pixels.flat_map(|(c, row)| (0..w).step_by(STRIDE).map(move |column| at(c, row, column))).collect()
}

fn top(scores: &[f32]) -> usize {
    (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap()
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

/// Where the goldens are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// Shape and values by name.
pub type Tensors = HashMap<String, (Vec<usize>, Vec<f32>)>;

/// The tensors of a file of goldens, and what its header says.
pub fn read(path: &Path) -> (Tensors, HashMap<String, String>) {
    let bytes = std::fs::read(path).unwrap();
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let float = |b: &[u8]| f32::from_le_bytes(b.try_into().unwrap());
    let tensor = |(name, view): (&str, safetensors::tensor::TensorView)| {
        (name.to_string(), (view.shape().to_vec(), view.data().chunks_exact(4).map(float).collect()))
    };
    let metadata = header.metadata().clone().unwrap_or_default();
    (tensors.iter().map(tensor).collect(), metadata)
}
