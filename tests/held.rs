//! What is held when an explanation is gone, and its network: nothing of them. A page explains for hours in one process.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicIsize, Ordering};

use cam_lucida::cam::{ClassSum, METHODS, Method};
use cam_lucida::picture::{Picture, Preprocess};
use cam_lucida::weights::Card;
use cam_lucida::{Device, Input, Model, Request, Size};
use pollster::block_on;

/// The system's allocator; counts what is allocated and not yet freed, by whichever thread: rows and tiles change hands.
struct Counting;

static HELD: AtomicIsize = AtomicIsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: the system's allocator does everything; `realloc` is made of these two.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.fetch_add(1, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(1, Ordering::Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// In the first ones, caches and threads' own memory come; after them, one that holds more than the one before it is no proof,
/// but all of them are.
const SETTLING: usize = 2;
const ROUNDS: usize = 5;

#[test]
fn nothing_is_held_of_explanations_that_are_gone_finished_or_cancelled_nor_of_their_networks() {
    let mut held = Vec::new();
    for _ in 0..ROUNDS {
        for name in ["squeezenet-scenes", "shufflenet-scenes"] {
            explain_by_all_methods(&load(name));
        }
        held.push(HELD.load(Ordering::Relaxed));
    }
    let grown = held.windows(2).skip(SETTLING - 1).all(|pair| pair[1] > pair[0]);
    assert!(!grown, "allocations that are held after each round: {held:?}");
}

fn load(name: &str) -> Model {
    let folder = format!("{}/models/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = |file: &str| std::fs::read_to_string(format!("{folder}/{file}")).unwrap();
    let weights = std::fs::read(format!("{folder}/model.safetensors")).unwrap();
    let card = Card::read(&text("config.json"), Some(&text("preprocessor_config.json"))).unwrap();
    block_on(Model::load(&Device::cpu(), card, weights)).unwrap()
}

fn explain_by_all_methods(model: &Model) {
    let picture =
        Picture::new(Size::square(64), (0..3 * 64 * 64).map(|i| (i % 251) as u8).collect()).unwrap();
    let input = model.input(&picture, Preprocess::Squash).unwrap();
    for method in METHODS.iter().filter(|method| method.name != "cam") {
        let request = request(method);
        explain(model, &input, &request, ControlFlow::Continue(()));
        explain(model, &input, &request, ControlFlow::Break(()));
    }
}

/// Few steps of a method that takes many.
fn request(method: &'static Method) -> Request {
    let steps = ["samples", "max_channels", "steps"];
    let few = method.settings.iter().filter(|setting| steps.contains(&setting.name));
    let settings: Vec<String> = few.map(|setting| format!("{}=3", setting.name)).collect();
    let settings = settings.join(",").parse().unwrap();
    Request { classes: ClassSum::each([1, 4]), settings, ..Request::new([method]) }
}

/// Explains, and drops what came of it; a method that takes steps is broken off at the first one where `answer` says so.
fn explain(model: &Model, input: &Input, request: &Request, answer: ControlFlow<()>) {
    let result = block_on(model.explain_watched(input, request, &|_| answer));
    assert!(result.is_ok() || answer.is_break(), "{}", result.err().unwrap());
}
