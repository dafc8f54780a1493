//! Two models held at once: each gives its own golden, whatever the other does.

mod common;
#[path = "golden/golden.rs"]
#[allow(dead_code)]
mod golden;

use std::collections::HashMap;

use cam_lucida::cam::{self, ClassSum};
use cam_lucida::network::Architecture;
use cam_lucida::weights::{Card, Hashed};
use cam_lucida::{Device, Explanation, Input, Model, Request, Size};
use common::skip::{Skip, tests};
use golden::{LOGITS, MAP, Tensors, deviation};
use pollster::block_on;

tests![two_models_on_the_cpu, two_models_on_the_gpu, models_on_different_devices];

/// Of different families, with maps of different sizes.
const NETWORKS: [&str; 2] = ["squeezenet1_1", "mobilenet_v2_x0_25"];
const CLASSES: usize = 10;

/// What PyTorch says of the first of the goldens' pictures.
struct Expected {
    tensors: Tensors,
    metadata: HashMap<String, String>,
}

impl Expected {
    fn read(network: &str) -> Self {
        let path = golden::folder().join(network).join("expected.safetensors");
        let (tensors, metadata) = golden::read(&path);
        Self { tensors, metadata }
    }

    fn classes(&self) -> Vec<ClassSum> {
        self.metadata["classes"].split(',').map(|class| class.parse().unwrap()).collect()
    }

    /// The first picture's part of a tensor.
    fn first(&self, name: &str) -> &[f32] {
        let (shape, values) = &self.tensors[name];
        &values[..values.len() / shape[0]]
    }

    /// How far the logits and the farthest map are from PyTorch's.
    fn deviations(&self, explanation: &Explanation) -> (f32, f32) {
        let logits = deviation(&explanation.scores.logits, self.first("logits"));
        let of_map = |heatmap: &cam_lucida::Heatmap| {
            let name = format!("{}|{}|{}", explanation.layers[0], heatmap.method.name, heatmap.class);
            deviation(&block_on(heatmap.values()).unwrap(), self.first(&name))
        };
        (logits, explanation.heatmaps.iter().map(of_map).fold(0.0, f32::max))
    }
}

fn load(device: &Device, network: &str) -> Model {
    let card = Card::new(Architecture::named(network).unwrap());
    block_on(Model::from_parameters(device, card, &mut Hashed { classes: CLASSES })).unwrap()
}

fn input() -> Input {
    let (tensors, _) = golden::read(&golden::folder().join("input.safetensors"));
    let (shape, values) = &tensors["input"];
    let size = Size { height: shape[2], width: shape[3] };
    Input::new(size, values[..3 * size.area()].to_vec()).unwrap()
}

fn two_models_give_their_own_goldens(device: &Device) {
    let input = input();
    let expected = NETWORKS.map(Expected::read);
    let models = NETWORKS.map(|network| load(device, network));
    let explain = |i: usize| {
        let method = cam::method("grad-cam").unwrap();
        let request = Request { classes: expected[i].classes(), ..Request::new([method]) };
        block_on(models[i].explain(&input, &request)).unwrap()
    };
    for i in [0, 1, 0] {
        let (logits, maps) = expected[i].deviations(&explain(i));
        println!("{} on the {}: {logits:.1e} {maps:.1e}", NETWORKS[i], device.name());
        assert!(logits <= LOGITS && maps <= MAP, "{}: {logits} {maps}", NETWORKS[i]);
    }
    // The other's golden would show.
    let other = deviation(&explain(0).scores.logits, expected[1].first("logits"));
    assert!(other > 100.0 * LOGITS, "{other}");

    // An explanation outlives its model, and a model outlives the other.
    let [first, second] = models;
    let method = cam::method("grad-cam").unwrap();
    let request = Request { classes: expected[0].classes(), ..Request::new([method]) };
    let explanation = block_on(first.explain(&input, &request)).unwrap();
    drop(first);
    let request = Request { classes: expected[1].classes(), ..request };
    let (logits, maps) = expected[1].deviations(&block_on(second.explain(&input, &request)).unwrap());
    assert!(logits <= LOGITS && maps <= MAP, "{logits} {maps}");
    let (_, maps) = expected[0].deviations(&explanation);
    assert!(maps <= MAP, "{maps}");
}

fn two_models_on_the_cpu() -> Result<(), Skip> {
    two_models_give_their_own_goldens(&Device::cpu());
    Ok(())
}

fn two_models_on_the_gpu() -> Result<(), Skip> {
    two_models_give_their_own_goldens(&common::gpu()?);
    Ok(())
}

fn models_on_different_devices() -> Result<(), Skip> {
    let (input, gpu) = (input(), common::gpu()?);
    let expected = Expected::read(NETWORKS[0]);
    let models = [Device::cpu(), gpu].map(|device| load(&device, NETWORKS[0]));
    for model in &models {
        let request = Request { classes: expected.classes(), ..Request::default() };
        let (logits, maps) = expected.deviations(&block_on(model.explain(&input, &request)).unwrap());
        assert!(logits <= LOGITS && maps <= MAP, "{}: {logits} {maps}", model.device().name());
    }
    Ok(())
}
