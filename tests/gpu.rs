//! The GPU (a software adapter will do) against the CPU: the start-up check, and whole networks.

mod common;

use burn::tensor::{Tensor, TensorData};
use cam_lucida::cam::{self, ClassSum, Explainer, METHODS, Settings};
use cam_lucida::network::Architecture;
use cam_lucida::picture::Picture;
use cam_lucida::render::{self, Colormap, Formula, Style, upsample};
use cam_lucida::weights::{Card, Hashed};
use cam_lucida::{Device, Explanation, Input, Model, Request, Size};
use common::skip::{Skip, tests};
use common::weight_file::WeightFile;
use strum::VariantArray;

tests![
    the_cpu_passes_the_start_up_check,
    the_gpu_passes_the_start_up_check,
    squeezenet_on_the_gpu,
    mobilenet_on_the_gpu,
    resnet_on_the_gpu,
    shufflenet_on_the_gpu,
    each_of_several_classes_is_drawn_on_the_gpu,
    several_classes_and_inputs_on_the_gpu,
    a_tensor_beyond_the_buffers_of_the_gpu_is_refused_with_the_sizes,
    gpu_and_cpu_draw_the_same_picture,
    a_flat_map_is_zero_on_the_gpu_too,
    a_part_of_a_larger_tensor_is_drawn_as_itself,
    the_gpu_refuses_formulas_that_it_cannot_draw,
];

const SIZE: Size = Size { height: 96, width: 128 };

fn the_cpu_passes_the_start_up_check() -> Result<(), Skip> {
    pollster::block_on(Device::cpu().check()).unwrap();
    Ok(())
}

fn the_gpu_passes_the_start_up_check() -> Result<(), Skip> {
    let device = common::gpu()?;
    pollster::block_on(device.check()).unwrap();
    assert!(device.is_gpu() && device.wgpu().is_some());
    Ok(())
}

fn grey(value: u8, width: usize, height: usize) -> Picture {
    Picture::new(Size { height, width }, vec![value; 3 * width * height]).unwrap()
}

fn explain(device: Device, network: &str, request: &Request) -> Explanation {
    let architecture = Architecture::named(network).unwrap();
    let weights = WeightFile::hashed(architecture, 10).bytes();
    let model = pollster::block_on(Model::load(&device, Card::new(architecture), weights)).unwrap();
    let values = Hashed::uniform("input", &[3, SIZE.height, SIZE.width], 2.0);
    let input = Input::new(SIZE, values).unwrap();
    pollster::block_on(model.explain(&input, request)).unwrap()
}

/// Every method that one pass is enough for, and of the others one of each kind, with few passes.
fn gpu_agrees_with_cpu(network: &str, layer: Option<&str>) -> Result<(), Skip> {
    let linear = network != "squeezenet1_1" && layer.is_none();
    let single_pass = METHODS.iter().filter(|method| method.is_single_pass()).map(|method| method.name);
    let methods = single_pass.filter(|&method| linear || method != "cam");
    let others = ["guided-backprop", "augmented-grad-cam", "smooth-grad", "score-cam", "ablation-cam"];
    compare(network, layer, 7, methods.chain(others).collect())
}

/// Logits within 10⁻³ of the largest, maps within 2/255 once normalised and drawn large.
fn compare(network: &str, layer: Option<&str>, class: usize, methods: Vec<&str>) -> Result<(), Skip> {
    let gpu = common::gpu()?;
    let request = Request {
        layers: layer.map(String::from).into_iter().collect(),
        classes: vec![class.into()],
        settings: if methods.contains(&"score-cam") {
            "max_channels=6,samples=3".parse().unwrap()
        } else {
            Settings::default()
        },
        methods: methods.into_iter().map(|name| cam::method(name).unwrap()).collect(),
        ..Request::default()
    };
    let [on_gpu, on_cpu] = [gpu, Device::cpu()].map(|device| explain(device, network, &request));
    let largest = on_cpu.scores.logits.iter().fold(0.0_f32, |max, y| max.max(y.abs()));
    for (found, expected) in on_gpu.scores.logits.iter().zip(&on_cpu.scores.logits) {
        assert!((found - expected).abs() <= 1e-3 * largest, "{found} {expected}");
    }
    for (of_gpu, of_cpu) in on_gpu.heatmaps.iter().zip(&on_cpu.heatmaps) {
        let [_, h, w] = of_cpu.map.dims();
        // With few channels tried, Ablation-CAM may find that none of them speaks for the class.
        if of_cpu.is_flat() && of_cpu.budget.is_some() {
            assert!(of_gpu.is_flat(), "{network} {}: flat on the CPU alone", of_cpu.method.name);
            continue;
        }
        let large = |heatmap: &cam_lucida::Heatmap| {
            let (min, max) = (heatmap.min, heatmap.max);
            assert!(!heatmap.is_flat(), "{network} {}: a flat map compares nothing", heatmap.method.name);
            let values = pollster::block_on(heatmap.magnitudes()).unwrap();
            let normal: Vec<f32> = values.iter().map(|v| (v - min) / (max - min)).collect();
            upsample(&normal, Size { height: h, width: w }, SIZE)
        };
        let worst =
            large(of_gpu).iter().zip(large(of_cpu)).fold(0.0_f32, |max, (a, b)| max.max((a - b).abs()));
        assert!(worst <= 2.0 / 255.0, "{network} {}: {worst}", of_cpu.method.name);
    }
    Ok(())
}

