//! Fuzz targets: whatever comes from outside goes in, and nothing may panic, hang or take memory beyond its bounds.
//!
//! `fuzz/run.sh` builds this program and runs it. It is one program, since each target would link all of the library again; the
//! variable `FUZZ_TARGET` chooses.
#![no_main]

#[path = "../tests/common/torch_file.rs"]
#[allow(dead_code)]
mod torch_file;

use std::sync::LazyLock;

use cam_lucida::cam::{self, ClassSum, Settings, Target};
use cam_lucida::network::{Architecture, NETWORKS};
use cam_lucida::picture::{Picture, Preprocess, Preprocessor};
use cam_lucida::scenes::questions;
use cam_lucida::weights::{self, Card, Hashed, PreprocessorOverrides, Weights};
use cam_lucida::{Device, Model, ModelFile, Request, Size};
use libfuzzer_sys::fuzz_target;
use safetensors::tensor::{Dtype, TensorView, serialize};
use torch_file::{Member, archive};

/// What is done with some bytes.
type Run = fn(&[u8]);

const TARGETS: [(&str, Run); 8] = [
    ("picture", picture),
    ("weights", weights),
    ("pickle", pickle),
    ("safetensors", safetensors),
    ("network", network),
    ("card", card),
    ("labels", labels),
    ("request", request),
];

static TARGET: LazyLock<Run> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
    let names = TARGETS.map(|(name, _)| name).join(", ");
    let found = TARGETS.iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("FUZZ_TARGET is “{name}”; choose one of: {names}")).1
});

fuzz_target!(|data: &[u8]| TARGET(data));

fn picture(file: &[u8]) {
    let Ok(picture) = Picture::decode(file) else { return };
    let preprocessor = Preprocessor::imagenet(32);
    let frame =
        preprocessor.frame(&picture, Preprocess::Squash).expect("a picture that was read can be framed");
    assert_eq!(preprocessor.normalise(&frame).len(), 3 * 32 * 32);
}

/// Any weight file.
fn weights(file: &[u8]) {
    read(file);
}

/// The pickle of an archive whose checksums are right, with two storages that it can refer to.
fn pickle(pickle: &[u8]) {
    let storage = |name: &str, bytes: usize| Member::new(name, vec![0; bytes]);
    read(&archive(&[Member::new("data.pkl", pickle), storage("data/0", 64), storage("data/1", 256)]));
}

/// The header of a safetensors file, whose length is right, before 256 bytes of tensors.
fn safetensors(header: &[u8]) {
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header);
    file.resize(file.len() + 256, 0);
    read(&file);
}

fn read(file: &[u8]) {
    let Ok(weights) = Weights::read(file.to_vec()) else { return };
    let _ = weights.tensors().count() + weights.renamed().count() + weights.states().len();
    let _ = weights.recognise().and_then(|architecture| weights.fit(architecture));
}

/// Small networks.
const SMALL: [&str; 8] = [
    "resnet_small",
    "densenet_small",
    "mobilenet_v2_small",
    "shufflenet_v2_small",
    "squeezenet_small",
    "vgg_small",
    "mobilenet_v2_x0_25",
    "shufflenet_v2_x0_5",
];
/// What dimensions become.
const LENGTHS: [usize; 16] = [0, 1, 2, 3, 4, 5, 7, 8, 11, 16, 24, 31, 64, 100, 255, 1 << 16];
/// Numbers of a file at most: what is larger only takes longer.
const NUMBERS: usize = 1 << 21;

/// Names and shapes of the tensors of a network.
type Layout = Vec<(String, Vec<usize>)>;

static LAYOUTS: LazyLock<Vec<Layout>> = LazyLock::new(|| {
    let layout = |name: &&str| {
        let architecture = Architecture::named(name).expect("it is in the table");
        architecture.blueprint(&Hashed { classes: 3 }).expect("hashed weights have every tensor").tensors
    };
    SMALL.iter().map(layout).collect()
});

/// A network whose tensors have other shapes is recognised, loaded, and explains a picture. The first byte chooses the network; of
/// each four that follow, the first two choose a tensor, the third one of its dimensions, or that it is left out, and the last
/// its length.
fn network(edits: &[u8]) {
    let [which, edits @ ..] = edits else { return };
    let mut layout = LAYOUTS[usize::from(*which) % SMALL.len()].clone();
    for edit in edits.chunks_exact(4) {
        let index = usize::from(u16::from_le_bytes([edit[0], edit[1]])) % layout.len();
        let dims = layout[index].1.len();
        let dim = usize::from(edit[2]) % (dims + 1);
        if dim == dims {
            layout.remove(index);
            if layout.is_empty() {
                return;
            }
            continue;
        }
        let length = LENGTHS[usize::from(edit[3]) % LENGTHS.len()];
        let before = std::mem::replace(&mut layout[index].1[dim], length);
        // Whole layers change together, too: every dimension of that length.
        if edit[3] >= 128 {
            let all = layout.iter_mut().flat_map(|(_, shape)| shape);
            all.filter(|side| **side == before).for_each(|side| *side = length);
        }
    }
    let count = |shape: &[usize]| shape.iter().fold(1, |count: usize, side| count.saturating_mul(*side));
    if layout.iter().map(|(_, shape)| count(shape)).fold(0, usize::saturating_add) > NUMBERS {
        return;
    }
    let zeros = vec![0; size_of::<f32>() * NUMBERS];
    let views = layout.iter().map(|(name, shape)| {
        let data = &zeros[..size_of::<f32>() * count(shape)];
        (name, TensorView::new(Dtype::F32, shape.clone(), data).expect("as many bytes as the shape says"))
    });
    let _ = explained(serialize(views, None).expect("every name stands once"));
}

/// Explains a grey picture, as small as the network takes it.
fn explained(file: Vec<u8>) -> cam_lucida::Result<()> {
    let device = Device::cpu();
    let weights = Weights::read(file)?;
    let architecture = weights.recognise()?;
    let side = weights.fit(architecture)?.min_side.max(*Preprocessor::SIDES.start());
    let overrides = PreprocessorOverrides { size: Some(Size::square(side)), ..Default::default() };
    let card = Card { overrides, ..Card::default() };
    let file = ModelFile::new(&device, card, weights)?;
    let model: Model = pollster::block_on(file.load())?;
    let picture = Picture::new(Size::square(4), vec![128; 48])?;
    let input = model.input(&picture, Preprocess::Squash)?;
    let request = Request { classes: vec![0.into()], ..Request::default() };
    pollster::block_on(model.explain(&input, &request))?;
    Ok(())
}

/// `config.json`, and behind a zero byte `preprocessor_config.json`.
fn card(texts: &[u8]) {
    let Ok(texts) = std::str::from_utf8(texts) else { return };
    let (config, preprocessor) = match texts.split_once('\0') {
        Some((config, preprocessor)) => (config, Some(preprocessor)),
        None => (texts, None),
    };
    let Ok(card) = Card::read(config, preprocessor) else { return };
    for architecture in NETWORKS {
        let _ = card.preprocessor_for(architecture);
    }
}

fn labels(text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else { return };
    let _ = weights::labels(text);
}

/// What people type: settings, targets, classes, names, questions.
fn request(text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else { return };
    let _ = text.parse::<Settings>();
    let _ = text.parse::<Target>();
    let _ = text.parse::<ClassSum>();
    let _ = (cam::method(text), Architecture::named(text));
    let read = questions::read(text);
    drop((read, questions::tokens(text)));
}
