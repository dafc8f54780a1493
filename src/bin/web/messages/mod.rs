//! The plain data that goes in and out of the engine, and how the library's values become it.
//!
//! `www/engine/protocol.d.ts` is made from these types: `tests/protocol.rs`. Those of questions and captions are in
//! `language.rs`, those of measures in `measures.rs`, those of a layer in `inside.rs`, that of what a map is made of in
//! `decomposed.rs`, that of how long layers take in `profiled.rs`.

mod decomposed;
mod inside;
mod language;
mod measures;
mod profiled;

pub use decomposed::*;
pub use inside::*;
pub use language::*;
pub use measures::*;
pub use profiled::*;

use std::collections::BTreeMap;

use cam_lucida::cam::{
    Budget, ClassSum, Explainer, METHODS, Merge, Method, Needs, Output, Progress, Setting, Target,
};
use cam_lucida::network::{Architecture, Layer, NETWORKS};
use cam_lucida::picture::{ChannelOrder, Picture, Preprocess, Preprocessor};
use cam_lucida::render::{Colormap, Formula, Style};
use cam_lucida::weights::{MAX_TEXT_BYTES, ValueRange, Weights};
use cam_lucida::{CaptionModel, Device, Error, Explanation, Heatmap, Model, Note, Problem, Request, Scores};
use serde::{Deserialize, Serialize, Serializer};
use strum::VariantArray;
#[cfg(test)]
use ts_rs::TS;

/// How an engine begins.
#[derive(Deserialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Start {
    /// Whether the GPU may be tried.
    pub gpu: bool,
    /// Why it may not; the engine only passes it on.
    pub why: Option<Why>,
    pub memory: Memory,
}

/// Why the GPU is not used.
#[derive(Clone, Deserialize, Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Why {
    /// The page's own, or `gpu-failed`: then `message` and `cause` among the arguments are message and code of the error.
    pub code: String,
    /// What a sentence about it names.
    pub arguments: BTreeMap<String, String>,
}

/// How many bytes the engine keeps of each kind. One that is larger than that is kept alone.
#[derive(Deserialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Memory {
    pub models: usize,
    /// Tensors of weight files as they were read, so that a model that was dropped is made again without its file. A larger one is
    /// not kept.
    pub files: usize,
    pub pictures: usize,
    pub explanations: usize,
}

/// What is said of a model beside its weights; all of it may be left out.
#[derive(Deserialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts", optional_fields = nullable))]
pub struct ModelFiles {
    /// A network's name, which counts more than the config's.
    pub network: Option<String>,
    /// The text of `config.json`.
    pub config: Option<String>,
    /// The text of `preprocessor_config.json`.
    pub preprocessor: Option<String>,
    /// The text of a labels file, which counts more than the config's class names.
    pub labels: Option<String>,
    /// What the outputs are, in place of what config and weights say: one of `About.problems`.
    pub problem: Option<String>,
    /// Which of the weight file's networks, one of `Loaded.states`; its own by default.
    pub state: Option<String>,
    /// Rows and columns of the input.
    pub size: Option<[usize; 2]>,
    pub mean: Option<[f32; 3]>,
    pub std: Option<[f32; 3]>,
    /// Of what values mean and deviation are: one of `About.value_ranges`.
    pub range: Option<String>,
    /// In which order the network takes the colours: one of `About.channel_orders`.
    pub order: Option<String>,
    /// How the network computes where its tensors do not tell: one of `Loaded.variants`.
    pub variant: Option<String>,
}

/// What to explain.
#[derive(Deserialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Explain {
    pub method: String,
    /// Empty: the network's default.
    pub layers: Vec<String>,
    pub merge: String,
    pub smooth: bool,
    pub preset: Option<String>,
    pub settings: BTreeMap<String, f64>,
    /// Ids of classes, lists of those that add up; empty: the predicted one.
    #[cfg_attr(test, ts(type = "Array<number | Array<number>>"))]
    pub classes: Vec<ClassSum>,
    pub target: String,
    pub preprocess: String,
    /// The longer side of what is drawn, in pixels; `null`: as large as is good to see.
    pub view: Option<usize>,
}

