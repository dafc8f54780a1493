//! `Engine`: the one class that the page's worker talks to.

use std::ops::ControlFlow;

use cam_lucida::cam::{self, Answer, Progress, Watch};
use cam_lucida::measure::{self, Baseline, Comparable, Fresh, Map, Trial};
use cam_lucida::network::{Architecture, Task};
use cam_lucida::picture::{Decoded, Picture, Preprocess, Preprocessor, Window};
use cam_lucida::render::Style;
use cam_lucida::weights::{self, Card, PreprocessorOverrides, Reading, Weights};
use cam_lucida::{
    CaptionModel, Device, Error, ErrorKind, Explanation, Heatmap, Input, Model, ModelFile, Request, Result,
    Size,
};
use js_sys::{Function, Promise};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ImageBitmap};

use crate::faults;
use crate::files::{Files, WeightFile};
use crate::messages::{
    About, Asked, Compare, Compared, CoverMeasured, CurveMeasured, Decomposed, Draw, Explain, ExplainPhrase,
    Explained, FreshLoaded, FreshModules, LanguageLoaded, Loaded, LookInside, MeasureCover, MeasureCurve,
    Memory, ModelFiles, NoteInfo, Opened, PhraseExplained, Profiled, RawMap, Score, Scored, Sheet, Start,
    Step, TextRead, Thrown, Why, Write, Written,
};
use crate::models::{AnyModel, KeptModel, Origin};
use crate::painter::{self, Ground, Painter};
use crate::source::BlobSource;
use crate::store::Store;

/// Values of a layer that leave the engine at once, at most: 4 MiB. A finer layer leaves it in means of its places.
const SHEET_VALUES: usize = 1 << 20;
/// Bytes of a weight file that are read at once, 8 MiB: a cancel is heard between two of them.
const PIECE: u64 = 8 << 20;

/// A device, and what was brought to it and computed on it. The page names each by its id; a call that names one that
/// is no longer kept fails with the code `released`, and the page brings it again.
#[wasm_bindgen]
pub struct Engine {
    device: Device,
    painter: Painter,
    why_no_gpu: Option<Why>,
    models: Store<KeptModel>,
    files: Files,
    pictures: Store<Picture>,
    explanations: Store<Drawable>,
}

/// An explanation, kept where it was computed so that a new style needs no new computation.
struct Drawable {
    /// One for each class.
    heatmaps: Vec<Heatmap>,
    ground: Ground,
}

#[wasm_bindgen]
impl Engine {
    /// Opens the GPU if asked to and if it passes the canary, else the CPU. Takes a `Start`.
    pub async fn start(options: JsValue) -> std::result::Result<Engine, JsValue> {
        let Start { gpu, why, memory } = read(options)?;
        let Memory { models, files, pictures, explanations } = memory;
        let opened =
            if gpu { open_gpu().await.map_err(|error| Some(Why::gpu_failed(&error))) } else { Err(why) };
        let (device, painter, why_no_gpu) = match opened {
            Ok((device, painter)) => (device, painter, None),
            Err(why) => (Device::cpu(), Painter::Cpu, why),
        };
        Ok(Self {
            device,
            painter,
            why_no_gpu,
            models: Store::new(models),
            files: Files::new(files),
            pictures: Store::new(pictures),
            explanations: Store::new(explanations),
        })
    }

    /// What this engine is and offers: an `About`.
    pub fn about(&self) -> std::result::Result<JsValue, JsValue> {
        write(&About::new(&self.device, self.why_no_gpu.clone()))
    }

    /// Loads a weight file, of which only the network's tensors are brought into memory. Takes a `ModelFiles` with what is known about
    /// it; returns a `Loaded`. The file is checked first; then other models make room for it, before it is on the device. `file_id` is
    /// the page's. `on_progress` as for `explain`, of the bytes that are read, where they are many.
    pub async fn load_model(
        &mut self,
        files: JsValue,
        blob: Blob,
        file_id: u32,
        on_progress: Function,
    ) -> std::result::Result<JsValue, JsValue> {
        let files: ModelFiles = read(files)?;
        let state = files.state.clone();
        let file =
            self.model_file(files, WeightFile { blob, id: file_id }, &on_progress).await.map_err(error)?;
        file.architecture().check_task(Task::Classification).map_err(error)?;
        file.check_pictures().map_err(error)?;
        let id = self.load(file, state).await.map_err(error)?;
        self.loaded(id)
    }

