//! Seconds that every method takes on ResNet-50 at 224 × 224 on the CPU, with its default settings: the median of
//! three, or one where that takes long. `cargo bench --bench methods -- [gpu] [METHOD ...] [SETTING=VALUE ...]` times
//! those alone, with other settings where they have them; `gpu` computes there. `benches/peers.py` sets them beside
//! pytorch-grad-cam's. With `in-turn NETWORK`, another program can take turns with it: each line names a method. It runs the method
//! once and answers with the seconds.

use std::io::stdin;
use std::time::Instant;

use burn::tensor::{Tensor, TensorData};
use cam_lucida::Device;
use cam_lucida::cam::{self, Explainer, METHODS, Settings};
use cam_lucida::network::{Architecture, Network, Tap};
use cam_lucida::weights::Hashed;

/// As the command line has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Seconds from which once is enough.
const LONG: f64 = 10.0;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    if let [first, name] = &words[..]
        && first == "in-turn"
    {
        return in_turn(name);
    }
    let (gpu, words): (Vec<_>, Vec<_>) = words.into_iter().partition(|word| word == "gpu");
    let (others, chosen): (Vec<_>, Vec<_>) = words.into_iter().partition(|word| word.contains('='));
    let others = others.iter().filter_map(|word| word.split_once('='));
    let others: Vec<_> = others.map(|(name, value)| (name, value.parse().expect("a number"))).collect();
    let device = match gpu.is_empty() {
        true => Device::cpu(),
        false => pollster::block_on(Device::gpu()).expect("there is a GPU"),
    };
    println!("on the {}", device.name());
    let (architecture, network, picture) = subject("resnet50", &device);
    let layer = architecture.default_layer;

    let forward = || {
        network.forward(picture.clone(), &mut Tap::default()).into_data();
    };
    forward();
    println!("{:22} {:9.3} s", "forward", median(forward));
    for method in
        METHODS.iter().filter(|method| chosen.is_empty() || chosen.iter().any(|c| *c == method.name))
    {
        let seconds = median(|| explain(network.as_ref(), layer, method, &others, &picture));
        println!("{:22} {seconds:9.3} s", method.name);
    }
    println!("{:22} {:9.3} s", "forward", median(forward));
}

/// A network with weights that were never trained, and a picture.
fn subject(name: &str, device: &Device) -> (&'static Architecture, Box<dyn Network>, Tensor<4>) {
    let architecture = Architecture::named(name).expect("it is in the table");
    let network = architecture.load(&mut Hashed { classes: 1000 }, device.tensors());
    let network = network.expect("hashed weights fit any network");
    let shape = [1, 3, 224, 224];
    let picture = TensorData::new(Hashed::uniform("picture", &shape, 2.0), shape);
    (architecture, network, Tensor::from_data(picture, device.tensors()))
}

/// Runs what each line names, once, and tells the seconds.
fn in_turn(network: &str) {
    let (architecture, network, picture) = subject(network, &Device::cpu());
    for name in stdin().lines() {
        let method = cam::method(&name.expect("lines of text")).expect("it is in the table");
        let started = Instant::now();
        explain(network.as_ref(), architecture.default_layer, method, &[], &picture);
        println!("{}", started.elapsed().as_secs_f64());
    }
}

fn explain(
    network: &dyn Network,
    layer: &str,
    method: &'static cam::Method,
    others: &[(&str, f64)],
    picture: &Tensor<4>,
) {
    let has = |name: &str| method.settings.iter().any(|setting| setting.name == name);
    let listed = others.iter().filter(|(name, _)| has(name));
    let settings: Settings = listed.map(|&(name, value)| (name.to_string(), value)).collect();
    let explainer = Explainer::new(network, vec![layer], &[method]).settings(&settings);
    let forward = explainer.forward(picture.clone(), 1);
    let attributions = pollster::block_on(explainer.explain(picture.clone(), forward, &[243]));
    attributions.expect("every method goes with ResNet-50").remove(0).maps.into_data();
}

fn median(mut work: impl FnMut()) -> f64 {
    let mut seconds = Vec::new();
    while seconds.len() < 3 && seconds.first().is_none_or(|first| *first < LONG) {
        let started = Instant::now();
        work();
        seconds.push(started.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}