/// How a heatmap is drawn.
#[derive(Deserialize, Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Draw {
    pub opacity: f32,
    pub colormap: String,
    pub formula: String,
    pub threshold: f32,
}

/// What an engine is and offers. The first of each table is the default.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct About {
    pub version: &'static str,
    pub device: DeviceInfo,
    pub networks: Vec<NetworkInfo>,
    pub methods: Vec<MethodInfo>,
    pub colormaps: Vec<ColormapInfo>,
    pub formulas: Vec<FormulaInfo>,
    pub merges: Vec<&'static str>,
    /// `:ID` at the end stands for the id of another class.
    pub targets: Vec<&'static str>,
    pub preprocess: Vec<&'static str>,
    pub problems: Vec<&'static str>,
    pub value_ranges: Vec<&'static str>,
    pub channel_orders: Vec<&'static str>,
    /// The default style.
    pub style: Draw,
    /// How many of the most probable classes an explanation tells.
    pub top: usize,
    /// Over how many copies of the picture smoothing averages.
    pub smooth_copies: usize,
    pub picture_formats: Vec<PictureFormat>,
    pub limits: Limits,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct DeviceInfo {
    pub kind: DeviceKind,
    pub name: String,
    /// Why it is not the GPU.
    pub why: Option<Why>,
    /// How many threads a large network uses on the CPU.
    pub threads: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub enum DeviceKind {
    Cpu,
    Gpu,
}

/// What is refused beyond.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Limits {
    /// Bytes of a picture file.
    pub picture_bytes: usize,
    /// Bytes of a weight file.
    pub weight_bytes: usize,
    /// Bytes of a text beside weights: a card, or class names.
    pub text_bytes: usize,
    /// Smallest and largest side of a network's input, in pixels.
    pub input_sides: Range,
    /// Classes of one request.
    pub classes: usize,
    /// Captions that are searched for at once.
    pub beam: usize,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Range {
    pub min: usize,
    pub max: usize,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct NetworkInfo {
    pub name: &'static str,
    pub title: &'static str,
    pub default_layer: &'static str,
    pub paper: &'static str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct MethodInfo {
    pub name: &'static str,
    pub title: &'static str,
    pub summary: &'static str,
    pub source: &'static str,
    pub presets: Vec<&'static str>,
    pub settings: Vec<SettingInfo>,
    pub needs: NeedsInfo,
    pub output: OutputInfo,
    /// Whether its map is a weighted sum of the layer's channels, which can be taken apart.
    pub weighted_sum: bool,
}

/// What a method looks at: a layer's activations or its gradients, or nothing but the scores.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub enum NeedsInfo {
    Nothing,
    Activations,
    Gradients,
}

/// A map of one channel, or a signed picture of three.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub enum OutputInfo {
    Map,
    Picture,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct SettingInfo {
    pub name: &'static str,
    pub summary: &'static str,
    /// `null`: without limit.
    pub default: Option<f64>,
    pub min: f64,
    /// `null`: without limit.
    pub max: Option<f64>,
    pub whole: bool,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct ColormapInfo {
    pub name: &'static str,
    /// Colours at even steps from low to high, as CSS writes them.
    pub colours: Vec<String>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct FormulaInfo {
    pub name: &'static str,
    /// Whether it shows the raw values, without picture and colours.
    pub raw: bool,
    /// Whether the opacity changes what it draws.
    pub opacity: bool,
    /// The colour map in which it shows values, whatever the style's; `null`: the style's.
    pub colormap: Option<&'static str>,
}

/// A format of picture files that the engine reads.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct PictureFormat {
    pub name: &'static str,
    pub media_type: &'static str,
}

/// A model that the engine keeps.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Loaded<'a> {
    pub id: u32,
    pub network: &'a str,
    pub title: &'a str,
    /// `single-label`, `multi-label`, `yes-no` or `value`: then the values stand in the place of probabilities.
    pub problem: &'a str,
    /// Of the input, in pixels.
    pub size: Size,
    pub classes: usize,
    pub labels: Option<&'a [String]>,
    pub layers: Vec<LayerInfo<'a>>,
    pub default_layer: &'a str,
    /// What had to be assumed of the network.
    pub notes: Vec<NoteInfo>,
    /// Where in the weight file its networks are; the first is the one that is used.
    pub states: &'a [String],
    /// How its network may compute from the same tensors; the first is torchvision's way.
    pub variants: Vec<&'static str>,
    /// The names of tensors that the file has otherwise: its own, and torchvision's.
    pub renamed: &'a [[String; 2]],
}

/// What had to be assumed, since no weight file tells it; or what was done with a picture's file.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct NoteInfo {
    /// A name for exactly this, as errors have one.
    pub code: &'static str,
    /// What the message names.
    pub arguments: BTreeMap<&'static str, String>,
    pub message: String,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct LayerInfo<'a> {
    pub name: &'a str,
    /// Channels, height, width, at the default input size.
    pub shape: [usize; 3],
}

