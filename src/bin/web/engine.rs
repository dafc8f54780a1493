//! `Engine`: the one class that the page's worker talks to.

use std::ops::ControlFlow;

use cam_lucida::cam::{self, METHODS, Merge, Needs, Progress, Target};
use cam_lucida::network::{Architecture, NETWORKS};
use cam_lucida::picture::{Picture, Preprocess};
use cam_lucida::render::{Colormap, Formula, Style};
use cam_lucida::weights::{self, Card, PreprocessorOverrides, Weights};
use cam_lucida::{Device, Error, ErrorKind, Heatmap, Model, ModelFile, Request, Result};
use js_sys::Function;
use serde::Serialize;
use strum::{VariantArray, VariantNames};
use wasm_bindgen::prelude::*;
use web_sys::ImageBitmap;

use crate::faults;
use crate::messages::{
    About, Class, DeviceInfo, Draw, Explain, Explained, ExplainedClass, Loaded, ModelFiles, NetworkInfo,
    RawMap, Size, Start, Step, budget_info, class_info, formula_info, layer_info, method_info, output, size,
    time,
};
use crate::painter::{Ground, Painter};

/// A device, a model, a picture and the last explanation.
#[wasm_bindgen]
pub struct Engine {
    device: Device,
    model: Option<Model>,
    painter: Painter,
    why_no_gpu: Option<String>,
    /// A weight file on its way in.
    file: Vec<u8>,
    picture: Option<Picture>,
    shown: Option<Shown>,
}

/// The last explanation, kept where it was computed so that a new style needs no new computation.
struct Shown {
    /// One for each class.
    heatmaps: Vec<Heatmap>,
    ground: Ground,
}

#[wasm_bindgen]
impl Engine {
    /// Opens the GPU if asked to and if it passes the canary, else the CPU.
    pub async fn start(options: JsValue) -> std::result::Result<Engine, JsValue> {
        let Start { gpu, why } = read(options)?;
        let opened = if gpu { open_gpu().await } else { Err(why.unwrap_or_default()) };
        let (device, painter, why_no_gpu) = match opened {
            Ok((device, painter)) => (device, painter, None),
            Err(why) => (Device::cpu(), Painter::Cpu, Some(why)),
        };
        Ok(Self { device, model: None, painter, why_no_gpu, file: Vec::new(), picture: None, shown: None })
    }

    /// What this engine is and offers.
    pub fn about(&self) -> std::result::Result<JsValue, JsValue> {
        let device = &self.device;
        let network = |n: &Architecture| NetworkInfo {
            name: n.name,
            title: n.title,
            default_layer: n.default_layer,
            paper: n.paper,
        };
        write(&About {
            version: env!("CARGO_PKG_VERSION"),
            device: DeviceInfo {
                kind: if device.is_gpu() { "gpu" } else { "cpu" },
                name: device.name(),
                why: self.why_no_gpu.clone(),
            },
            networks: NETWORKS.iter().map(network).collect(),
            methods: METHODS.iter().copied().map(method_info).collect(),
            colormaps: Colormap::VARIANTS.iter().map(<&str>::from).collect(),
            formulas: Formula::VARIANTS.iter().map(formula_info).collect(),
            merges: Merge::VARIANTS.to_vec(),
            targets: Target::FORMS,
            preprocess: Preprocess::VARIANTS.iter().map(<&str>::from).collect(),
        })
    }

    /// Makes room for a weight file of so many bytes, which `add_weights` fills and `load_weights` reads.
    pub fn begin_weights(&mut self, bytes: usize) -> std::result::Result<(), JsValue> {
        Weights::check_size(bytes).map_err(error)?;
        self.file = Vec::new();
        self.file.try_reserve_exact(bytes).map_err(|_| {
            error(Error::device_fault(&format!(
                "there is no room for a file of {} MiB in memory",
                bytes >> 20
            )))
        })
    }

    /// The next bytes of the weight file.
    pub fn add_weights(&mut self, bytes: &[u8]) -> std::result::Result<(), JsValue> {
        if bytes.len() > self.file.capacity() - self.file.len() {
            return Err(error(Error::new(
                ErrorKind::Request,
                "request",
                "the weight file is longer than was said",
            )));
        }
        self.file.extend_from_slice(bytes);
        Ok(())
    }

