#include "splat/internal/kernels/project.h"

#include "scene/splat_convention.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "splat/internal/kernels/project.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "hwy/contrib/math/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ajar::splat::internal {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// At most 16 lanes, so that blocks of kBlockSplats are whole vectors everywhere.
using D = hn::CappedTag<float, 16>;
using V = hn::Vec<D>;

HWY_INLINE V C(float value) { return hn::Set(D(), value); }

struct Vec3V {
  V x, y, z;
};
HWY_INLINE V Dot(const Vec3V& a, const Vec3V& b) {
  return hn::MulAdd(a.x, b.x, hn::MulAdd(a.y, b.y, a.z * b.z));
}
HWY_INLINE Vec3V Scaled(const Vec3V& a, V s) { return {a.x * s, a.y * s, a.z * s}; }
HWY_INLINE Vec3V Sum(const Vec3V& a, const Vec3V& b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
HWY_INLINE Vec3V Row(const float* m) { return {C(m[0]), C(m[1]), C(m[2])}; }

// Everything the projection computes on its way, in the names of splat_convention.h.
struct Projection {
  Vec3V x;                        // mean in the camera
  V inv_z, u, v;                  // projected mean, pixels
  V inv_norm;                     // of the quaternion
  V qw, qx, qy, qz;               // normalised
  Vec3V r0, r1, r2;               // rows of the splat's rotation
  Vec3V scale;
  Vec3V m0, m1, m2;               // rows of rotation * scale
  V j00, j02, j11, j12;           // perspective Jacobian
  Vec3V t0, t1;                   // rows of J W
  Vec3V a0, a1;                   // rows of J W R S: Sigma_2d = A A^T
  V s00, s01, s11, det0, det1, inv_det1, compensation;
  V sigmoid;
};

HWY_INLINE Projection ProjectMean(const SplatPlanes& splats, size_t i,
                                  const ProjectionCamera& camera) {
  const D d;
  Projection p;
  const Vec3V mean{hn::Load(d, splats.plane(kMean) + i), hn::Load(d, splats.plane(kMean + 1) + i),
                   hn::Load(d, splats.plane(kMean + 2) + i)};
  p.x = {Dot(Row(camera.rotation), mean) + C(camera.translation[0]),
         Dot(Row(camera.rotation + 3), mean) + C(camera.translation[1]),
         Dot(Row(camera.rotation + 6), mean) + C(camera.translation[2])};
  p.inv_z = C(1.0f) / p.x.z;
  p.u = hn::MulAdd(C(camera.fx) * p.x.x, p.inv_z, C(camera.cx));
  p.v = hn::MulAdd(C(camera.fy) * p.x.y, p.inv_z, C(camera.cy));
  return p;
}

HWY_INLINE void ProjectShape(const SplatPlanes& splats, size_t i, const ProjectionCamera& camera,
                             Projection& p) {
  const D d;
  const V w = hn::Load(d, splats.plane(kRotation) + i);
  const V x = hn::Load(d, splats.plane(kRotation + 1) + i);
  const V y = hn::Load(d, splats.plane(kRotation + 2) + i);
  const V z = hn::Load(d, splats.plane(kRotation + 3) + i);
  const V norm2 = hn::MulAdd(w, w, hn::MulAdd(x, x, hn::MulAdd(y, y, z * z)));
  p.inv_norm = C(1.0f) / hn::Sqrt(hn::Max(norm2, C(1e-24f)));
  p.qw = w * p.inv_norm;
  p.qx = x * p.inv_norm;
  p.qy = y * p.inv_norm;
  p.qz = z * p.inv_norm;
  const V one = C(1.0f), two = C(2.0f);
  p.r0 = {one - two * (p.qy * p.qy + p.qz * p.qz), two * (p.qx * p.qy - p.qw * p.qz),
          two * (p.qx * p.qz + p.qw * p.qy)};
  p.r1 = {two * (p.qx * p.qy + p.qw * p.qz), one - two * (p.qx * p.qx + p.qz * p.qz),
          two * (p.qy * p.qz - p.qw * p.qx)};
  p.r2 = {two * (p.qx * p.qz - p.qw * p.qy), two * (p.qy * p.qz + p.qw * p.qx),
          one - two * (p.qx * p.qx + p.qy * p.qy)};
  p.scale = {hn::Exp(d, hn::Load(d, splats.plane(kScale) + i)),
             hn::Exp(d, hn::Load(d, splats.plane(kScale + 1) + i)),
             hn::Exp(d, hn::Load(d, splats.plane(kScale + 2) + i))};
  const auto times_scale = [&](const Vec3V& r) {
    return Vec3V{r.x * p.scale.x, r.y * p.scale.y, r.z * p.scale.z};
  };
  p.m0 = times_scale(p.r0);
  p.m1 = times_scale(p.r1);
  p.m2 = times_scale(p.r2);

  p.j00 = C(camera.fx) * p.inv_z;
  p.j11 = C(camera.fy) * p.inv_z;
  p.j02 = hn::Neg(p.j00 * p.x.x * p.inv_z);
  p.j12 = hn::Neg(p.j11 * p.x.y * p.inv_z);
  const Vec3V w0 = Row(camera.rotation), w1 = Row(camera.rotation + 3),
              w2 = Row(camera.rotation + 6);
  p.t0 = Sum(Scaled(w0, p.j00), Scaled(w2, p.j02));
  p.t1 = Sum(Scaled(w1, p.j11), Scaled(w2, p.j12));
  const auto times_m = [&](const Vec3V& t) {
    return Sum(Sum(Scaled(p.m0, t.x), Scaled(p.m1, t.y)), Scaled(p.m2, t.z));
  };
  p.a0 = times_m(p.t0);
  p.a1 = times_m(p.t1);
  p.s00 = Dot(p.a0, p.a0);
  p.s01 = Dot(p.a0, p.a1);
  p.s11 = Dot(p.a1, p.a1);
  // det(A A^T) = |a0 x a1|^2: no cancellation for thin splats.
  const Vec3V cross{p.a0.y * p.a1.z - p.a0.z * p.a1.y, p.a0.z * p.a1.x - p.a0.x * p.a1.z,
                    p.a0.x * p.a1.y - p.a0.y * p.a1.x};
  p.det0 = Dot(cross, cross);
  const V filter = C(kScreenFilterPx2);
  p.det1 = hn::MulAdd(filter, p.s00 + p.s11, p.det0) + C(kScreenFilterPx2 * kScreenFilterPx2);
  p.inv_det1 = one / p.det1;
  p.compensation = hn::Sqrt(p.det0 * p.inv_det1);
  const V logit = hn::Load(d, splats.plane(kOpacity) + i);
  p.sigmoid = one / (one + hn::Exp(d, hn::Neg(logit)));
}

// The screen covariance with its filter, after the limit on a splat's size.
struct ScreenShape {
  V s00, s01, s11, inv_det;
  hn::Mask<D> limited;
};
HWY_INLINE ScreenShape Shape(const Projection& p, const ProjectionCamera& camera) {
  const V filter = C(kScreenFilterPx2);
  ScreenShape shape{p.s00 + filter, p.s01, p.s11 + filter, p.inv_det1, {}};
  const V limit = C(camera.max_variance_px2);
  const V mid = C(0.5f) * (shape.s00 + shape.s11), half = C(0.5f) * (shape.s00 - shape.s11);
  const V radius = hn::Sqrt(hn::MulAdd(half, half, p.s01 * p.s01));
  const V long_axis = mid + radius;
  shape.limited = hn::Gt(long_axis, limit);
  if (hn::AllFalse(D(), shape.limited)) return shape;
  // S' = b' I + (a' - b') / (a - b) (S - b I) for axes a >= b shortened to a', b'.
  const V short_axis = hn::Max(mid - radius, C(0.1f));
  const V a = hn::Min(long_axis, limit), b = hn::Min(short_axis, limit);
  const V ratio = (a - b) / hn::Max(long_axis - short_axis, C(1e-6f));
  const V s00 = hn::MulAdd(ratio, shape.s00 - short_axis, b);
  const V s11 = hn::MulAdd(ratio, shape.s11 - short_axis, b);
  const V s01 = ratio * p.s01;
  shape.s00 = hn::IfThenElse(shape.limited, s00, shape.s00);
  shape.s01 = hn::IfThenElse(shape.limited, s01, shape.s01);
  shape.s11 = hn::IfThenElse(shape.limited, s11, shape.s11);
  shape.inv_det = hn::IfThenElse(shape.limited, C(1.0f) / hn::Max(a * b, C(1e-20f)), p.inv_det1);
  return shape;
}

struct Direction {
  Vec3V unit;
  V inv_length;
};
HWY_INLINE Direction ViewDirection(const SplatPlanes& splats, size_t i,
                                   const ProjectionCamera& camera) {
  const D d;
  const Vec3V to{hn::Load(d, splats.plane(kMean) + i) - C(camera.centre[0]),
                 hn::Load(d, splats.plane(kMean + 1) + i) - C(camera.centre[1]),
                 hn::Load(d, splats.plane(kMean + 2) + i) - C(camera.centre[2])};
  const V inv = C(1.0f) / hn::Sqrt(hn::Max(Dot(to, to), C(1e-24f)));
  return {Scaled(to, inv), inv};
}

// The real harmonics of splat_convention.h, for a vector of directions.
HWY_INLINE void Basis(int degree, const Vec3V& n, V* b) {
  b[0] = C(kShC0);
  if (degree < 1) return;
  const V x = n.x, y = n.y, z = n.z;
  const V c1 = C(0.4886025119029199f);
  b[1] = hn::Neg(c1 * y);
  b[2] = c1 * z;
  b[3] = hn::Neg(c1 * x);
  if (degree < 2) return;
  const V xx = x * x, yy = y * y, zz = z * z;
  b[4] = C(1.0925484305920792f) * x * y;
  b[5] = C(-1.0925484305920792f) * y * z;
  b[6] = C(0.31539156525252005f) * (zz + zz - xx - yy);
  b[7] = C(-1.0925484305920792f) * x * z;
  b[8] = C(0.5462742152960396f) * (xx - yy);
  if (degree < 3) return;
  const V three = C(3.0f), four = C(4.0f), two = C(2.0f);
  b[9] = C(-0.5900435899266435f) * y * (three * xx - yy);
  b[10] = C(2.890611442640554f) * x * y * z;
  b[11] = C(-0.4570457994644658f) * y * (four * zz - xx - yy);
  b[12] = C(0.3731763325901154f) * z * (two * zz - three * xx - three * yy);
  b[13] = C(-0.4570457994644658f) * x * (four * zz - xx - yy);
  b[14] = C(1.445305721320277f) * z * (xx - yy);
  b[15] = C(-0.5900435899266435f) * x * (xx - three * yy);
}

// Sum over k of w[k] times the gradient of basis k at n.
HWY_INLINE Vec3V BasisGradient(int degree, const Vec3V& n, const V* w) {
  Vec3V g{C(0), C(0), C(0)};
  if (degree < 1) return g;
  const V x = n.x, y = n.y, z = n.z;
  const float c1 = 0.4886025119029199f;
  g.x = g.x - C(c1) * w[3];
  g.y = g.y - C(c1) * w[1];
  g.z = g.z + C(c1) * w[2];
  if (degree < 2) return g;
  const V a = C(1.0925484305920792f), b = C(2 * 0.31539156525252005f),
          e = C(2 * 0.5462742152960396f);
  g.x = g.x + a * (y * w[4] - z * w[7]) - b * x * w[6] + e * x * w[8];
  g.y = g.y + a * (x * w[4] - z * w[5]) - b * y * w[6] - e * y * w[8];
  g.z = g.z - a * (y * w[5] + x * w[7]) + C(2.0f) * b * z * w[6];
  if (degree < 3) return g;
  const V xx = x * x, yy = y * y, zz = z * z, xy = x * y, yz = y * z, xz = x * z;
  const V w9 = C(-0.5900435899266435f) * w[9], w10 = C(2.890611442640554f) * w[10],
          w11 = C(-0.4570457994644658f) * w[11], w12 = C(0.3731763325901154f) * w[12],
          w13 = C(-0.4570457994644658f) * w[13], w14 = C(1.445305721320277f) * w[14],
          w15 = C(-0.5900435899266435f) * w[15];
  const V two = C(2.0f), three = C(3.0f), four = C(4.0f), six = C(6.0f), eight = C(8.0f);
  g.x = g.x + six * xy * w9 + yz * w10 - two * xy * w11 - six * xz * w12 +
        (four * zz - three * xx - yy) * w13 + two * xz * w14 + three * (xx - yy) * w15;
  g.y = g.y + three * (xx - yy) * w9 + xz * w10 + (four * zz - xx - three * yy) * w11 -
        six * yz * w12 - two * xy * w13 - two * yz * w14 - six * xy * w15;
  g.z = g.z + xy * w10 + eight * yz * w11 + three * (two * zz - xx - yy) * w12 + eight * xz * w13 +
        (xx - yy) * w14;
  return g;
}

HWY_INLINE void Colour(const SplatPlanes& splats, size_t i, int degree, const V* basis, V* rgb) {
  const D d;
  for (int c = 0; c < 3; ++c) rgb[c] = C(0.5f);
  for (int k = 0; k < ShCoefficientCount(degree); ++k) {
    for (int c = 0; c < 3; ++c) {
      rgb[c] = hn::MulAdd(basis[k], hn::Load(d, splats.plane(kSh + k * 3 + c) + i), rgb[c]);
    }
  }
}

size_t ProjectBlock(const SplatPlanes& splats, size_t begin, const ProjectionCamera& camera,
                    int sh_degree, Projected* out) {
  const D d;
  const size_t lanes = hn::Lanes(d);
  size_t count = 0;
  const V zero = hn::Zero(d);
  for (size_t i = begin; i < begin + kBlockSplats; i += lanes) {
    Projection p = ProjectMean(splats, i, camera);
    auto visible = hn::Gt(p.x.z, C(camera.near_su));
    if (hn::AllFalse(d, visible)) continue;
    ProjectShape(splats, i, camera, p);
    const V opacity = p.sigmoid * p.compensation;
    visible = hn::And(visible, hn::Gt(opacity, C(kMinAlpha)));
    const V reach = C(kMinAlpha / kFalloffScale) / hn::Max(opacity, C(kMinAlpha)) +
                    C(kFalloffFloor);
    const V max_q = hn::Max(zero, C(-2.0f) * hn::Log(d, reach));
    const ScreenShape shape = Shape(p, camera);
    const V half_u = hn::Sqrt(max_q * shape.s00), half_v = hn::Sqrt(max_q * shape.s11);
    visible = hn::And(visible, hn::And(hn::Gt(p.u + half_u, zero), hn::Gt(p.v + half_v, zero)));
    visible = hn::And(visible,
                      hn::And(hn::Lt(p.u - half_u, C(static_cast<float>(camera.width))),
                              hn::Lt(p.v - half_v, C(static_cast<float>(camera.height)))));
    // A splat whose numbers overflowed is not drawn.
    visible = hn::And(visible, hn::Lt(p.det1, C(1e30f)));
    if (hn::AllFalse(d, visible)) continue;

    V basis[16], rgb[3];
    Basis(sh_degree, ViewDirection(splats, i, camera).unit, basis);
    Colour(splats, i, sh_degree, basis, rgb);

    constexpr size_t kMost = 16;
    alignas(64) float store[11][kMost];
    alignas(64) float flag[kMost];
    const V values[11] = {p.u, p.v, shape.s11 * shape.inv_det,
                          hn::Neg(shape.s01 * shape.inv_det), shape.s00 * shape.inv_det, opacity,
                          hn::Max(zero, rgb[0]),
                          hn::Max(zero, rgb[1]), hn::Max(zero, rgb[2]), max_q, p.x.z};
    for (int k = 0; k < 11; ++k) hn::Store(values[k], d, store[k]);
    hn::Store(hn::IfThenElseZero(visible, C(1.0f)), d, flag);
    for (size_t lane = 0; lane < lanes; ++lane) {
      if (flag[lane] == 0) continue;
      Projected& o = out[count++];
      o.mean_px[0] = store[0][lane];
      o.mean_px[1] = store[1][lane];
      for (int k = 0; k < 3; ++k) o.conic[k] = store[2 + k][lane];
      o.opacity = store[5][lane];
      for (int k = 0; k < 3; ++k) o.colour[k] = store[6 + k][lane];
      o.max_q = store[9][lane];
      o.depth = store[10][lane];
      o.splat = static_cast<uint32_t>(i + lane);
    }
  }
  return count;
}

void ProjectBlockBackward(const SplatPlanes& splats, size_t begin, const ProjectionCamera& camera,
                          int sh_degree, const float* HWY_RESTRICT raster,
                          float* HWY_RESTRICT gradients, float* HWY_RESTRICT camera_gradient) {
  const D d;
  const size_t lanes = hn::Lanes(d);
  const V zero = hn::Zero(d);
  const int planes = splats.planes();
  const int used = PlaneCount(sh_degree);
  V turn_x = zero, turn_y = zero, turn_z = zero, move_x = zero, move_y = zero, move_z = zero;
  for (size_t lane = 0; lane < kBlockSplats; lane += lanes) {
    const size_t i = begin + lane;
    const auto visible =
        hn::Gt(hn::Load(d, raster + kPixelGradients * kBlockSplats + lane), zero);
    const auto put = [&](int plane, V value) {
      hn::Store(hn::IfThenElseZero(visible, value), d,
                gradients + static_cast<size_t>(plane) * kBlockSplats + lane);
    };
    if (hn::AllFalse(d, visible)) {
      for (int plane = 0; plane < planes; ++plane) put(plane, zero);
      continue;
    }
    V g[kPixelGradients];
    for (int k = 0; k < kPixelGradients; ++k) {
      g[k] = hn::Load(d, raster + static_cast<size_t>(k) * kBlockSplats + lane);
    }
    Projection p = ProjectMean(splats, i, camera);
    ProjectShape(splats, i, camera, p);

    // Colour: harmonics, and the mean through the direction.
    const Direction direction = ViewDirection(splats, i, camera);
    V basis[16], rgb[3], w[16];
    Basis(sh_degree, direction.unit, basis);
    Colour(splats, i, sh_degree, basis, rgb);
    for (int c = 0; c < 3; ++c) rgb[c] = hn::IfThenElseZero(hn::Gt(rgb[c], zero), g[6 + c]);
    for (int k = 0; k < ShCoefficientCount(sh_degree); ++k) {
      w[k] = zero;
      for (int c = 0; c < 3; ++c) {
        w[k] = hn::MulAdd(rgb[c], hn::Load(d, splats.plane(kSh + k * 3 + c) + i), w[k]);
        put(kSh + k * 3 + c, basis[k] * rgb[c]);
      }
    }
    for (int plane = used; plane < planes; ++plane) put(plane, zero);
    const Vec3V d_unit = BasisGradient(sh_degree, direction.unit, w);
    const V radial = Dot(d_unit, direction.unit);
    const Vec3V through_direction{
        (d_unit.x - direction.unit.x * radial) * direction.inv_length,
        (d_unit.y - direction.unit.y * radial) * direction.inv_length,
        (d_unit.z - direction.unit.z * radial) * direction.inv_length};

    // Opacity and its compensation sqrt(det0 / det1).
    const V one = C(1.0f), two = C(2.0f), half = C(0.5f);
    put(kOpacity, g[5] * p.compensation * p.sigmoid * (one - p.sigmoid));
    const V ratio = p.det0 * p.inv_det1;
    const V d_ratio = half * g[5] * p.sigmoid / hn::Max(p.compensation, C(1e-3f));
    const V filter = C(kScreenFilterPx2);
    const V s00 = p.s00 + filter, s11 = p.s11 + filter;
    V g00 = d_ratio * (p.s11 - ratio * s11) * p.inv_det1;
    V g11 = d_ratio * (p.s00 - ratio * s00) * p.inv_det1;
    V g01 = d_ratio * two * (ratio - one) * p.s01 * p.inv_det1;
    // Conic = S^-1: dS = -S^-1 G S^-1.
    const V a = s11 * p.inv_det1, b = hn::Neg(p.s01 * p.inv_det1), c = s00 * p.inv_det1;
    // A splat cut to the greatest size does not learn its shape from this picture.
    const auto limited = Shape(p, camera).limited;
    const V ga = hn::IfThenZeroElse(limited, g[2]), gb = hn::IfThenZeroElse(limited, half * g[3]),
            gc = hn::IfThenZeroElse(limited, g[4]);
    const V ga_a = ga * a + gb * b, ga_b = ga * b + gb * c;
    const V gb_a = gb * a + gc * b, gb_b = gb * b + gc * c;
    g00 = g00 - (a * ga_a + b * gb_a);
    g01 = g01 - two * (a * ga_b + b * gb_b);
    g11 = g11 - (b * ga_b + c * gb_b);

    // Sigma_2d = A A^T, A = T M, M = R S.
    const Vec3V da0 = Sum(Scaled(p.a0, two * g00), Scaled(p.a1, g01));
    const Vec3V da1 = Sum(Scaled(p.a1, two * g11), Scaled(p.a0, g01));
    const Vec3V dt0{Dot(da0, p.m0), Dot(da0, p.m1), Dot(da0, p.m2)};
    const Vec3V dt1{Dot(da1, p.m0), Dot(da1, p.m1), Dot(da1, p.m2)};
    const Vec3V dm0 = Sum(Scaled(da0, p.t0.x), Scaled(da1, p.t1.x));
    const Vec3V dm1 = Sum(Scaled(da0, p.t0.y), Scaled(da1, p.t1.y));
    const Vec3V dm2 = Sum(Scaled(da0, p.t0.z), Scaled(da1, p.t1.z));
    put(kScale + 0, p.scale.x * (dm0.x * p.r0.x + dm1.x * p.r1.x + dm2.x * p.r2.x));
    put(kScale + 1, p.scale.y * (dm0.y * p.r0.y + dm1.y * p.r1.y + dm2.y * p.r2.y));
    put(kScale + 2, p.scale.z * (dm0.z * p.r0.z + dm1.z * p.r1.z + dm2.z * p.r2.z));

    // Rotation: matrix to unit quaternion, then through the normalisation.
    const auto by_scale = [&](const Vec3V& m) {
      return Vec3V{m.x * p.scale.x, m.y * p.scale.y, m.z * p.scale.z};
    };
    const Vec3V q0 = by_scale(dm0), q1 = by_scale(dm1), q2 = by_scale(dm2);
    const V dw = two * (p.qx * (q2.y - q1.z) + p.qy * (q0.z - q2.x) + p.qz * (q1.x - q0.y));
    const V dx = two * (p.qy * (q0.y + q1.x) + p.qz * (q0.z + q2.x) + p.qw * (q2.y - q1.z) -
                        two * p.qx * (q1.y + q2.z));
    const V dy = two * (p.qx * (q0.y + q1.x) + p.qz * (q1.z + q2.y) + p.qw * (q0.z - q2.x) -
                        two * p.qy * (q0.x + q2.z));
    const V dz = two * (p.qx * (q0.z + q2.x) + p.qy * (q1.z + q2.y) + p.qw * (q1.x - q0.y) -
                        two * p.qz * (q0.x + q1.y));
    const V along = dw * p.qw + dx * p.qx + dy * p.qy + dz * p.qz;
    put(kRotation + 0, (dw - along * p.qw) * p.inv_norm);
    put(kRotation + 1, (dx - along * p.qx) * p.inv_norm);
    put(kRotation + 2, (dy - along * p.qy) * p.inv_norm);
    put(kRotation + 3, (dz - along * p.qz) * p.inv_norm);

    // T = J W, and the projected mean: the mean in the camera.
    const Vec3V w0 = Row(camera.rotation), w1 = Row(camera.rotation + 3),
                w2 = Row(camera.rotation + 6);
    const V dj00 = Dot(dt0, w0), dj02 = Dot(dt0, w2);
    const V dj11 = Dot(dt1, w1), dj12 = Dot(dt1, w2);
    Vec3V dc;
    dc.x = g[0] * p.j00 - dj02 * p.j00 * p.inv_z;
    dc.y = g[1] * p.j11 - dj12 * p.j11 * p.inv_z;
    dc.z = g[0] * p.j02 + g[1] * p.j12 -
           p.inv_z * (dj00 * p.j00 + dj11 * p.j11 + two * (dj02 * p.j02 + dj12 * p.j12));
    put(kMean + 0, through_direction.x + dc.x * w0.x + dc.y * w1.x + dc.z * w2.x);
    put(kMean + 1, through_direction.y + dc.x * w0.y + dc.y * w1.y + dc.z * w2.y);
    put(kMean + 2, through_direction.z + dc.x * w0.z + dc.y * w1.z + dc.z * w2.z);

    // The camera: x_in_cam becomes x + turn x + move; W turns with it, and moving it changes the
    // direction of view.
    const Vec3V dw0 = Scaled(dt0, p.j00), dw1 = Scaled(dt1, p.j11);
    const Vec3V dw2 = Sum(Scaled(dt0, p.j02), Scaled(dt1, p.j12));
    const auto add = [&](V& sum, V value) { sum = sum + hn::IfThenElseZero(visible, value); };
    add(turn_x, p.x.y * dc.z - p.x.z * dc.y + Dot(w1, dw2) - Dot(w2, dw1));
    add(turn_y, p.x.z * dc.x - p.x.x * dc.z + Dot(w2, dw0) - Dot(w0, dw2));
    add(turn_z, p.x.x * dc.y - p.x.y * dc.x + Dot(w0, dw1) - Dot(w1, dw0));
    add(move_x, dc.x + Dot(w0, through_direction));
    add(move_y, dc.y + Dot(w1, through_direction));
    add(move_z, dc.z + Dot(w2, through_direction));
  }
  const V sums[6] = {turn_x, turn_y, turn_z, move_x, move_y, move_z};
  for (int k = 0; k < 6; ++k) camera_gradient[k] = hn::GetLane(hn::SumOfLanes(d, sums[k]));
}

const char* InstructionSet() { return hwy::TargetName(HWY_TARGET); }

}  // namespace HWY_NAMESPACE
}  // namespace ajar::splat::internal
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ajar::splat::internal {
HWY_EXPORT(ProjectBlock);
HWY_EXPORT(ProjectBlockBackward);
HWY_EXPORT(InstructionSet);

size_t ProjectBlock(const SplatPlanes& splats, size_t begin, const ProjectionCamera& camera,
                    int sh_degree, Projected* out) {
  return HWY_DYNAMIC_DISPATCH(ProjectBlock)(splats, begin, camera, sh_degree, out);
}
void ProjectBlockBackward(const SplatPlanes& splats, size_t begin, const ProjectionCamera& camera,
                          int sh_degree, const float* raster, float* gradients,
                          float* camera_gradient) {
  HWY_DYNAMIC_DISPATCH(ProjectBlockBackward)
  (splats, begin, camera, sh_degree, raster, gradients, camera_gradient);
}
const char* InstructionSet() { return HWY_DYNAMIC_DISPATCH(InstructionSet)(); }

}  // namespace ajar::splat::internal
#endif