fn squeezenet_on_the_gpu() -> Result<(), Skip> {
    gpu_agrees_with_cpu("squeezenet1_1", None)?;
    gpu_agrees_with_cpu("squeezenet1_1", Some("features.9.expand3x3"))
}

fn mobilenet_on_the_gpu() -> Result<(), Skip> {
    gpu_agrees_with_cpu("mobilenet_v2_x0_25", None)?;
    gpu_agrees_with_cpu("mobilenet_v2_x0_25", Some("features.14.conv.1.0"))
}

fn resnet_on_the_gpu() -> Result<(), Skip> {
    gpu_agrees_with_cpu("resnet18", None)?;
    gpu_agrees_with_cpu("resnet18", Some("layer1"))
}

fn shufflenet_on_the_gpu() -> Result<(), Skip> {
    gpu_agrees_with_cpu("shufflenet_v2_x0_5", Some("stage3.2.branch2.3"))
}

/// The second map lies behind the first in one buffer, at an offset that a binding may not have.
fn each_of_several_classes_is_drawn_on_the_gpu() -> Result<(), Skip> {
    let gpu = common::gpu()?;
    let request = Request {
        classes: ClassSum::each([2, 7, 4]),
        methods: vec![cam::method("hires-cam").unwrap()],
        layers: vec!["features.17".into()],
        ..Request::default()
    };
    let explanation = explain(gpu.clone(), "mobilenet_v2_x0_25", &request);
    let grey = Picture::new(Size { height: 48, width: 64 }, vec![128; 3 * 64 * 48]).unwrap();
    let mut drawn = Vec::new();
    for heatmap in &explanation.heatmaps {
        let style = Style::default();
        let map = heatmap.magnitude();
        let found =
            pollster::block_on(render::gpu::overlay(gpu.wgpu().unwrap(), &grey, &map, &style)).unwrap();
        let expected = pollster::block_on(heatmap.draw(&grey, &style)).unwrap();
        let worst = found.rgb().iter().zip(expected.rgb()).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        assert!(worst <= 2, "class {}: {worst}", heatmap.class);
        drawn.push(found);
    }
    assert!(drawn[0] != drawn[1] && drawn[1] != drawn[2], "the maps differ");
    Ok(())
}

/// Means over several inputs of what several classes' gradients are, whose strides are not those of their shape.
fn several_classes_and_inputs_on_the_gpu() -> Result<(), Skip> {
    let gpu = common::gpu()?;
    let [on_gpu, on_cpu] = [gpu, Device::cpu()].map(|device| {
        let architecture = Architecture::named("mobilenet_v2_x0_25").unwrap();
        let network = architecture.load(&mut Hashed { classes: 10 }, device.tensors()).unwrap();
        let shape = [1, 3, SIZE.height, SIZE.width];
        // An input at which no ReLU of the network is within rounding of its edge, where gradients jump.
        let values = TensorData::new(Hashed::uniform("photo", &shape, 2.0), shape);
        let x = Tensor::from_data(values, device.tensors());
        let methods = [cam::method("integrated-gradients").unwrap()];
        let settings = "samples=4".parse().unwrap();
        let explainer = Explainer::new(network.as_ref(), vec!["features.18"], &methods).settings(&settings);
        let forward = explainer.forward(Tensor::clone(&x), 2);
        let attributions = pollster::block_on(explainer.explain(x, forward, &[2, 7])).unwrap();
        attributions[0].maps.to_data().try_to_vec::<f32>().unwrap()
    });
    let largest = on_cpu.iter().fold(0.0_f32, |max, v| max.max(v.abs()));
    let worst = on_gpu.iter().zip(&on_cpu).fold(0.0_f32, |max, (a, b)| max.max((a - b).abs()));
    assert!(worst <= 1e-4 * largest, "{worst} of {largest}");
    Ok(())
}

