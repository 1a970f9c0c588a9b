// src/scene/splat_convention.h in plain double precision: what a canvas must show.

const background = [0x14, 0x11, 0x0f].map((value) => value / 255);
const screenFilter_px2 = 0.3;
const floor = Math.exp(-4);

function rotationMatrix([w, x, y, z]) {
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  ];
}
const transpose = (m) => m[0].map((_, j) => m.map((row) => row[j]));
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
const multiply = (a, b) => a.map((row) => transpose(b).map((column) => dot(row, column)));

function harmonicsBasis([x, y, z]) {
  const [xx, yy, zz, xy, yz, xz] = [x * x, y * y, z * z, x * y, y * z, x * z];
  const c1 = 0.4886025119029199;
  return [
    -c1 * y, c1 * z, -c1 * x,
    1.0925484305920792 * xy, -1.0925484305920792 * yz, 0.31539156525252005 * (2 * zz - xx - yy),
    -1.0925484305920792 * xz, 0.5462742152960396 * (xx - yy),
    -0.5900435899266435 * y * (3 * xx - yy), 2.890611442640554 * xy * z,
    -0.4570457994644658 * y * (4 * zz - xx - yy),
    0.3731763325901154 * z * (2 * zz - 3 * xx - 3 * yy),
    -0.4570457994644658 * x * (4 * zz - xx - yy), 1.445305721320277 * z * (xx - yy),
    -0.5900435899266435 * x * (xx - 3 * yy),
  ];
}

const det = (m) => m[0][0] * m[1][1] - m[0][1] * m[1][0];

// A symmetric matrix with both eigenvalues at most `most`.
function cut(m, most) {
  const middle = (m[0][0] + m[1][1]) / 2;
  const radius = Math.hypot((m[0][0] - m[1][1]) / 2, m[0][1]);
  if (middle + radius <= most) return m;
  const angle = Math.atan2(2 * m[0][1], m[0][0] - m[1][1]) / 2;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const [a, b] = [middle + radius, middle - radius].map((value) => Math.min(value, most));
  return [[a * c * c + b * s * s, (a - b) * c * s], [(a - b) * c * s, a * s * s + b * c * c]];
}

// One splat on the screen: where, how wide, how opaque, of what colour.
function project(splat, camera) {
  const { position, rotation_wxyz, fov_deg, width, height } = camera;
  const focal = height / 2 / Math.tan((fov_deg * Math.PI) / 360);
  const roomFromCamera = rotationMatrix(rotation_wxyz);
  const way = splat.position.map((value, i) => value - position[i]);
  // x right, y down, z forward.
  const axes = transpose(roomFromCamera).map((axis, i) => axis.map((v) => (i === 0 ? v : -v)));
  const [x, y, z] = axes.map((axis) => dot(axis, way));
  const jacobian = [[focal / z, 0, (-focal * x) / (z * z)], [0, focal / z, (-focal * y) / (z * z)]];
  const shape = rotationMatrix(splat.rotation).map((row) => row.map((v, i) => v * splat.scale[i]));
  const t = multiply(multiply(jacobian, axes), shape);
  const cov = multiply(t, transpose(t));
  const filtered = [
    [cov[0][0] + screenFilter_px2, cov[0][1]],
    [cov[1][0], cov[1][1] + screenFilter_px2],
  ];
  const opacity = splat.opacity * Math.sqrt(Math.max(0, det(cov) / det(filtered)));
  const seen = cut(filtered, Math.min(1024, width, height) ** 2 / 2);
  const length = Math.hypot(...way);
  const basis = harmonicsBasis(way.map((value) => value / length));
  const colour = splat.colour.map((value, channel) => Math.max(0, value +
    (splat.harmonics ?? []).reduce((sum, rgb, k) => sum + rgb[channel] * basis[k], 0)));
  const inverse = [seen[1][1], -seen[0][1], seen[0][0]].map((value) => value / det(seen));
  return { u: width / 2 + (focal * x) / z, v: height / 2 + (focal * y) / z, z, inverse, opacity,
    colour };
}

// RGB of every pixel, 0 to 255, not rounded.
export function render(splats, camera) {
  const drawn = splats.map((splat) => project(splat, camera)).filter(({ z }) => z > 0)
    .sort((a, b) => a.z - b.z);
  const picture = [];
  for (let row = 0; row < camera.height; row++) {
    for (let column = 0; column < camera.width; column++) {
      let left = 1;
      const pixel = [0, 0, 0];
      for (const { u, v, inverse, opacity, colour } of drawn) {
        const [dx, dy] = [column + 0.5 - u, row + 0.5 - v];
        const q = inverse[0] * dx * dx + 2 * inverse[1] * dx * dy + inverse[2] * dy * dy;
        if (q > 8) continue;
        const alpha = Math.min(0.999, (opacity * (Math.exp(-q / 2) - floor)) / (1 - floor));
        if (alpha < 1 / 255) continue;
        colour.forEach((value, i) => (pixel[i] += left * alpha * Math.min(1, value)));
        left *= 1 - alpha;
      }
      picture.push(...pixel.map((value, i) => 255 * Math.min(1, value + left * background[i])));
    }
  }
  return picture;
}
