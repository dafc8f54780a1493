//! The overlay: hand-derived pixels on the CPU, colours against matplotlib, and the GPU against the CPU.

mod common;

use burn::tensor::{Tensor, TensorData};
use cam_lucida::picture::Picture;
use cam_lucida::render::{Colormap, Formula, Style, gpu, overlay, upsample};
use cam_lucida::weights::Hashed;

fn grey(value: u8, width: u32, height: u32) -> Picture {
    Picture::new(width, height, vec![value; (3 * width * height) as usize]).unwrap()
}

#[test]
fn upsampling_has_half_pixel_centres() {
    // torch.nn.functional.interpolate([[0, 1], [2, 4]], size=(4, 4), mode="bilinear", align_corners=False)
    let expected = [
        [0.0, 0.25, 0.75, 1.0],
        [0.5, 0.8125, 1.4375, 1.75],
        [1.5, 1.9375, 2.8125, 3.25],
        [2.0, 2.5, 3.5, 4.0],
    ];
    let found = upsample(&[0.0, 1.0, 2.0, 4.0], (2, 2), (4, 4));
    assert_eq!(found, expected.concat());
}

#[test]
fn blend_mixes_picture_and_colour_by_opacity() {
    // Black to white over 100: at the ends of the map 0.5·100 and 0.5·100 + 0.5·255.
    let style = Style { colormap: Colormap::Grey, ..Style::default() };
    let found = overlay(&grey(100, 2, 1), &[3.0, 5.0], (1, 2), &style);
    assert_eq!(found.rgb(), [50, 50, 50, 178, 178, 178]);
}

#[test]
fn mask_weighted_leaves_the_picture_where_the_map_is_low() {
    let style = Style { formula: Formula::MaskWeighted, colormap: Colormap::Grey, ..Style::default() };
    let found = overlay(&grey(100, 2, 1), &[0.0, 1.0], (1, 2), &style);
    assert_eq!(found.rgb(), [100, 100, 100, 178, 178, 178]);
}

#[test]
fn seed_stretches_the_sum_of_colour_and_picture() {
    // jet(0) = (0, 0, 0.5), jet(1) = (0.5, 0, 0); over 0.4: least 0.4, most 0.9.
    let style = Style { formula: Formula::Seed, colormap: Colormap::Jet, ..Style::default() };
    let found = overlay(&grey(102, 2, 1), &[0.0, 1.0], (1, 2), &style);
    assert_eq!(found.rgb(), [0, 0, 255, 255, 0, 0]);
}

#[test]
fn a_threshold_shows_the_plain_picture_below_it() {
    let style = Style { colormap: Colormap::Grey, threshold: 0.6, ..Style::default() };
    let found = overlay(&grey(100, 3, 1), &[0.0, 0.5, 1.0], (1, 3), &style);
    assert_eq!(found.rgb(), [100, 100, 100, 100, 100, 100, 178, 178, 178]);
}

#[test]
fn a_flat_map_is_zero_everywhere() {
    let style = Style::heatmap(Colormap::Grey);
    for value in [0.0, 7.5] {
        assert_eq!(overlay(&grey(9, 3, 2), &[value; 4], (2, 2), &style), grey(0, 3, 2));
    }
}

#[test]
fn styles_out_of_bounds_are_refused() {
    let style = Style { opacity: 1.5, ..Style::default() };
    let error = style.check().unwrap_err();
    assert!(error.is_request() && error.to_string().contains("opacity must be 0 to 1, found 1.5"), "{error}");
    assert!(Style { threshold: f32::NAN, ..Style::default() }.check().is_err());
}

#[test]
fn colours_equal_matplotlibs() {
    // (255 * cmap(i)).round() for i in (0, 64, 128, 200, 255).
    for (colormap, colours) in MATPLOTLIB {
        let table = colormap.table();
        for (i, expected) in [0, 64, 128, 200, 255].into_iter().zip(colours) {
            let found = table[i].map(|c| (c * 255.0).round() as u8);
            let difference = (0..3).map(|c| found[c].abs_diff(expected[c])).max().unwrap();
            assert!(difference <= 1, "{colormap:?} at {i}: {found:?} instead of {expected:?}");
        }
    }
}

include!("fixtures/colormaps.rs");

#[test]
fn gpu_and_cpu_draw_the_same_picture() {
    let Some(device) = common::gpu() else { return };
    let (width, height) = (53, 37);
    let noise = Hashed::uniform("overlay", &[3 * 53 * 37], 127.5);
    let view = Picture::new(width, height, noise.iter().map(|v| (v + 127.5) as u8).collect()).unwrap();
    let map = Hashed::uniform("map", &[7, 5], 3.0);
    let tensor = Tensor::<2>::from_data(TensorData::new(map.clone(), [7, 5]), device.tensors());
    let setup = device.wgpu().unwrap();
    let mut worst = 0;
    for (_, formula) in Formula::ALL.into_iter().filter(|(_, formula)| !formula.is_raw()) {
        for (_, colormap) in Colormap::ALL {
            for (opacity, threshold) in [(0.5, 0.0), (1.0, 0.3), (0.0, 0.0), (0.8, 0.9)] {
                let style = Style { formula, colormap, opacity, threshold };
                let on_gpu = pollster::block_on(gpu::overlay(setup, &view, &tensor, &style)).unwrap();
                let on_cpu = overlay(&view, &map, (7, 5), &style);
                let pairs = on_gpu.rgb().iter().zip(on_cpu.rgb());
                let difference = pairs.map(|(a, b)| a.abs_diff(*b)).max().unwrap();
                assert!(difference <= 2, "{style:?}: {difference}");
                worst = worst.max(difference);
            }
        }
    }
    println!("GPU against CPU overlay: at most {worst}/255 over 128 styles");
}

#[test]
fn a_flat_map_is_zero_on_the_gpu_too() {
    let Some(device) = common::gpu() else { return };
    let tensor = Tensor::<2>::full([2, 2], 7.5, device.tensors());
    let style = Style::heatmap(Colormap::Grey);
    let drawn = pollster::block_on(gpu::overlay(device.wgpu().unwrap(), &grey(9, 3, 2), &tensor, &style));
    assert_eq!(drawn.unwrap(), grey(0, 3, 2));
}

#[test]
fn a_part_of_a_larger_tensor_is_drawn_as_itself() {
    let Some(device) = common::gpu() else { return };
    let stack = Hashed::uniform("stack", &[3, 4, 6], 1.0);
    let tensor = Tensor::<3>::from_data(TensorData::new(stack.clone(), [3, 4, 6]), device.tensors());
    let second: Tensor<2> = tensor.slice_dim(0, 1..2).squeeze_dim(0);
    let (view, style) = (grey(0, 30, 20), Style::heatmap(Colormap::Viridis));
    let drawn = pollster::block_on(gpu::overlay(device.wgpu().unwrap(), &view, &second, &style)).unwrap();
    let expected = overlay(&view, &stack[24..48], (4, 6), &style);
    let difference = drawn.rgb().iter().zip(expected.rgb()).map(|(a, b)| a.abs_diff(*b)).max();
    assert!(difference <= Some(2), "{difference:?}");
}
