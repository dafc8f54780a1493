//! A network that sees nothing but colours must explain each colour by where it is.

mod common;

use cam_lucida::cam::{METHODS, Method, Needs, Output};
use cam_lucida::network::Architecture;
use cam_lucida::picture::{Picture, Preprocess};
use cam_lucida::render::upsample;
use cam_lucida::weights::Card;
use cam_lucida::{Device, Input, Model, Request, Size};
use common::colours;

/// Methods that show what the network saw, whatever the class: it is in their papers, and tested here too.
const OF_NO_CLASS: [&str; 2] = ["eigen-cam", "deconvnet"];

#[test]
fn every_method_of_a_class_finds_each_colour() {
    let desk = Desk::new();
    for colour in 0..colours::CLASSES.len() {
        for method in METHODS.iter().filter(|method| !OF_NO_CLASS.contains(&method.name)) {
            let (share, peak) = desk.share_and_peak(method, colour);
            let name = colours::CLASSES[colour];
            assert!(share > 0.9, "{}: {share} of the energy on colours is on {name}", method.name);
            // Pictures peak at edges, where the view is scaled up to the scene.
            let on_colour = method.output == Output::Picture || colours::is_of(colour, &peak);
            assert!(on_colour, "{}: {name} peaks on {peak:?}", method.name);
        }
    }
}

#[test]
fn methods_of_no_class_find_the_same_for_each() {
    let desk = Desk::new();
    for name in OF_NO_CLASS {
        let method = METHODS.iter().find(|method| method.name == name).unwrap();
        let right = (0..colours::CLASSES.len()).filter(|&colour| desk.share_and_peak(method, colour).0 > 0.6);
        assert!(right.count() < 2, "{name} tells the colours apart");
    }
}

struct Desk {
    model: Model,
    scene: Picture,
    input: Input,
}

impl Desk {
    fn new() -> Self {
        let architecture = Architecture::named(colours::NETWORK).unwrap();
        let model =
            pollster::block_on(Model::load(&Device::cpu(), Card::new(architecture), colours::weights()))
                .unwrap();
        let scene = colours::scene();
        let input = model.input(&scene, Preprocess::Squash).unwrap();
        Self { model, scene, input }
    }

    /// Of the energy on colours above half the map's range, the share on this one; and the colour where it peaks.
    fn share_and_peak(&self, method: &'static Method, colour: usize) -> (f32, Vec<u8>) {
        let random = method.needs == Needs::Nothing && method.output == Output::Map;
        let samples = if random { 200.0 } else { 4.0 };
        let budget = [
            ("samples", samples),
            ("probability", 0.2),
            ("max_channels", 32.0),
            ("patch", 56.0),
            ("stride", 28.0),
        ];
        let settings = budget.into_iter().filter(|(name, _)| method.settings.iter().any(|s| s.name == *name));
        let request = Request {
            classes: vec![colour.into()],
            methods: vec![method],
            settings: settings.map(|(name, value)| (name.to_string(), value)).collect(),
            ..Request::default()
        };
        let explanation = pollster::block_on(self.model.explain(&self.input, &request)).unwrap();
        let heatmap = &explanation.heatmaps[0];
        let [_, h, w] = heatmap.map.dims();
        let values = pollster::block_on(heatmap.magnitudes()).unwrap();
        let map = upsample(&values, Size { height: h, width: w }, self.scene.size());
        let min = map.iter().copied().fold(f32::INFINITY, f32::min);
        let max = map.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        // The map is coarse, so it spills over, but only over grey, which does not count.
        let energy = |of: usize| -> f32 {
            let pixels = self.scene.rgb().chunks_exact(3).zip(&map);
            let pixels = pixels.filter(|(pixel, _)| colours::is_of(of, pixel));
            pixels.map(|(_, value)| (value - min) / (max - min)).filter(|value| *value > 0.5).sum()
        };
        let all: f32 = (0..3).map(energy).sum();
        let highest = map.iter().position(|value| *value == max).unwrap();
        (energy(colour) / all, self.scene.rgb()[3 * highest..][..3].to_vec())
    }
}