/// A picture that the engine keeps.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Opened {
    pub id: u32,
    pub width: usize,
    pub height: usize,
    /// What was done with the file.
    pub notes: Vec<NoteInfo>,
    /// The smallest and the largest value of a grey picture of 16 bits: what its window lies in.
    pub range: Option<[u16; 2]>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Size {
    pub width: usize,
    pub height: usize,
}

/// An explanation that the engine keeps.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Explained {
    pub id: u32,
    pub method: &'static str,
    pub output: OutputInfo,
    /// None, of a method that looks at no layer.
    pub layers: Vec<String>,
    /// One for each heatmap, in order.
    pub classes: Vec<ExplainedClass>,
    pub target: String,
    /// The most probable classes, best first.
    pub top: Vec<Class>,
    /// Of all classes, by their ids.
    #[serde(serialize_with = "numbers")]
    #[cfg_attr(test, ts(type = "Float32Array"))]
    pub probabilities: Vec<f32>,
    pub budget: Option<BudgetInfo>,
    pub channels: usize,
    pub map: Size,
    pub view: Size,
    /// What was done otherwise than the network's card says.
    pub notes: Vec<NoteInfo>,
    pub times: Vec<Time>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Class {
    pub id: usize,
    pub name: Option<String>,
    pub probability: f32,
    pub logit: f32,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct ExplainedClass {
    /// The class, or the first of those that add up.
    pub id: usize,
    /// All that add up.
    pub ids: Vec<usize>,
    pub name: Option<String>,
    pub probability: f32,
    pub logit: f32,
    /// Whether the map is the same everywhere: nothing speaks for this class.
    pub flat: bool,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Time {
    pub name: &'static str,
    pub milliseconds: f64,
}

/// How many channels a method has tried, and what share of the activation they hold.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct BudgetInfo {
    pub used: usize,
    pub of: usize,
    pub share: f32,
}

/// How far work of many steps is.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Step {
    /// The method or measure. Null: a weight file is being read, and `done` and `total` count its bytes.
    pub method: Option<&'static str>,
    pub done: usize,
    pub total: usize,
}

impl From<Progress> for Step {
    fn from(Progress { method, done, total }: Progress) -> Self {
        Self { method: Some(method), done, total }
    }
}

/// The values of a heatmap, `[channels, height, width]`, row by row.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct RawMap {
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    #[serde(serialize_with = "numbers")]
    #[cfg_attr(test, ts(type = "Float32Array"))]
    pub data: Vec<f32>,
}

/// What the `Error` that a call throws has beside its message.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Thrown<'a> {
    /// `image`, `weights`, `device`, `request` or `cancelled`.
    pub kind: &'static str,
    /// A name for exactly this fault; `released`: the thing of the id `arguments.id` is no longer kept, bring it again.
    pub code: &'static str,
    /// What the message names.
    pub arguments: BTreeMap<&'static str, &'a str>,
}

