//! The sanity check of Adebayo 2018 on real weights and photographs, where a developer has them.

mod common;

use std::ops::ControlFlow;

use cam_lucida::cam;
use cam_lucida::measure::{Cascade, CascadeStep, Trial, randomise};
use cam_lucida::network::Architecture;
use cam_lucida::picture::{Picture, Preprocess};
use cam_lucida::weights::{Card, Weights};
use cam_lucida::{Device, Model, Request};
use common::skip::{Skip, tests};

tests![guided_backpropagation_survives_what_grad_cam_does_not];

const METHODS: [&str; 2] = ["grad-cam", "guided-backprop"];

/// What the two methods' maps become with a fresh head, and with the nearer half of the modules to it fresh.
fn randomised(network: &str, weights: &str, picture: &str) -> Result<[CascadeStep; 2], Skip> {
    let weights = std::fs::read(common::real(weights)?).unwrap();
    let picture = Picture::decode(&std::fs::read(common::real(picture)?).unwrap()).unwrap();
    let architecture = Architecture::named(network).unwrap();
    let model =
        pollster::block_on(Model::load(&Device::cpu(), Card::new(architecture), weights.clone())).unwrap();
    let input = model.input(&picture, Preprocess::Squash).unwrap();
    let class = pollster::block_on(model.classify(&input)).unwrap().top(1)[0];
    let trial = Trial { model: &model, input: &input, class, watch: &|_| ControlFlow::Continue(()) };
    let request = Request::new(METHODS.map(|name| cam::method(name).unwrap()));
    let mut weights = Weights::read(weights).unwrap();
    let cascade = Cascade { steps: 3, seed: 0 };
    let steps = pollster::block_on(randomise(&trial, &mut weights, &request, &cascade)).unwrap();
    let [_, head, half, _] = steps.try_into().unwrap();
    Ok([head, half])
}

/// Guided backpropagation shows much the same picture whatever the deeper half of the network computes; Grad-CAM's
/// map is gone with the head.
fn guided_backpropagation_survives_what_grad_cam_does_not() -> Result<(), Skip> {
    let networks = [
        ("mobilenet_v2", "weights/mobilenet_v2.f16.safetensors"),
        ("squeezenet1_1", "weights/squeezenet1_1.f16.safetensors"),
    ];
    for (network, weights) in networks {
        for picture in ["images/dog-and-cat.png", "images/flamingo.jpg"] {
            for step in randomised(network, weights, picture)? {
                let ranks = [0, 1].map(|method| step.similarities[method].rank);
                println!("{network} {picture}: {} of {} fresh: {ranks:?}", step.fresh, step.modules);
                let guided = ranks[1].expect("guided backpropagation still shows something");
                assert!(guided > 0.7, "{network} {picture}: {step:?}");
                // A map that has become flat is gone for good.
                assert!(ranks[0].is_none_or(|rank| rank < guided - 0.3), "{network} {picture}: {step:?}");
            }
        }
    }
    Ok(())
}