fn a_tensor_beyond_the_buffers_of_the_gpu_is_refused_with_the_sizes() -> Result<(), Skip> {
    let gpu = common::gpu()?;
    assert!(gpu.check_tensor("conv.weight", &[512, 512, 3, 3]).is_ok());
    // Linear layers are computed in parts.
    assert!(gpu.check_tensor("classifier.0.weight", &[4096, 25088]).is_ok());
    let error = gpu.check_tensor("conv.weight", &[1 << 16, 1 << 16, 3, 3]).unwrap_err();
    assert!(error.is_device(), "{error}");
    for words in ["`conv.weight`", "147456 MiB", "the CPU can compute"] {
        assert!(error.to_string().contains(words), "{error}");
    }
    assert!(Device::cpu().check_tensor("conv.weight", &[1 << 16, 1 << 16, 3, 3]).is_ok());
    Ok(())
}

fn gpu_and_cpu_draw_the_same_picture() -> Result<(), Skip> {
    let device = common::gpu()?;
    let size = Size { height: 37, width: 53 };
    let noise = Hashed::uniform("overlay", &[3 * 53 * 37], 127.5);
    let view = Picture::new(size, noise.iter().map(|v| (v + 127.5) as u8).collect()).unwrap();
    let map = Hashed::uniform("map", &[7, 5], 3.0);
    let tensor = Tensor::<2>::from_data(TensorData::new(map.clone(), [7, 5]), device.tensors());
    let setup = device.wgpu().unwrap();
    let mut worst = 0;
    for &formula in Formula::VARIANTS.iter().filter(|formula| !formula.is_raw()) {
        for &colormap in Colormap::VARIANTS {
            for (opacity, threshold) in [(0.5, 0.0), (1.0, 0.3), (0.0, 0.0), (0.8, 0.9)] {
                let style = Style { formula, colormap, opacity, threshold };
                let on_gpu = pollster::block_on(render::gpu::overlay(setup, &view, &tensor, &style)).unwrap();
                let on_cpu = render::draw(&view, &map, [1, 7, 5], &style);
                let pairs = on_gpu.rgb().iter().zip(on_cpu.rgb());
                let difference = pairs.map(|(a, b)| a.abs_diff(*b)).max().unwrap();
                assert!(difference <= 2, "{style:?}: {difference}");
                worst = worst.max(difference);
            }
        }
    }
    println!("GPU against CPU overlay: at most {worst}/255 over 128 styles");
    Ok(())
}

fn a_flat_map_is_zero_on_the_gpu_too() -> Result<(), Skip> {
    let device = common::gpu()?;
    let tensor = Tensor::<2>::full([2, 2], 7.5, device.tensors());
    let style = Style::heatmap(Colormap::Grey);
    let drawn =
        pollster::block_on(render::gpu::overlay(device.wgpu().unwrap(), &grey(9, 3, 2), &tensor, &style));
    assert_eq!(drawn.unwrap(), grey(0, 3, 2));
    Ok(())
}

fn a_part_of_a_larger_tensor_is_drawn_as_itself() -> Result<(), Skip> {
    let device = common::gpu()?;
    let stack = Hashed::uniform("stack", &[3, 4, 6], 1.0);
    let tensor = Tensor::<3>::from_data(TensorData::new(stack.clone(), [3, 4, 6]), device.tensors());
    let second: Tensor<2> = tensor.slice_dim(0, 1..2).squeeze_dim(0);
    let (view, style) = (grey(0, 30, 20), Style::heatmap(Colormap::Viridis));
    let drawn =
        pollster::block_on(render::gpu::overlay(device.wgpu().unwrap(), &view, &second, &style)).unwrap();
    let expected = render::draw(&view, &stack[24..48], [1, 4, 6], &style);
    let difference = drawn.rgb().iter().zip(expected.rgb()).map(|(a, b)| a.abs_diff(*b)).max();
    assert!(difference <= Some(2), "{difference:?}");
    Ok(())
}

fn the_gpu_refuses_formulas_that_it_cannot_draw() -> Result<(), Skip> {
    let device = common::gpu()?;
    let tensor = Tensor::<2>::full([2, 2], 1.0, device.tensors());
    let (setup, view) = (device.wgpu().unwrap(), grey(9, 3, 2));
    for &formula in Formula::VARIANTS.iter().filter(|formula| formula.is_raw()) {
        let style = Style { formula, ..Style::default() };
        let error = pollster::block_on(render::gpu::overlay(setup, &view, &tensor, &style)).unwrap_err();
        assert!(error.is_request() && error.to_string().contains("the CPU draws"), "{error}");
    }
    Ok(())
}