impl Why {
    /// The GPU was tried, and failed by this error.
    pub fn gpu_failed(error: &Error) -> Self {
        let named = error.arguments().map(|(name, value)| (name, value.to_string()));
        let own = [("cause", error.code().to_string()), ("message", error.to_string())];
        let arguments = named.chain(own).map(|(name, value)| (name.to_string(), value)).collect();
        Self { code: "gpu-failed".into(), arguments }
    }
}

impl About {
    /// `why_no_gpu` says why `device` is not the GPU.
    pub fn new(device: &Device, why_no_gpu: Option<Why>) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            device: DeviceInfo {
                kind: if device.is_gpu() { DeviceKind::Gpu } else { DeviceKind::Cpu },
                name: device.name(),
                why: why_no_gpu,
                threads: cam_lucida::threads(),
            },
            networks: NETWORKS.iter().map(network_info).collect(),
            methods: METHODS.iter().copied().map(method_info).collect(),
            colormaps: Colormap::VARIANTS.iter().map(colormap_info).collect(),
            formulas: Formula::VARIANTS.iter().map(formula_info).collect(),
            merges: Merge::VARIANTS.iter().map(<&str>::from).collect(),
            targets: Target::FORMS.to_vec(),
            preprocess: Preprocess::VARIANTS.iter().map(<&str>::from).collect(),
            problems: Problem::WRITTEN.to_vec(),
            value_ranges: ValueRange::VARIANTS.iter().map(<&str>::from).collect(),
            channel_orders: ChannelOrder::VARIANTS.iter().map(<&str>::from).collect(),
            style: draw(Style::default()),
            top: Scores::TOLD,
            smooth_copies: Explainer::SMOOTH_COPIES,
            picture_formats: Picture::formats()
                .map(|(name, media_type)| PictureFormat { name, media_type })
                .collect(),
            limits: limits(),
        }
    }
}

impl<'a> Loaded<'a> {
    pub fn new(id: u32, model: &'a Model) -> Self {
        let architecture = model.architecture();
        Self {
            id,
            network: architecture.name,
            title: architecture.title,
            problem: model.problem_name(),
            size: size(model.preprocessor().size),
            classes: model.classes(),
            labels: model.labels(),
            layers: model.layers().iter().map(layer_info).collect(),
            default_layer: model.default_layer(),
            notes: model.notes().iter().map(NoteInfo::new).collect(),
            states: &[],
            variants: architecture.variants.iter().map(<&str>::from).collect(),
            renamed: &[],
        }
    }
}

impl NoteInfo {
    pub fn new(note: &Note) -> Self {
        let arguments = note.arguments().map(|(name, value)| (name, value.into())).collect();
        Self { code: note.code(), arguments, message: note.to_string() }
    }
}

impl Explained {
    /// `view` is the size of what the heatmaps are drawn over, and `note` tells of the picture.
    pub fn new(
        id: u32,
        explanation: &Explanation,
        model: &Model,
        view: cam_lucida::Size,
        note: Option<&Note>,
    ) -> Self {
        let Explanation { layers, target, scores, heatmaps, times, .. } = explanation;
        let first = &heatmaps[0];
        let [channels, height, width] = first.map.dims();
        Self {
            id,
            method: first.method.name,
            output: output(first.method),
            layers: if first.method.needs == Needs::Nothing { Vec::new() } else { layers.clone() },
            classes: heatmaps.iter().map(|heatmap| explained_class(model, scores, heatmap)).collect(),
            target: target.to_string(),
            top: top(model, scores),
            probabilities: scores.probabilities.clone(),
            budget: first.budget.map(budget_info),
            channels,
            map: Size { width, height },
            view: size(view),
            notes: note.into_iter().map(NoteInfo::new).collect(),
            times: times.iter().map(time).collect(),
        }
    }
}

impl<'a> Thrown<'a> {
    pub fn new(error: &'a Error) -> Self {
        Self { kind: error.kind().into(), code: error.code(), arguments: error.arguments().collect() }
    }
}

