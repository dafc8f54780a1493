//! The same numbers as PyTorch's: of weights that are used, and of weights that are learned.

use std::collections::BTreeMap;
use std::path::Path;

use burn::tensor::{Tensor, TensorData, activation};
use cam_lucida::Result;
use cam_lucida::network::language::{Captioner, END, Film, Lstm, Written};
use cam_lucida::network::ops::Loader;
use cam_lucida::network::{Moments, Network, Parameters, Tap};
use cam_lucida::weights::Hashed;
use safetensors::SafeTensors;

use crate::{CAPTION, QUESTION, WORDS, assert_near, captioner, device, film, maps, values};

const LOGITS: f32 = 1e-5;
const MAPS: f32 = 1e-4;
/// Of gradients in training mode, where some ReLUs are at their kink: PyTorch's f32 is up to 6e-4 off its f64.
const GRADIENTS: f32 = 2e-3;
/// Those of the generator.
const QUESTIONS: [&[usize]; 3] = [QUESTION, &[4, 8, 8, 30, 11, 6], &[7]];
const CAPTIONS: [&[usize]; 2] = [CAPTION, &[8, 30, 30, 5]];

type Golden = BTreeMap<String, (Vec<usize>, Vec<f32>)>;

fn read(path: &str) -> Golden {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(path);
    let bytes = std::fs::read(path).unwrap();
    let float = |b: &[u8]| f32::from_le_bytes(b.try_into().unwrap());
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let tensor = |(name, view): (&str, safetensors::tensor::TensorView)| {
        (name.to_string(), (view.shape().to_vec(), view.data().chunks_exact(4).map(float).collect()))
    };
    tensors.iter().map(tensor).collect()
}

/// The first `n` of the three pictures.
fn input(n: usize) -> Tensor<4> {
    let (shape, values) = read("input.safetensors").remove("input").unwrap();
    Tensor::<4>::from_data(TensorData::new(values, shape), &device()).narrow(0, 0, n)
}

/// Hashed weights as leaves of the tape.
#[derive(Default)]
struct Leaves(BTreeMap<String, (Vec<usize>, Tensor<1>)>);

impl Parameters for Leaves {
    fn take(&mut self, name: &str, _: &[usize]) -> Result<Vec<f32>> {
        panic!("{name} is taken as values, and could not be learned")
    }

    fn rows(&self, _: &str) -> Result<usize> {
        Ok(WORDS)
    }

    fn tensor(&mut self, name: &str, shape: &[usize], device: &burn::tensor::Device) -> Result<Tensor<1>> {
        let leaf = Hashed { classes: WORDS }.tensor(name, shape, device)?.autodiff().require_grad();
        self.0.insert(name.into(), (shape.to_vec(), leaf.clone()));
        Ok(leaf)
    }

    fn moments(&mut self, _: &str, _: usize) -> Option<Moments> {
        Some(Moments::default())
    }
}

/// Compares a loss and the gradients of all that it depends on.
fn check_learning(golden: &Golden, leaves: &Leaves, loss: Tensor<1>) {
    assert_near("loss", &values(loss.clone().inner()), &golden["loss"].1, LOGITS);
    let gradients = loss.backward();
    for (name, (shape, leaf)) in &leaves.0 {
        let gradient = values(leaf.grad(&gradients).expect("the loss depends on all of them"));
        let probe = Hashed::uniform(&format!("{name} probe"), shape, 1.0);
        let sum =
            |value: &dyn Fn(usize) -> f32| (0..gradient.len()).map(|i| f64::from(value(i))).sum::<f64>();
        let found = [sum(&|i| gradient[i]), sum(&|i| gradient[i].abs()), sum(&|i| gradient[i] * probe[i])];
        assert_near(name, &found.map(|sum| sum as f32), &golden[&format!("learned|{name}")].1, GRADIENTS);
    }
    let learned = golden.keys().filter(|key| key.starts_with("learned|")).count();
    assert_eq!(learned, leaves.0.len(), "tensors that are learned");
}

/// Compares the maps of all keys `<layer>|grad-cam|<which>|<class>`; `check` gives those of a layer and classes.
fn check_maps(golden: &Golden, check: impl Fn(&str, usize, usize) -> Vec<f32>) {
    let mut count = 0;
    for (key, (_, expected)) in golden.iter().filter(|(key, _)| key.contains("|grad-cam|")) {
        let parts: Vec<&str> = key.split('|').collect();
        let found = check(parts[0], parts[2].parse().unwrap(), parts[3].parse().unwrap());
        assert_near(key, &found, expected, MAPS);
        count += 1;
    }
    assert_eq!(count, 18, "maps");
}

