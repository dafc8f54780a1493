//! Forward pass and Grad-CAM of each network on the CPU, one picture of 224 × 224.

use std::hint::black_box;

use burn::tensor::{Tensor, TensorData};
use cam_lucida::cam::{self, Forward, Target};
use cam_lucida::network::{NETWORKS, Tap};
use cam_lucida::weights::Hashed;
use cam_lucida::{Device, Problem};
use criterion::{Criterion, criterion_group, criterion_main};

fn explain(criterion: &mut Criterion) {
    let device = Device::cpu();
    let shape = [1, 3, 224, 224];
    let picture = TensorData::new(Hashed::uniform("picture", &shape, 2.0), shape);
    let picture = Tensor::<4>::from_data(picture, device.tensors());
    let grad_cam = cam::method("grad-cam").expect("it is in the table");
    for architecture in NETWORKS {
        let network = architecture.load(&mut Hashed { classes: 1000 }, device.tensors());
        let network = network.expect("hashed weights fit any network");
        let mut group = criterion.benchmark_group(architecture.name);
        group.sample_size(10);
        group.bench_function("forward", |bencher| {
            bencher.iter(|| black_box(network.forward(picture.clone(), &mut Tap::at_layers(&[])).into_data()))
        });
        group.bench_function("grad-cam", |bencher| {
            bencher.iter(|| {
                let layers = [architecture.default_layer];
                let forward = Forward::run(network.as_ref(), picture.clone(), &layers, 1, true);
                let layers = forward
                    .explain(&[243], Target::Logit, Problem::SingleLabel, None)
                    .expect("the default layer exists");
                let maps = grad_cam.map_layer(&layers[0]).expect("one pass is enough");
                black_box(maps.expect("it is defined everywhere").into_data())
            })
        });
    }
}

criterion_group!(benches, explain);
criterion_main!(benches);