    /// The same for a model of language: a `LanguageLoaded`.
    pub async fn load_language(
        &mut self,
        files: JsValue,
        blob: Blob,
        file_id: u32,
        on_progress: Function,
    ) -> std::result::Result<JsValue, JsValue> {
        let files = read(files)?;
        let file =
            self.model_file(files, WeightFile { blob, id: file_id }, &on_progress).await.map_err(error)?;
        if file.architecture().task() == Task::Classification {
            file.architecture().check_task(Task::QuestionAnswering).map_err(error)?;
        }
        let id = self.load(file, None).await.map_err(error)?;
        let kept = self.kept_model(id).map_err(error)?;
        match kept.captions() {
            Ok(captions) => write(&LanguageLoaded::from_captions(id, captions)),
            Err(_) => write(&LanguageLoaded::from_questions(id, kept.questions().map_err(error)?)),
        }
    }

    /// Asks a model of language a question: an `Asked`, with the model that answers it.
    pub fn ask(&mut self, model: u32, question: &str) -> std::result::Result<JsValue, JsValue> {
        let kept = self.kept_model(model).map_err(error)?;
        let (questions, bytes) = (kept.questions().map_err(error)?, kept.bytes);
        let read = questions.vocabulary().read(question).map_err(error)?;
        let asked = questions.ask(question).map_err(error)?;
        let question = TextRead::question(read, questions);
        let id = self.models.insert(KeptModel::bound(asked, bytes), bytes);
        let model = self.explaining(id).map_err(error)?;
        write(&Asked { question, model: Loaded::new(id, model) })
    }

    /// Reads a caption that somebody wrote in the words of a model: a `TextRead`.
    pub fn read_caption(&mut self, model: u32, caption: &str) -> std::result::Result<JsValue, JsValue> {
        let captions = self.kept_model(model).and_then(KeptModel::captions).map_err(error)?;
        let read = captions.vocabulary().read(caption).map_err(error)?;
        write(&TextRead::caption(read, captions))
    }

    /// Describes a picture, as a `Write` says: a `Written`.
    pub async fn write_captions(
        &mut self,
        model: u32,
        picture: u32,
        request: JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        let Write { preprocess, beam } = read(request)?;
        let (captions, input) = self.captions_of(model, picture, &preprocess).map_err(error)?;
        let written = captions.write(&input, beam).await.map_err(error)?;
        write(&Written::new(written, captions))
    }

    /// How probable a caption of a picture is, as a `Score` says: a `Scored`.
    pub async fn score_caption(
        &mut self,
        model: u32,
        picture: u32,
        request: JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        let Score { preprocess, tokens } = read(request)?;
        let (captions, input) = self.captions_of(model, picture, &preprocess).map_err(error)?;
        write(&Scored { log_probabilities: captions.score(&input, &tokens).await.map_err(error)? })
    }

    /// The model that writes the word at `place` of a caption, 0 the first: a `Loaded`, whose classes are the words.
    pub fn bind_word(
        &mut self,
        model: u32,
        tokens: Vec<usize>,
        place: usize,
    ) -> std::result::Result<JsValue, JsValue> {
        let kept = self.kept_model(model).map_err(error)?;
        let bytes = kept.bytes;
        let word = kept.captions().and_then(|captions| captions.word(&tokens, place)).map_err(error)?;
        let id = self.models.insert(KeptModel::bound(word, bytes), bytes);
        self.loaded(id)
    }

    /// Explains words of a caption, as an `ExplainPhrase` says: a `PhraseExplained`. `on_progress` as for `explain`.
    pub async fn explain_phrase(
        &mut self,
        model: u32,
        picture: u32,
        request: JsValue,
        on_progress: Function,
    ) -> std::result::Result<JsValue, JsValue> {
        let request = read(request)?;
        let explained = self.compute_phrase(model, picture, request, &on_progress).await.map_err(error)?;
        write(&explained)
    }

