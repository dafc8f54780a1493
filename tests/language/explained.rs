//! With a question or words bound, a network is a classifier as any other: rows, resumed passes, linear heads.

use std::sync::Arc;

use burn::tensor::Tensor;
use cam_lucida::Result;
use cam_lucida::cam::{self, Explainer};
use cam_lucida::network::language::Captioner;
use cam_lucida::network::{Network, Parameters, Tap, repeat_rows};
use cam_lucida::weights::Hashed;

use crate::{
    CAPTION, QUESTION, WORDS, assert_near, captioner, deviation, device, film, maps, pictures, values,
};

/// At the layer before the linear head the gradient is the head's weight over the number of pixels, everywhere.
fn check_linear(network: &dyn Network, layer: &str) {
    let head = network.linear_head().expect("a linear head");
    assert_eq!(head.layers, [layer]);
    let classes = [3, 21, 8];
    let found =
        ["grad-cam", "hires-cam", "cam"].map(|name| maps(network, pictures(2), layer, name, &classes));
    let mut tap = Tap::at_layers(&[layer]);
    network.forward(pictures(2), &mut tap);
    let activation = tap.take(layer).unwrap().activation;
    let [n, k, h, w] = activation.dims();
    let weight = values(head.weight);
    let activation = values(activation);
    let expected =
        (0..n).flat_map(|picture| classes.map(move |class| (picture, class))).flat_map(|(picture, class)| {
            let (activation, weight) = (&activation, &weight);
            (0..h * w).map(move |pixel| {
                let term = |channel: usize| {
                    f64::from(weight[class * k + channel])
                        * f64::from(activation[(picture * k + channel) * h * w + pixel])
                };
                ((0..k).map(term).sum::<f64>() / (h * w) as f64).max(0.0) as f32
            })
        });
    let expected: Vec<f32> = expected.collect();
    assert!(expected.iter().any(|&value| value > 0.0), "{layer} shows something");
    let cam: Vec<f32> = found[2].iter().map(|value| value / (h * w) as f32).collect();
    for (name, map) in [("Grad-CAM", &found[0]), ("HiResCAM", &found[1]), ("CAM", &cam)] {
        assert_near(&format!("{name} at {layer}"), map, &expected, 1e-5);
    }
}

#[test]
fn at_head_cam_grad_cam_and_hires_cam_are_the_linear_form() {
    check_linear(&film().bind(QUESTION).unwrap(), "head");
}

#[test]
fn at_what_is_read_cam_grad_cam_and_hires_cam_are_the_linear_form() {
    let captioner = captioner();
    for place in 0..=CAPTION.len() {
        let writing = captioner.bind(CAPTION, place).unwrap();
        assert_eq!(writing.default_layer(), format!("read.{place}"));
        check_linear(&writing, writing.default_layer());
    }
}

/// Every layer: as often as asked in rows, and from there on.
fn check_layers(network: &dyn Network, wanted: &[&str]) {
    let x = pictures(2);
    let mut tap = Tap::default();
    let expected = values(network.forward(x.clone(), &mut tap));
    let names: Vec<String> = tap.layers().iter().map(|layer| layer.name.clone()).collect();
    for name in wanted {
        assert!(names.iter().any(|found| found == name), "{name} is none of {names:?}");
    }
    for name in &names {
        let mut tap = Tap::at_layers(&[name]).with_rows(3).remembering(name);
        let logits = network.forward(x.clone(), &mut tap);
        assert_eq!(logits.dims()[0], 6, "{name}");
        let of_rows = values(repeat_rows(logits.clone().slice_dim(0, 0..1), 3));
        assert_near(name, &values(logits.clone().slice_dim(0, 0..3)), &of_rows, 1e-6);
        assert_near(name, &values(logits.clone().slice_dim(0, 2..4)), &expected, 1e-5);
        // From the layer on, with half of its channels gone.
        let [first, ..] = logits.dims();
        let (memory, activation) = (tap.memory().unwrap(), tap.take(name).unwrap().activation);
        assert_eq!(activation.dims()[0], first);
        let one = x.clone().slice_dim(0, 0..1);
        let mut alone = Tap::at_layers(&[name]).remembering(name);
        network.forward(one.clone(), &mut alone);
        let (alone, activation_alone) = (alone.memory().unwrap(), alone.take(name).unwrap().activation);
        let changed = Tensor::cat(vec![activation_alone.clone() * 0.5, activation_alone], 0);
        let resumed = network.forward(one, &mut Tap::resuming(&alone, changed));
        assert_eq!(resumed.dims()[0], 2, "{name}");
        assert_near(name, &values(resumed.slice_dim(0, 1..2)), &expected[..expected.len() / 2], 1e-5);
        drop(memory);
    }
}