fn limits() -> Limits {
    Limits {
        picture_bytes: Picture::MAX_FILE_BYTES,
        weight_bytes: Weights::MAX_FETCHED_BYTES,
        text_bytes: MAX_TEXT_BYTES,
        input_sides: Range { min: *Preprocessor::SIDES.start(), max: *Preprocessor::SIDES.end() },
        classes: Request::MAX_CLASSES,
        beam: CaptionModel::MAX_BEAM,
    }
}

fn size(cam_lucida::Size { width, height }: cam_lucida::Size) -> Size {
    Size { width, height }
}

fn network_info(network: &Architecture) -> NetworkInfo {
    let Architecture { name, title, default_layer, paper, .. } = *network;
    NetworkInfo { name, title, default_layer, paper }
}

fn method_info(method: &Method) -> MethodInfo {
    MethodInfo {
        name: method.name,
        title: method.title,
        summary: method.summary,
        source: method.source,
        presets: method.presets.iter().map(|preset| preset.name).collect(),
        settings: method.settings.iter().map(setting_info).collect(),
        needs: match method.needs {
            Needs::Nothing => NeedsInfo::Nothing,
            Needs::Activations => NeedsInfo::Activations,
            Needs::Gradients => NeedsInfo::Gradients,
        },
        output: output(method),
        weighted_sum: method.is_weighted_sum(),
    }
}

fn output(method: &Method) -> OutputInfo {
    match method.output {
        Output::Map => OutputInfo::Map,
        Output::Picture => OutputInfo::Picture,
    }
}

fn setting_info(setting: &Setting) -> SettingInfo {
    let limit = |value: f64| value.is_finite().then_some(value);
    SettingInfo {
        name: setting.name,
        summary: setting.summary,
        default: limit(setting.default),
        min: setting.min,
        max: limit(setting.max),
        whole: setting.whole,
    }
}

fn colormap_info(colormap: &Colormap) -> ColormapInfo {
    /// Enough that nobody sees the straight lines between them.
    const STOPS: usize = 17;
    ColormapInfo { name: colormap.into(), colours: colormap.hex_stops(STOPS) }
}

fn formula_info(formula: &Formula) -> FormulaInfo {
    FormulaInfo {
        name: formula.into(),
        raw: formula.is_raw(),
        opacity: formula.has_opacity(),
        colormap: formula.own_colormap().map(<&str>::from),
    }
}

fn draw(Style { formula, colormap, opacity, threshold }: Style) -> Draw {
    Draw { opacity, colormap: colormap.to_string(), formula: formula.to_string(), threshold }
}

fn budget_info(Budget { used, total, share }: Budget) -> BudgetInfo {
    BudgetInfo { used, of: total, share }
}

fn layer_info(layer: &Layer) -> LayerInfo<'_> {
    LayerInfo { name: &layer.name, shape: layer.shape }
}

fn class_info(model: &Model, scores: &Scores, id: usize) -> Class {
    Class {
        id,
        name: model.label(id).map(String::from),
        probability: scores.probabilities[id],
        logit: scores.logits[id],
    }
}

/// The most probable classes.
fn top(model: &Model, scores: &Scores) -> Vec<Class> {
    scores.top(Scores::TOLD).into_iter().map(|class| class_info(model, scores, class)).collect()
}

fn explained_class(model: &Model, scores: &Scores, heatmap: &Heatmap) -> ExplainedClass {
    let sum = &heatmap.class;
    ExplainedClass {
        id: sum.classes()[0],
        ids: sum.classes().to_vec(),
        name: model.name(sum),
        probability: scores.probability(sum),
        logit: scores.logit(sum),
        flat: heatmap.is_flat(),
    }
}

fn time(&(name, seconds): &(&'static str, f64)) -> Time {
    Time { name, milliseconds: 1000.0 * seconds }
}

/// As a `Float32Array` in the browser.
fn numbers<S: Serializer>(values: &[f32], serializer: S) -> Result<S::Ok, S::Error> {
    #[cfg(target_arch = "wasm32")]
    return serde_wasm_bindgen::preserve::serialize(&js_sys::Float32Array::from(values), serializer);
    #[cfg(not(target_arch = "wasm32"))]
    values.serialize(serializer)
}