    /// Decodes a picture: an `Opened`. `window`: of grey ones of 16 bits, the values that are black and white.
    pub fn open_picture(
        &mut self,
        bytes: Vec<u8>,
        window: Option<Vec<u16>>,
    ) -> std::result::Result<JsValue, JsValue> {
        let window = match window.as_deref() {
            Some([low, high]) => Some(Window::new(*low, *high).map_err(error)?),
            _ => None,
        };
        self.open(Picture::decode_with(&bytes, window))
    }

    /// Takes uncompressed pixels, as a canvas gives them, for a picture: an `Opened`.
    pub fn open_pixels(
        &mut self,
        width: usize,
        height: usize,
        rgba: Vec<u8>,
    ) -> std::result::Result<JsValue, JsValue> {
        self.open(Decoded::from_rgba(Size { width, height }, &rgba))
    }

    /// Explains what a model sees in a picture, as an `Explain` says: an `Explained`. `on_progress` is called with a
    /// `Step` of each method that takes many and gives a promise: the work goes on when it is fulfilled, and ends when it is
    /// rejected.
    pub async fn explain(
        &mut self,
        model: u32,
        picture: u32,
        request: JsValue,
        on_progress: Function,
    ) -> std::result::Result<JsValue, JsValue> {
        let request = read(request)?;
        let explained = self.compute(model, picture, request, &on_progress).await.map_err(error)?;
        write(&explained)
    }

    /// Explains as `explain` does, one class by one method at one layer, and says what the map is made of: a `Decomposed`.
    pub async fn decompose(
        &mut self,
        model: u32,
        picture: u32,
        request: JsValue,
        on_progress: Function,
    ) -> std::result::Result<JsValue, JsValue> {
        let request = read(request)?;
        write(&self.take_apart(model, picture, request, &on_progress).await.map_err(error)?)
    }

    /// Draws heatmap `which` of an explanation, 0 the first, as a `Draw` says.
    pub async fn draw(
        &mut self,
        explanation: u32,
        which: usize,
        style: JsValue,
    ) -> std::result::Result<ImageBitmap, JsValue> {
        let Draw { opacity, colormap, formula, threshold } = read(style)?;
        let style = Style {
            opacity,
            threshold,
            colormap: colormap.parse().map_err(error)?,
            formula: formula.parse().map_err(error)?,
        };
        let Drawable { heatmaps, ground } =
            kept(&mut self.explanations, "explanation", explanation).map_err(error)?;
        let heatmap = heatmap(heatmaps, which).map_err(error)?;
        ground.draw(heatmap, &style).await.map_err(error)
    }

    /// The values of heatmap `which` of an explanation, 0 the first: a `RawMap`.
    pub async fn raw_map(&mut self, explanation: u32, which: usize) -> std::result::Result<JsValue, JsValue> {
        let Drawable { heatmaps, .. } =
            kept(&mut self.explanations, "explanation", explanation).map_err(error)?;
        let heatmap = heatmap(heatmaps, which).map_err(error)?;
        let [channels, height, width] = heatmap.map.dims();
        write(&RawMap { channels, height, width, data: heatmap.values().await.map_err(error)? })
    }

    /// The pixels of a model's input, those first that heatmap `which` of an explanation ranks highest: row by row, 0 the first.
    pub async fn rank_pixels(
        &mut self,
        model: u32,
        explanation: u32,
        which: usize,
    ) -> std::result::Result<Vec<u32>, JsValue> {
        let model = kept(&mut self.models, "model", model).and_then(KeptModel::explaining).map_err(error)?;
        let size = model.preprocessor().size;
        let map = map(&mut self.explanations, explanation, which).await.map_err(error)?;
        Ok(map.resized(size).ranking().into_iter().map(|pixel| pixel as u32).collect())
    }

