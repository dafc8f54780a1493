// The overlay on the GPU: the same picture as overlay.rs draws.
//
// Three steps on one frame: `map_range` finds the range of the upsampled map, `seed_range` that of the mixture
// (formula `seed` only), `fragment` draws. Ranges are kept as integers that order as the numbers do.

struct Uniforms {
    // Rows and columns of the map.
    map: vec2<u32>,
    // Rows and columns of the view.
    view: vec2<u32>,
    // The number of a Formula that colours the map.
    formula: u32,
    opacity: f32,
    threshold: f32,
    fade: f32,
}

const BLEND = 0u;
const MASK_WEIGHTED = 1u;
const SEED = 2u;
const HEATMAP = 3u;
const STEPS = 256u;

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
@group(0) @binding(1) var<storage, read> raw_map: array<f32>;
@group(0) @binding(2) var view: texture_2d<f32>;
@group(0) @binding(3) var<uniform> colours: array<vec4<f32>, 256>;
// Minimum and maximum of the map, minimum and maximum of the mixture.
@group(0) @binding(4) var<storage, read_write> found: array<atomic<u32>, 4>;
@group(0) @binding(5) var<storage, read> ranges: array<u32, 4>;

fn ordered(value: f32) -> u32 {
    let bits = bitcast<u32>(value);
    return select(bits | 0x80000000u, ~bits, (bits & 0x80000000u) != 0u);
}

fn number(order: u32) -> f32 {
    return bitcast<f32>(select(~order, order & 0x7fffffffu, (order & 0x80000000u) != 0u));
}

// Bilinear with half-pixel centres, edges repeated.
fn upsampled(pixel: vec2<u32>) -> f32 {
    let size = vec2<f32>(uniforms.map.yx);
    let scale = size / vec2<f32>(uniforms.view.yx);
    let at = clamp((vec2<f32>(pixel) + 0.5) * scale - 0.5, vec2<f32>(0.0), size - 1.0);
    let first = vec2<u32>(at);
    let second = min(first + 1u, uniforms.map.yx - 1u);
    let share = at - vec2<f32>(first);
    let top = value(first.x, first.y) * (1.0 - share.x) + value(second.x, first.y) * share.x;
    let bottom = value(first.x, second.y) * (1.0 - share.x) + value(second.x, second.y) * share.x;
    return top * (1.0 - share.y) + bottom * share.y;
}

fn value(x: u32, y: u32) -> f32 {
    return raw_map[y * uniforms.map.y + x];
}

// Min-max to 0..1; zero where there is no range.
fn normalised(value: f32, lowest: f32, highest: f32) -> f32 {
    return select(0.0, (value - lowest) / (highest - lowest), highest > lowest);
}

fn colour(m: f32) -> vec3<f32> {
    let at = clamp(m, 0.0, 1.0) * f32(STEPS - 1u);
    let first = min(u32(at), STEPS - 2u);
    return mix(colours[first].rgb, colours[first + 1u].rgb, at - f32(first));
}

// The mixture, for `seed` not yet stretched.
fn mixture(pixel: vec2<u32>, lowest: f32, highest: f32) -> vec3<f32> {
    let m = normalised(upsampled(pixel), lowest, highest);
    let picture = textureLoad(view, pixel, 0).rgb;
    var shown = 1.0;
    if uniforms.threshold > 0.0 {
        shown = clamp((m - uniforms.threshold) / uniforms.fade, 0.0, 1.0);
    }
    switch uniforms.formula {
        case BLEND: { return mix(picture, colour(m), uniforms.opacity * shown); }
        case MASK_WEIGHTED: { return mix(picture, colour(m), uniforms.opacity * m * shown); }
        case SEED: { return picture + shown * colour(m); }
        case HEATMAP, default: { return shown * colour(m); }
    }
}

@compute @workgroup_size(8, 8)
fn map_range(@builtin(global_invocation_id) pixel: vec3<u32>) {
    if any(pixel.xy >= uniforms.view.yx) {
        return;
    }
    let order = ordered(upsampled(pixel.xy));
    atomicMin(&found[0], order);
    atomicMax(&found[1], order);
}

@compute @workgroup_size(8, 8)
fn seed_range(@builtin(global_invocation_id) pixel: vec3<u32>) {
    if any(pixel.xy >= uniforms.view.yx) {
        return;
    }
    let lowest = number(atomicLoad(&found[0]));
    let highest = number(atomicLoad(&found[1]));
    let mixed = mixture(pixel.xy, lowest, highest);
    atomicMin(&found[2], ordered(min(mixed.r, min(mixed.g, mixed.b))));
    atomicMax(&found[3], ordered(max(mixed.r, max(mixed.g, mixed.b))));
}

@vertex
fn vertex(@builtin(vertex_index) index: u32) -> @builtin(position) vec4<f32> {
    // One triangle that covers the frame.
    let corner = vec2<f32>(f32(index & 1u), f32(index >> 1u));
    return vec4<f32>(corner * 4.0 - 1.0, 0.0, 1.0);
}

@fragment
fn fragment(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let mixed = mixture(vec2<u32>(position.xy), number(ranges[0]), number(ranges[1]));
    if uniforms.formula != SEED {
        return vec4<f32>(mixed, 1.0);
    }
    let lowest = number(ranges[2]);
    let highest = number(ranges[3]);
    return vec4<f32>(
        normalised(mixed.r, lowest, highest),
        normalised(mixed.g, lowest, highest),
        normalised(mixed.b, lowest, highest),
        1.0,
    );
}
