//! Fuzz targets: whatever comes from outside goes in, and nothing may panic, hang or take memory beyond its bounds.
//!
//! `fuzz/run.sh` builds this program and runs it. It is one program, since each target would link all of the library again; the
//! variable `FUZZ_TARGET` chooses.
#![no_main]

#[path = "../src/bin/cam-lucida/npy.rs"]
#[allow(dead_code)]
mod npy;
#[path = "../tests/common/tables.rs"]
mod tables;
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
use tables::{FAMILIES, Sizes};
use torch_file::{Member, Pickle, archive};

/// As the command line has it. Half of the time would be the system's allocator's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What is done with some bytes.
type Run = fn(&[u8]);

const TARGETS: [(&str, Run); 10] = [
    ("picture", picture),
    ("weights", weights),
    ("pickle", pickle),
    ("archive", archives),
    ("safetensors", safetensors),
    ("network", network),
    ("card", card),
    ("npy", numbers),
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

/// What the files of an archive are called.
const MEMBERS: [&str; 8] = [
    "data.pkl",
    "data/0",
    "data/1",
    "byteorder",
    "version",
    ".data/serialization_id",
    "code/a.py",
    "../data.pkl",
];

/// An archive whose directory lies. Of each file, five bytes say its name, what is wrong with it, where it is said to be, and how many
/// of the bytes that follow it holds; a sound pickle in place of these, where the last bit of the second is set.
fn archives(bytes: &[u8]) {
    let mut members = Vec::new();
    let mut rest = bytes;
    while let Some((&[name, flags, low, high, length], after)) = rest.split_first_chunk() {
        let (content, after) = after.split_at(usize::from(length).min(after.len()));
        rest = after;
        let sound = || Pickle::new().op(b"}").text("w").tensor("0", 4, 0, &[4], &[1]).op(b"s").stop();
        let content = if flags & 1 == 0 { content.to_vec() } else { sound() };
        let said = u32::from(u16::from_le_bytes([low, high]));
        let mut member = Member::new(MEMBERS[usize::from(name) % MEMBERS.len()], content);
        member.compression = u16::from(flags >> 4);
        member.offset = (flags & 2 != 0).then_some(said);
        member.crc = (flags & 4 != 0).then_some(said);
        members.push(member);
    }
    read(&archive(&members));
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

/// Small ones of the listed networks.
const LISTED: [&str; 8] = [
    "resnet_small",
    "densenet_small",
    "mobilenet_v2_small",
    "shufflenet_v2_small",
    "squeezenet_small",
    "vgg_small",
    "mobilenet_v2_x0_25",
    "shufflenet_v2_x0_5",
];
/// The first of the bytes that choose among them: they take ten times longer than those of a few channels.
const FIRST_LISTED: u8 = 240;
/// What dimensions become.
const LENGTHS: [usize; 16] = [0, 1, 2, 3, 4, 5, 7, 8, 11, 16, 24, 31, 64, 100, 255, 1 << 16];
/// Numbers of a file at most: what is larger only takes longer.
const NUMBERS: usize = 1 << 21;
/// Rows and columns of a picture at most, likewise.
const SIDE: usize = 64;

/// Names and shapes of the tensors of a network.
type Layout = Vec<(String, Vec<usize>)>;

static LAYOUTS: LazyLock<Vec<Layout>> = LazyLock::new(|| {
    let layout = |name: &&str| {
        let architecture = Architecture::named(name).expect("it is in the table");
        architecture.blueprint(&Hashed { classes: 3 }).expect("hashed weights have every tensor").tensors
    };
    LISTED.iter().map(layout).collect()
});

/// Handing so little work to other threads takes longer than the work.
static ONE_THREAD: LazyLock<()> = LazyLock::new(|| {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
    pool.build_global().expect("nothing was computed before");
});

/// A small network of a family, of the sizes that seven bytes say.
fn of_family(family: u8, bytes: [u8; 7]) -> Layout {
    let [width, growth, depth, blocks, kernel, side, inputs] = bytes;
    let up_to = |byte: u8, max: u8| 1 + usize::from(byte % max);
    let sizes = Sizes {
        width: up_to(width, 8),
        growth: up_to(growth, 6),
        depth: up_to(depth, 2),
        blocks: up_to(blocks, 8),
        kernel: up_to(kernel, if kernel < 192 { 8 } else { 64 }),
        side: up_to(side, 3),
        inputs: if inputs < 192 { 3 } else { usize::from(inputs % 5) },
    };
    FAMILIES[usize::from(family) % FAMILIES.len()].1(&sizes).0
}

/// A network whose tensors have other shapes is recognised, loaded, and explains a picture. The first byte chooses the network: a
/// listed one, or a family, and then seven bytes say its sizes. Of each four that follow, the first two choose a tensor, the third
/// one of its dimensions, or that it is left out, and the last its length.
fn network(bytes: &[u8]) {
    LazyLock::force(&ONE_THREAD);
    let [which, edits @ ..] = bytes else { return };
    let (mut layout, edits) = match which.checked_sub(FIRST_LISTED) {
        Some(listed) => (LAYOUTS[usize::from(listed) % LISTED.len()].clone(), edits),
        None => {
            let Some((sizes, edits)) = edits.split_first_chunk() else { return };
            (of_family(*which, *sizes), edits)
        }
    };
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
    static ZEROS: LazyLock<Vec<u8>> = LazyLock::new(|| vec![0; size_of::<f32>() * NUMBERS]);
    let views = layout.iter().map(|(name, shape)| {
        let data = &ZEROS[..size_of::<f32>() * count(shape)];
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
    if side > SIDE {
        return Ok(());
    }
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

/// A NumPy file for `--input-npy`.
fn numbers(file: &[u8]) {
    let _ = npy::read("input.npy", file);
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