    /// A picture as a model sees it, at the size of its input; with a baseline, `mean` or `blur`, what stands for its pixels where
    /// they are missing.
    pub async fn frame(
        &mut self,
        model: u32,
        picture: u32,
        preprocess: String,
        baseline: Option<String>,
    ) -> std::result::Result<ImageBitmap, JsValue> {
        let frame = self.seen(model, picture, &preprocess, baseline.as_deref()).map_err(error)?;
        painter::bitmap(&frame).await.map_err(error)
    }

    /// What a layer of a model puts out for a picture, as a `LookInside` says: a `Sheet`.
    pub async fn activations(
        &mut self,
        model: u32,
        picture: u32,
        request: JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        let LookInside { preprocess, layer } = read(request)?;
        write(&self.sheet(model, picture, &preprocess, &layer).await.map_err(error)?)
    }

    /// Covers what a heatmap of an explanation ranks first, as a `MeasureCover` says: a `CoverMeasured`. `on_progress` as for
    /// `explain`.
    pub async fn measure_cover(
        &mut self,
        model: u32,
        picture: u32,
        explanation: u32,
        request: JsValue,
        on_progress: Function,
    ) -> std::result::Result<JsValue, JsValue> {
        let request: MeasureCover = read(request)?;
        let measured = async |trial: &Trial<'_>, map: &Map| {
            Ok(CoverMeasured::from(measure::cover(trial, map, &request.covering()?).await?))
        };
        let subject = Subject { model, picture, explanation, which: request.which, class: request.class };
        write(&self.measure(subject, &request.preprocess, &on_progress, measured).await.map_err(error)?)
    }

    /// Deletes or inserts pixels in the order of a heatmap of an explanation, as a `MeasureCurve` says: a `CurveMeasured`.
    /// `on_progress` as for `explain`.
    pub async fn measure_curve(
        &mut self,
        model: u32,
        picture: u32,
        explanation: u32,
        request: JsValue,
        on_progress: Function,
    ) -> std::result::Result<JsValue, JsValue> {
        let request: MeasureCurve = read(request)?;
        let perturbation = request.perturbation();
        let measured = async |trial: &Trial<'_>, map: &Map| {
            let curve = match request.insertion {
                true => measure::insertion(trial, map, &perturbation).await?,
                false => measure::deletion(trial, map, &perturbation).await?,
            };
            Ok(CurveMeasured::new(curve, &perturbation))
        };
        let subject = Subject { model, picture, explanation, which: request.which, class: request.class };
        write(&self.measure(subject, &request.preprocess, &on_progress, measured).await.map_err(error)?)
    }

    /// Times each layer of a model `runs` times: a `Profiled`. `on_progress` as for `explain`.
    pub async fn profile(
        &mut self,
        model: u32,
        runs: usize,
        on_progress: Function,
    ) -> std::result::Result<JsValue, JsValue> {
        let model = kept(&mut self.models, "model", model).and_then(KeptModel::explaining).map_err(error)?;
        let profile = model.profile(runs, &|progress| tell(&on_progress, progress)).await;
        write(&Profiled::from(profile.map_err(error)?))
    }

    /// Compares heatmaps of two explanations, as a `Compare` says: a `Compared`.
    pub async fn compare(
        &mut self,
        one: u32,
        other: u32,
        request: JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        let request: Compare = read(request)?;
        let size = Size::square(request.side);
        let mut maps = Vec::new();
        for (explanation, which) in [one, other].into_iter().zip(request.which) {
            let Drawable { heatmaps, .. } =
                kept(&mut self.explanations, "explanation", explanation).map_err(error)?;
            let heatmap = heatmap(heatmaps, which).map_err(error)?;
            maps.push(Comparable::read(heatmap, size).await.map_err(error)?);
        }
        let Some(([from, other_from], size)) = request.parts() else {
            let message =
                "the two pictures have nothing in common; move the second one by less than its side";
            return Err(error(Error::new(ErrorKind::Request, "nothing-in-common", message)));
        };
        let other = if request.mirrored { maps[1].mirrored() } else { maps[1].clone() };
        let similarity = maps[0].part(from, size).compare(&other.part(other_from, size)).map_err(error)?;
        write(&Compared::from(similarity))
    }

    /// Loads a model again with some modules freshly initialised, as a `FreshModules` says: a `FreshLoaded`. The weight file
    /// is that of `model`.
    pub async fn load_fresh(
        &mut self,
        model: u32,
        request: JsValue,
        blob: Blob,
        file_id: u32,
        on_progress: Function,
    ) -> std::result::Result<JsValue, JsValue> {
        let (request, file) = (read(request)?, WeightFile { blob, id: file_id });
        let (id, modules) = self.freshen(model, request, file, &on_progress).await.map_err(error)?;
        write(&FreshLoaded { model: Loaded::new(id, self.explaining(id).map_err(error)?), modules })
    }

    /// Drops what has this id, whatever it is; nothing happens when it was dropped before.
    pub fn release(&mut self, id: u32) {
        self.models.release(id);
        self.pictures.release(id);
        self.explanations.release(id);
    }

    /// Fails if the GPU has had anything to complain about. What it complains of arrives late, so this is to be asked
    /// once its work is done, and before a result is shown.
    pub fn check(&self) -> std::result::Result<(), JsValue> {
        if self.device.is_gpu() { faults::check().map_err(error) } else { Ok(()) }
    }
}

