// Vectorised work on rows of floats: the windows of SSIM, and Adam.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ajar::train::internal {

inline constexpr int kWindowRadius = 5;  // SSIM's 11-tap Gaussian, sigma 1.5
const float* WindowWeights();            // of offsets 0..kWindowRadius; the whole sums to 1

// out[x] = sum_k w[|k|] in[x + k], k in [-5, 5]; `in` is readable from -5 to count + 5 + 16.
void FilterRow(const float* in, size_t count, float* out);
// out[x] = sum_k w[|k|] rows[k + 5][x]; 11 rows, or only those at even or at odd k.
enum class Taps { kAll, kEven, kOdd };
void FilterColumn(const float* const* rows, Taps taps, size_t count, float* out);
// squares = x * x + y * y, xy = x * y.
void Products(const float* x, const float* y, size_t count, float* squares, float* xy);
// out = bytes / 255.
void UnitRow(const uint8_t* bytes, size_t count, float* out);

// How a camera changes a row of one channel: x = gain * (1 + a r2 + b r2^2) * render + offset, with
// r2 the squared distance from the picture's optical centre: (i + left)^2 * scale + below.
struct ToneOfRow {
  float gain, offset, a, b;
  float left, scale, below;
};
void ToneRow(const float* render, const ToneOfRow& tone, size_t count, float* x);
// d: dL/dx in, dL/drender out. sums[4] get dL/d gain, offset, a and b added.
void ToneGradientRow(const float* render, const ToneOfRow& tone, size_t count, float* d,
                     double* sums);

// Per pixel of a row, from the filtered x, y, x^2 + y^2 and x y: SSIM, and its derivatives with
// respect to the filtered x, x^2 and x y. `sum` gets the row's sum of SSIM added.
void SsimRow(const float* mx, const float* my, const float* squares, const float* xy, size_t count,
             float* d_mx, float* d_xx, float* d_xy, double* sum);

// d[x] = l1 * sign(x - y) + ssim * (f_mx + 2 x f_xx + y f_xy); sum gets |x - y| added.
void LossGradientRow(const float* x, const float* y, const float* f_mx, const float* f_xx,
                     const float* f_xy, size_t count, float l1, float ssim, float* d, double* sum);

// Adam (Kingma & Ba 2015), only where visible: m, v and value of `count` parameters (a multiple
// of 16), rate already corrected for both biases. `keep`: what a step leaves of the value besides
// (decoupled weight decay, Loshchilov & Hutter 2019).
struct AdamStep {
  float rate, beta1, beta2, epsilon;
  float keep = 1;
};
void AdamRow(const AdamStep& step, const float* gradient, const float* visible, size_t count,
             float* m, float* v, float* value);

}  // namespace ajar::train::internal