#[test]
fn layers_of_film_have_rows_and_are_resumed_from() {
    let film = film();
    let encoder = ["conv1", "bn1", "layer1", "layer2.0.conv2", "layer4", "stem"];
    let blocks = [
        "blocks.0.conv1",
        "glance",
        "region",
        "blocks.1.conv1",
        "blocks.1.conv2",
        "blocks.2.bn",
        "blocks.2",
        "head",
    ];
    check_layers(&film.bind(QUESTION).unwrap(), &[&encoder[..], &blocks].concat());
}

#[test]
fn layers_of_the_captioner_have_rows_and_are_resumed_from() {
    let captioner = captioner();
    let layers = ["layer4", "stem", "blocks.1", "value", "key", "read.0", "read.1", "read.2"];
    check_layers(&captioner.bind(CAPTION, 2).unwrap(), &layers);
}

/// Hashed weights of a captioner whose words follow from the gates' bounds alone.
struct ByBounds(Hashed);

impl Parameters for ByBounds {
    fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let values = self.0.take(name, shape)?;
        let is_other = name.starts_with("classifier.") || name == "prior.weight";
        Ok(if is_other { vec![0.0; values.len()] } else { values })
    }

    fn rows(&self, name: &str) -> Result<usize> {
        self.0.rows(name)
    }
}

/// So `CaptionModel::explain` leaves relation words out of what was read.
#[test]
fn bounds_of_gates_are_in_earlier_layers_and_not_in_what_was_read() {
    let weights = &mut ByBounds(Hashed { classes: WORDS });
    let captioner = Arc::new(Captioner::load(weights, &device()).unwrap());
    let writing = captioner.bind(CAPTION, 2).unwrap();
    let speaks = |layer: &str| {
        let map = maps(&writing, pictures(1), layer, "element-wise", &[3, 21]);
        map.iter().any(|&value| value != 0.0)
    };
    assert!(!speaks("read.2"), "what was read does not hold them");
    for layer in ["key", "blocks.1", "stem", "layer4"] {
        assert!(speaks(layer), "{layer} tells where the gates are open");
    }
}

/// In a mirrored picture left is right: what is asked, or was written, is not true of it.
#[test]
fn smoothing_mirrors_no_picture_of_which_something_was_said() {
    let (film, captioner) = (film(), captioner());
    let (asked, writing) = (film.bind(QUESTION).unwrap(), captioner.bind(CAPTION, 2).unwrap());
    let method = [cam::method("grad-cam").unwrap()];
    for (network, layer) in [(&asked as &dyn Network, "head"), (&writing, "read.2")] {
        let explainer = Explainer::new(network, vec![layer], &method).smooth(true);
        let forward = explainer.forward(pictures(1), 1);
        let found = pollster::block_on(explainer.explain(pictures(1), forward, &[3])).unwrap().remove(0);
        let copies = [0.9, 1.0, 1.1].map(|factor| {
            let map = maps(network, pictures(1) * factor, layer, "grad-cam", &[3]);
            let [low, high] = [f32::min, f32::max].map(|most| map.iter().copied().reduce(most).unwrap());
            map.iter().map(|value| (value - low) / (high - low)).collect::<Vec<_>>()
        });
        // The mirrored picture's map, mirrored back, is another: it would be seen.
        let mirrored = maps(network, pictures(1).flip([3]), layer, "grad-cam", &[3]);
        let back: Vec<f32> = mirrored.chunks(12).flat_map(|row| row.iter().rev().copied()).collect();
        let plain = maps(network, pictures(1), layer, "grad-cam", &[3]);
        assert!(deviation(&back, &plain) > 0.1, "{layer} shows the same of a mirrored picture");
        let mean = |pixel: usize| copies.iter().map(|copy| copy[pixel]).sum::<f32>() / 3.0;
        let expected: Vec<f32> = (0..copies[0].len()).map(mean).collect();
        assert_near(layer, &values(found.maps), &expected, 1e-4);
    }
}

#[test]
fn every_method_that_needs_no_head_explains_both() {
    let (film, captioner) = (film(), captioner());
    let (asked, writing) = (film.bind(QUESTION).unwrap(), captioner.bind(CAPTION, 2).unwrap());
    let x = pictures(1);
    for (network, layers) in [(&asked as &dyn Network, ["head", "layer4"]), (&writing, ["read.2", "layer4"])]
    {
        for layer in layers {
            let methods = ["ablation-cam", "score-cam", "layer-cam", "grad-cam++", "guided-grad-cam", "rise"];
            let methods = methods.map(|name| cam::method(name).unwrap());
            let settings = "max_channels=8;samples=8".replace(';', ",");
            let explainer =
                Explainer::new(network, vec![layer], &methods).settings(&settings.parse().unwrap());
            let forward = explainer.forward(x.clone(), 2);
            let found = pollster::block_on(explainer.explain(x.clone(), forward, &[3, 21])).unwrap();
            for attribution in found {
                let maps = values(attribution.maps);
                let name = attribution.method.name;
                assert!(maps.iter().all(|value| value.is_finite()), "{name} at {layer}");
                assert!(maps.iter().any(|value| *value != 0.0), "{name} at {layer}");
            }
        }
    }
}