impl Engine {
    fn open(&mut self, read: Result<Decoded>) -> std::result::Result<JsValue, JsValue> {
        let Decoded { picture, notes, range } = read.map_err(error)?;
        let (Size { width, height }, bytes) = (picture.size(), picture.rgb().len());
        let notes = notes.iter().map(NoteInfo::new).collect();
        let range = range.map(|range| [range.low(), range.high()]);
        write(&Opened { id: self.pictures.insert(picture, bytes), width, height, notes, range })
    }

    async fn compute(
        &mut self,
        model: u32,
        picture: u32,
        request: Explain,
        on_progress: &Function,
    ) -> Result<Explained> {
        let work = async |model: &Model, input: &Input, request: &Request, watch: &dyn Watch| {
            Ok((model.explain_watched(input, request, watch).await?, ()))
        };
        Ok(self.keep(model, picture, request, on_progress, work).await?.0)
    }

    async fn take_apart(
        &mut self,
        model: u32,
        picture: u32,
        request: Explain,
        on_progress: &Function,
    ) -> Result<Decomposed> {
        let work = async |model: &Model, input: &Input, request: &Request, watch: &dyn Watch| {
            let found = model.decompose_watched(input, request, watch).await?;
            Ok((found.explanation, found.parts))
        };
        let (explained, parts) = self.keep(model, picture, request, on_progress, work).await?;
        Ok(Decomposed { explained, parts: parts.into() })
    }

    /// Keeps the explanation that `work` gives of a picture, and tells of it; with whatever else it gives.
    async fn keep<T>(
        &mut self,
        model: u32,
        picture: u32,
        request: Explain,
        on_progress: &Function,
        work: impl AsyncFnOnce(&Model, &Input, &Request, &dyn Watch) -> Result<(Explanation, T)>,
    ) -> Result<(Explained, T)> {
        let model = kept(&mut self.models, "model", model)?.explaining()?;
        let picture = kept(&mut self.pictures, "picture", picture)?;
        let preprocess: Preprocess = request.preprocess.parse()?;
        let input = model.input(picture, preprocess)?;
        let note = model.preprocess_note(preprocess, Some(picture.size()));
        let view = view(model.preprocessor(), picture, preprocess, request.view)?;
        let watch = |progress| tell(on_progress, progress);
        let (explanation, more) = work(model, &input, &library_request(request)?, &watch).await?;
        let size = view.size();
        let bytes = bytes(&explanation.heatmaps, &view);
        let drawable = Drawable { heatmaps: explanation.heatmaps.clone(), ground: self.painter.ground(view) };
        let id = self.explanations.insert(drawable, bytes);
        Ok((Explained::new(id, &explanation, model, size, note.as_ref()), more))
    }