#[test]
fn an_lstm_steps_as_pytorchs_does() {
    let golden = read("language/lstm.safetensors");
    let device = device();
    let mut weights = Hashed { classes: WORDS };
    let lstm = Lstm::load(&mut Loader::new(&mut weights, &device), "lstm", 3, 5).unwrap();
    let steps = Hashed::uniform("steps", &[2, 4, 3], 1.0);
    let steps = Tensor::<3>::from_data(TensorData::new(steps, [2, 4, 3]), &device);
    let mut state = lstm.start(2, &device);
    let mut outputs: Vec<Tensor<3>> = Vec::new();
    for t in 0..4 {
        state = lstm.step(steps.clone().narrow(1, t, 1).reshape([2, 3]), state);
        outputs.push(state.output.clone().unsqueeze_dim(1));
    }
    assert_near("outputs", &values(Tensor::cat(outputs, 1)), &golden["outputs"].1, 1e-6);
    assert_near("cell", &values(state.cell), &golden["cell"].1, 1e-6);
}

#[test]
fn film_answers_as_in_pytorch() {
    let (golden, film) = (read("language/film_small.safetensors"), film());
    for (i, question) in QUESTIONS.iter().enumerate() {
        let asked = film.bind(question).unwrap();
        let logits = values(asked.forward(input(3), &mut Tap::default()));
        assert_near(&format!("logits of question {i}"), &logits, &golden[&format!("logits|{i}")].1, LOGITS);
        let questions = vec![question.to_vec(); 3];
        let looked = film.answer_and_look(input(3), &questions).unwrap();
        for (layer, found) in [("glance", looked.glance), ("gate", looked.gates)] {
            let expected = &golden[&format!("{layer}|{i}")].1;
            assert_near(&format!("{layer} of question {i}"), &values(found), expected, MAPS);
        }
    }
    check_maps(&golden, |layer, question, class| {
        let asked = film.bind(QUESTIONS[question]).unwrap();
        maps(&asked, input(3), layer, "grad-cam", &[class])
    });
}

#[test]
fn film_learns_as_in_pytorch() {
    let golden = read("language/film_small.safetensors");
    let mut leaves = Leaves::default();
    let film = Film::load(&mut leaves, &device()).unwrap();
    let questions: Vec<Vec<usize>> = QUESTIONS.iter().chain(&QUESTIONS).map(|q| q.to_vec()).collect();
    let logits = film.answer(input(2), &questions).unwrap();
    let shape = [questions.len(), WORDS];
    // The generator's lie in 0..1.
    let labels = Hashed::uniform("labels", &shape, 0.5).into_iter().map(|label| label + 0.5).collect();
    let labels = Tensor::<2>::from_data(TensorData::new(labels, shape), &device());
    let labels = labels.clone() / labels.sum_dim(1);
    let loss = -(activation::log_softmax(logits, 1) * labels).sum_dim(1).mean();
    check_learning(&golden, &leaves, loss);
}

#[test]
fn the_captioner_writes_as_in_pytorch() {
    let (golden, captioner) = (read("language/caption_small.safetensors"), captioner());
    let Written { logits, glances, gates } =
        captioner.write_and_look(input(3), &vec![CAPTION.to_vec(); 3]).unwrap();
    assert_near("logits", &values(logits), &golden["logits"].1, LOGITS);
    for place in 0..=CAPTION.len() {
        for (look, found) in [("glance", &glances), ("gate", &gates)] {
            let (key, found) = (format!("{look}|{place}"), found.clone().narrow(1, place, 1));
            assert_near(&key, &values(found), &golden[&key].1, MAPS);
        }
    }
    check_maps(&golden, |layer, place, class| {
        let writing = captioner.bind(CAPTION, place).unwrap();
        maps(&writing, input(3), layer, "grad-cam", &[class])
    });
    let (shape, expected) = &golden["greedy"];
    let written = pollster::block_on(captioner.greedy(input(3))).unwrap();
    let expected = expected.chunks(shape[1]);
    let expected: Vec<Vec<usize>> =
        expected.map(|words| words.iter().map(|&word| word as usize).collect()).collect();
    let written: Vec<&[usize]> = written.iter().map(|sentence| &sentence.tokens[..shape[1]]).collect();
    assert_eq!(written, expected);
}

#[test]
fn the_captioner_learns_as_in_pytorch() {
    let golden = read("language/caption_small.safetensors");
    let mut leaves = Leaves::default();
    let captioner = Captioner::load(&mut leaves, &device()).unwrap();
    let captions: Vec<Vec<usize>> = CAPTIONS.iter().map(|caption| caption.to_vec()).collect();
    let logits = captioner.write(input(2), &captions).unwrap();
    let [n, places, _] = logits.dims();
    let mut labels = vec![0.0; n * places * WORDS];
    let targets = captions.iter().flat_map(|caption| caption.iter().copied().chain([END]));
    targets.enumerate().for_each(|(i, word)| labels[i * WORDS + word] = 1.0);
    let labels = Tensor::<2>::from_data(TensorData::new(labels, [n * places, WORDS]), &device());
    let loss = -(activation::log_softmax(logits.flatten::<2>(0, 1), 1) * labels).sum_dim(1).mean();
    check_learning(&golden, &leaves, loss);
}