    /// Reads the weight file into a network, of which `model` may say what is known, `{ network, config, preprocessor,
    /// labels, size, mean, std }`. The model before stays where the file or what is said of it is at fault.
    pub async fn load_weights(&mut self, model: JsValue) -> std::result::Result<JsValue, JsValue> {
        let file = std::mem::take(&mut self.file);
        let card = card(read(model)?).map_err(error)?;
        let file = ModelFile::read(&self.device, card, file).map_err(error)?;
        // Two models do not fit into the memory of every GPU.
        self.model = None;
        let model = &*self.model.insert(file.load().await.map_err(error)?);
        let architecture = model.architecture();
        write(&Loaded {
            network: architecture.name,
            title: architecture.title,
            problem: model.problem().name(),
            size: model.preprocessor().size,
            classes: model.classes(),
            labels: model.labels(),
            layers: model.layers().iter().map(layer_info).collect(),
            default_layer: architecture.default_layer,
        })
    }

    /// Decodes a picture; the one before stays if that fails.
    pub fn open_picture(&mut self, bytes: Vec<u8>) -> std::result::Result<JsValue, JsValue> {
        self.open(Picture::decode(&bytes))
    }

    /// Takes uncompressed pixels, as a canvas gives them, for the picture; the one before stays if that fails.
    pub fn open_pixels(
        &mut self,
        width: u32,
        height: u32,
        rgba: Vec<u8>,
    ) -> std::result::Result<JsValue, JsValue> {
        self.open(Picture::from_rgba(
            cam_lucida::Size { height: height as usize, width: width as usize },
            &rgba,
        ))
    }

    /// Explains the picture; the explanation before stays if that fails. `on_progress` is called with
    /// `{ method, done, total }` on each step of a method that takes many; if it throws, the work ends.
    pub async fn explain(
        &mut self,
        request: JsValue,
        on_progress: Function,
    ) -> std::result::Result<JsValue, JsValue> {
        let request: Explain = read(request)?;
        let (shown, explained) = self.compute(request, &on_progress).await.map_err(error)?;
        self.shown = Some(shown);
        write(&explained)
    }

    /// Draws the last explanation: its heatmap `which`, by default the first.
    pub async fn draw(
        &self,
        style: JsValue,
        which: Option<usize>,
    ) -> std::result::Result<ImageBitmap, JsValue> {
        let Draw { opacity, colormap, formula, threshold } = read(style)?;
        let style = Style {
            opacity,
            threshold,
            colormap: colormap.parse().map_err(error)?,
            formula: formula.parse().map_err(error)?,
        };
        let (heatmap, ground) = self.shown(which).map_err(error)?;
        ground.draw(heatmap, &style).await.map_err(error)
    }

    /// Fails if the GPU has had anything to complain about. What it complains of arrives late, so this is to be asked
    /// once its work is done, and before a result is shown.
    pub fn check(&self) -> std::result::Result<(), JsValue> {
        if self.device.is_gpu() { faults::check().map_err(error) } else { Ok(()) }
    }

    /// The raw map of the last explanation's heatmap `which`, by default the first.
    pub async fn raw_map(&self, which: Option<usize>) -> std::result::Result<JsValue, JsValue> {
        let (heatmap, _) = self.shown(which).map_err(error)?;
        let [channels, height, width] = heatmap.map.dims();
        let values = heatmap.values().await.map_err(error)?;
        write(&RawMap { channels, height, width, data: values.as_slice().into() })
    }
}

impl Engine {
    fn open(&mut self, picture: Result<Picture>) -> std::result::Result<JsValue, JsValue> {
        let picture = picture.map_err(error)?;
        let size = size(&picture);
        self.picture = Some(picture);
        write(&size)
    }