    async fn compute_phrase(
        &mut self,
        model: u32,
        picture: u32,
        request: ExplainPhrase,
        on_progress: &Function,
    ) -> Result<PhraseExplained> {
        let ExplainPhrase { tokens, first, last, how } = request;
        let captions = kept(&mut self.models, "model", model)?.captions()?;
        let picture = kept(&mut self.pictures, "picture", picture)?;
        let preprocess: Preprocess = how.preprocess.parse()?;
        let input = captions.input(picture, preprocess)?;
        let view = view(captions.preprocessor(), picture, preprocess, how.view)?;
        let watch = |progress| tell(on_progress, progress);
        let places = first..last.saturating_add(1);
        let explained =
            captions.explain_watched(&input, &tokens, places, &library_request(how)?, &watch).await?;
        let size = view.size();
        let each = explained.words.iter().flat_map(|word| &word.heatmaps);
        let heatmaps: Vec<Heatmap> = each.chain(&explained.heatmaps).cloned().collect();
        let bytes = bytes(&heatmaps, &view);
        let drawable = Drawable { heatmaps, ground: self.painter.ground(view) };
        let id = self.explanations.insert(drawable, bytes);
        Ok(PhraseExplained::new(id, &explained, &captions.word(&[], 0)?, size))
    }

    /// A weight file, checked.
    async fn model_file(
        &mut self,
        files: ModelFiles,
        file: WeightFile,
        on_progress: &Function,
    ) -> Result<ModelFile> {
        let weights = self.weights(file, files.state.as_deref(), None, on_progress).await?;
        ModelFile::new(&self.device, card(files)?, weights)
    }

    /// The tensors of a weight file: those of `state`, or of its own network. Where there is no room for them, what was read of
    /// other files goes; on the CPU, where models lie in the same memory, then the least recently used of these. The model `needed`
    /// does not.
    async fn weights(
        &mut self,
        WeightFile { blob, id }: WeightFile,
        state: Option<&str>,
        needed: Option<u32>,
        on_progress: &Function,
    ) -> Result<Weights> {
        if let Some(weights) = self.files.get(id, state) {
            return Ok(weights);
        }
        let source = BlobSource::new(blob)?;
        let mut reading = loop {
            match Reading::begin(&source, state) {
                Err(error)
                    if error.code() == "out-of-memory"
                        && (self.files.evict() || !self.device.is_gpu() && self.models.evict(needed)) => {}
                begun => break begun?,
            }
        };
        let total = reading.total();
        let mut more = true;
        while more {
            more = reading.read(PIECE)?;
            // A small file is read at once.
            if total > PIECE {
                let step = Step { method: None, done: reading.done() as usize, total: total as usize };
                tell_step(on_progress, &step).go_on().await?;
            }
        }
        let weights = reading.finish()?;
        self.files.keep(id, state, &weights, total);
        Ok(weights)
    }

    /// What a model sees of a picture, or what stands for its pixels where they are missing.
    fn seen(
        &mut self,
        model: u32,
        picture: u32,
        preprocess: &str,
        baseline: Option<&str>,
    ) -> Result<Picture> {
        let model = kept(&mut self.models, "model", model)?.explaining()?;
        let picture = kept(&mut self.pictures, "picture", picture)?;
        let preprocess = preprocess.parse()?;
        let Some(baseline) = baseline else { return model.preprocessor().frame(picture, preprocess) };
        let input = model.input(picture, preprocess)?;
        let missing = baseline.parse::<Baseline>()?.missing(&input);
        Ok(model.preprocessor().denormalise(&missing, input.size()))
    }

    async fn sheet(&mut self, model: u32, picture: u32, preprocess: &str, layer: &str) -> Result<Sheet> {
        let model = kept(&mut self.models, "model", model)?.explaining()?;
        let picture = kept(&mut self.pictures, "picture", picture)?;
        let input = model.input(picture, preprocess.parse()?)?;
        Ok(Sheet::new(model.activations(&input, layer, SHEET_VALUES).await?, input.size()))
    }

