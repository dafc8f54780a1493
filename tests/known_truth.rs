//! A network that sees nothing but colours must explain each colour by where it is.

mod common;

use cam_lucida::cam::METHODS;
use cam_lucida::network::Architecture;
use cam_lucida::picture::Preprocess;
use cam_lucida::render::upsample;
use cam_lucida::{Device, Request, Session};
use common::colours;

#[test]
fn every_method_finds_each_colour() {
    let mut session = Session::new(Device::cpu());
    let architecture = Architecture::named(colours::NETWORK).unwrap();
    pollster::block_on(session.load(architecture, colours::weights(), None)).unwrap();
    let scene = colours::scene();
    let input = session.model().unwrap().input(&scene, Preprocess::Squash).unwrap();
    let (width, height) = (scene.width() as usize, scene.height() as usize);
    for colour in 0..colours::CLASSES.len() {
        let methods = METHODS.iter().map(|method| method.name.to_string()).collect();
        let request = Request { class: Some(colour), methods, ..Request::default() };
        let explanation = pollster::block_on(session.explain(&input, &request)).unwrap();
        for heatmap in &explanation.heatmaps {
            let [_, h, w] = heatmap.map.dims();
            let values = pollster::block_on(heatmap.magnitudes()).unwrap();
            let map = upsample(&values, (h, w), (height, width));
            // Energy in pixels of each colour: the map is coarse, so it spills over, but only over grey.
            let energy = |of: usize| -> f32 {
                let pixels = scene.rgb().chunks_exact(3).zip(&map);
                pixels.filter(|(pixel, _)| colours::is_of(of, pixel)).map(|(_, value)| value).sum()
            };
            let all: f32 = (0..3).map(energy).sum();
            let share = energy(colour) / all;
            let name = colours::CLASSES[colour];
            assert!(share > 0.95, "{}: {share} of the energy on colours is on {name}", heatmap.method.name);
            let highest = (0..map.len()).max_by(|&a, &b| map[a].total_cmp(&map[b])).unwrap();
            let peak = &scene.rgb()[3 * highest..][..3];
            assert!(colours::is_of(colour, peak), "{}: {name} peaks on {peak:?}", heatmap.method.name);
        }
    }
}