    async fn compute(&self, request: Explain, on_progress: &Function) -> Result<(Shown, Explained)> {
        let model = self.model.as_ref().ok_or_else(|| {
            Error::new(ErrorKind::Request, "no-model", "no model is loaded yet; load a weight file first")
        })?;
        let picture = self
            .picture
            .as_ref()
            .ok_or_else(|| Error::new(ErrorKind::Request, "request", "no picture is open yet; choose one"))?;
        let preprocess: Preprocess = request.preprocess.parse()?;
        let input = model.input(picture, preprocess)?;
        let view = match request.view {
            Some(longer) => model.preprocessor().view_with_side(picture, preprocess, longer as usize)?,
            None => model.preprocessor().view(picture, preprocess),
        };
        let request = Request {
            layers: request.layers,
            merge: request.merge.parse()?,
            smooth: request.smooth,
            classes: request.classes,
            methods: vec![cam::method(&request.method)?],
            target: request.target.parse()?,
            preset: request.preset,
            settings: request.settings.into_iter().collect(),
        };
        let watch = |Progress { method, done, total }: Progress| {
            let told = write(&Step { method, done, total })
                .and_then(|step| on_progress.call1(&JsValue::NULL, &step));
            if told.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let explanation = model.explain_watched(&input, &request, &watch).await?;
        let heatmaps = explanation.heatmaps;
        let first = &heatmaps[0];
        let [channels, height, width] = first.map.dims();
        let scores = &explanation.scores;
        let explained_class = |heatmap: &Heatmap| {
            let Class { class, name, probability, logit } = class_info(model, scores, heatmap.class);
            ExplainedClass { class, name, probability, logit, flat: heatmap.is_flat() }
        };
        let explained = Explained {
            method: first.method.name,
            output: output(first.method),
            layers: if first.method.needs == Needs::Nothing { Vec::new() } else { explanation.layers },
            classes: heatmaps.iter().map(explained_class).collect(),
            target: explanation.target.to_string(),
            top: scores.top(5).into_iter().map(|class| class_info(model, scores, class)).collect(),
            probabilities: scores.probabilities.as_slice().into(),
            budget: first.budget.map(budget_info),
            channels,
            map: Size { width: width as u32, height: height as u32 },
            view: size(&view),
            times: explanation.times.into_iter().map(time).collect(),
        };
        let ground = self.painter.ground(view);
        Ok((Shown { heatmaps, ground }, explained))
    }

    fn shown(&self, which: Option<usize>) -> Result<(&Heatmap, &Ground)> {
        let shown = self.shown.as_ref();
        let Shown { heatmaps, ground } = shown
            .ok_or_else(|| Error::new(ErrorKind::Request, "request", "nothing has been explained yet"))?;
        let heatmap = heatmaps.get(which.unwrap_or_default());
        let heatmap = heatmap.ok_or_else(|| {
            Error::new(
                ErrorKind::Request,
                "request",
                format!("the last explanation has {} heatmaps, 0 the first", heatmaps.len()),
            )
        })?;
        Ok((heatmap, ground))
    }
}

fn card(files: ModelFiles) -> Result<Card> {
    let ModelFiles { network, config, preprocessor, labels, size, mean, std } = files;
    let network = network.as_deref().map(Architecture::named).transpose()?;
    let mut card = Card::read_as(network, config.as_deref().unwrap_or("{}"), preprocessor.as_deref())?;
    if let Some(text) = labels {
        card.labels = Some(weights::labels(&text)?);
    }
    card.overrides = PreprocessorOverrides { size, mean, std };
    Ok(card)
}

/// The GPU with something to draw on it, or why it is not used.
async fn open_gpu() -> std::result::Result<(Device, Painter), String> {
    let open = async {
        let device = Device::gpu().await?;
        device.check().await?;
        let painter = Painter::new(&device)?;
        faults::check()?;
        Ok((device, painter))
    };
    open.await.map_err(|error: Error| error.to_string())
}

fn read<T: serde::de::DeserializeOwned>(value: JsValue) -> std::result::Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value)
        .map_err(|found| error(Error::new(ErrorKind::Request, "request", format!("not understood: {found}"))))
}

fn write<T: Serialize>(value: &T) -> std::result::Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true);
    value.serialize(&serializer).map_err(|found| error(Error::device_fault(&found.to_string())))
}

/// A JS `Error` with a `kind`.
fn error(error: Error) -> JsValue {
    let thrown = js_sys::Error::new(&error.to_string());
    // Setting a property of an object made on the line above cannot fail.
    let _ = js_sys::Reflect::set(&thrown, &"kind".into(), &<&str>::from(error.kind()).into());
    thrown.into()
}