    /// What `work` measures of a heatmap.
    async fn measure<T>(
        &mut self,
        Subject { model, picture, explanation, which, class }: Subject,
        preprocess: &str,
        on_progress: &Function,
        work: impl AsyncFnOnce(&Trial<'_>, &Map) -> Result<T>,
    ) -> Result<T> {
        let model = kept(&mut self.models, "model", model)?.explaining()?;
        let picture = kept(&mut self.pictures, "picture", picture)?;
        let input = model.input(picture, preprocess.parse()?)?;
        let map = map(&mut self.explanations, explanation, which).await?;
        let watch = |progress| tell(on_progress, progress);
        work(&Trial { model, input: &input, class, watch: &watch }, &map).await
    }

    /// The id of a model with its last `count` modules fresh, and the names of all of them.
    async fn freshen(
        &mut self,
        model: u32,
        FreshModules { count, seed }: FreshModules,
        file: WeightFile,
        on_progress: &Function,
    ) -> Result<(u32, Vec<String>)> {
        let origin = self.kept_model(model)?.origin.clone();
        let mut weights = self.weights(file, origin.state.as_deref(), Some(model), on_progress).await?;
        let kept = self.kept_model(model)?;
        let (trained, bytes) = (kept.explaining()?, kept.bytes);
        trained.state(&mut weights)?;
        let modules = weights.fit(trained.architecture())?.modules();
        let fresh = trained.with_parameters(&mut Fresh::new(&mut weights, &modules, count, seed)).await?;
        let kept = KeptModel { model: AnyModel::Explaining(fresh), bytes, origin };
        Ok((self.models.insert(kept, bytes), modules))
    }

    async fn load(&mut self, file: ModelFile, state: Option<String>) -> Result<u32> {
        self.models.make_room(file.device_bytes());
        let model = KeptModel::load(file, state).await?;
        let bytes = model.bytes;
        Ok(self.models.insert(model, bytes))
    }

    fn kept_model(&mut self, id: u32) -> Result<&KeptModel> {
        kept(&mut self.models, "model", id)
    }

    fn explaining(&mut self, id: u32) -> Result<&Model> {
        self.kept_model(id)?.explaining()
    }

    fn loaded(&mut self, id: u32) -> std::result::Result<JsValue, JsValue> {
        let kept = self.kept_model(id).map_err(error)?;
        let Origin { states, renamed, .. } = &kept.origin;
        write(&Loaded { states, renamed, ..Loaded::new(id, kept.explaining().map_err(error)?) })
    }

    /// A model that writes captions, and a picture as its input.
    fn captions_of(&mut self, model: u32, picture: u32, preprocess: &str) -> Result<(&CaptionModel, Input)> {
        let captions = kept(&mut self.models, "model", model)?.captions()?;
        let picture = kept(&mut self.pictures, "picture", picture)?;
        let input = captions.input(picture, preprocess.parse()?)?;
        Ok((captions, input))
    }
}

/// What is measured: a heatmap of an explanation of a picture, and the probability of a class.
struct Subject {
    model: u32,
    picture: u32,
    explanation: u32,
    which: usize,
    class: usize,
}

/// The map of heatmap `which` of an explanation.
async fn map(explanations: &mut Store<Drawable>, explanation: u32, which: usize) -> Result<Map> {
    let Drawable { heatmaps, .. } = kept(explanations, "explanation", explanation)?;
    Map::from_heatmap(heatmap(heatmaps, which)?).await
}

/// What heatmaps take with what they are drawn over.
fn bytes(heatmaps: &[Heatmap], view: &Picture) -> usize {
    let maps = heatmaps.iter().map(|heatmap| heatmap.map.shape().num_elements() * size_of::<f32>());
    maps.sum::<usize>() + view.rgb().len()
}

/// What heatmaps are drawn over; its longer side has `longer` pixels.
fn view(
    preprocessor: &Preprocessor,
    picture: &Picture,
    preprocess: Preprocess,
    longer: Option<usize>,
) -> Result<Picture> {
    match longer {
        Some(longer) => preprocessor.view_with_side(picture, preprocess, longer),
        None => Ok(preprocessor.view(picture, preprocess)),
    }
}

fn library_request(request: Explain) -> Result<Request> {
    Ok(Request {
        layers: request.layers,
        merge: request.merge.parse()?,
        smooth: request.smooth,
        classes: request.classes,
        methods: vec![cam::method(&request.method)?],
        target: request.target.parse()?,
        preset: request.preset,
        settings: request.settings.into_iter().collect(),
    })
}

/// Tells the page how far a method is; its promise says whether to go on.
fn tell(on_progress: &Function, progress: Progress) -> Answer {
    tell_step(on_progress, &progress.into())
}

/// Tells the page of a step, likewise.
fn tell_step(on_progress: &Function, step: &Step) -> Answer {
    let told = write(step).and_then(|step| on_progress.call1(&JsValue::NULL, &step));
    let Ok(promise) = told else { return Answer::Now(ControlFlow::Break(())) };
    let answer = JsFuture::from(Promise::resolve(&promise));
    Answer::Later(Box::pin(async {
        if answer.await.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }))
}

/// What has the id `id` in `store`, of things that are called `what`.
fn kept<'a, T>(store: &'a mut Store<T>, what: &'static str, id: u32) -> Result<&'a T> {
    store.get(id).ok_or_else(|| {
        let message = format!("{what} {id} is no longer kept; bring it again");
        let arguments = vec![("what", what.into()), ("id", id.to_string())];
        Error::with_arguments(ErrorKind::Request, "released", message, arguments)
    })
}

fn heatmap(heatmaps: &[Heatmap], which: usize) -> Result<&Heatmap> {
    heatmaps.get(which).ok_or_else(|| {
        let count = heatmaps.len().to_string();
        let message = format!("the explanation has {count} heatmaps, 0 the first; {which} was asked for");
        let arguments = vec![("count", count), ("which", which.to_string())];
        Error::with_arguments(ErrorKind::Request, "heatmap-out-of-range", message, arguments)
    })
}

fn card(files: ModelFiles) -> Result<Card> {
    let ModelFiles {
        network,
        config,
        preprocessor,
        labels,
        problem,
        size,
        mean,
        std,
        range,
        order,
        variant,
        ..
    } = files;
    let network = network.as_deref().map(Architecture::named).transpose()?;
    let mut card = Card::read_as(network, config.as_deref().unwrap_or("{}"), preprocessor.as_deref())?;
    if let Some(text) = labels {
        card.labels = Some(weights::labels(&text)?);
    }
    if let Some(problem) = problem {
        card.state_problem(problem.parse()?);
    }
    if let Some(variant) = variant {
        card.state_variant(variant.parse()?);
    }
    let range = range.map(|name| name.parse()).transpose()?;
    let order = order.map(|name| name.parse()).transpose()?;
    let size = size.map(|[height, width]| Size { height, width });
    card.overrides = PreprocessorOverrides { size, mean, std, range, order, fill: None };
    Ok(card)
}

/// The GPU with something to draw on it.
async fn open_gpu() -> Result<(Device, Painter)> {
    let device = Device::gpu().await?;
    device.check().await?;
    let painter = Painter::new(&device)?;
    faults::check()?;
    Ok((device, painter))
}

fn read<T: serde::de::DeserializeOwned>(value: JsValue) -> std::result::Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value).map_err(|found| {
        error(Error::new(ErrorKind::Request, "message-not-understood", format!("not understood: {found}")))
    })
}

fn write<T: Serialize>(value: &T) -> std::result::Result<JsValue, JsValue> {
    let serializer =
        serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true).serialize_maps_as_objects(true);
    Ok(value.serialize(&serializer)?)
}

/// A JS `Error` with the fields of a `Thrown`.
fn error(error: Error) -> JsValue {
    let thrown = js_sys::Error::new(&error.to_string());
    match write(&Thrown::new(&error)) {
        Ok(fields) => js_sys::Object::assign(&thrown, fields.unchecked_ref()).into(),
        Err(failed) => failed,
    }
}
